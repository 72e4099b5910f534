"""Who is asked to consent to a child in need plan, what each answered, and whether that is enough."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from accounts.enums import Role
from accounts.models import User
from deadlines.policies import policy_for
from families.enums import Answer
from families.models import Person
from families.selectors.people import adults_for, holders_of_responsibility
from plans.access import PLAN_RULE
from plans.models import CinMember, Consent, ConsentMatter, Plan
from plans.selectors.managers import managers_of

YOUNG_PERSON = 16


@dataclass(frozen=True)
class AskedPerson:
    """Someone who is asked, with the answer that counts and the matters that it raised; None while not recorded."""

    person: Person
    consent: Consent | None

    @property
    def agrees(self) -> bool:
        return self.consent is not None and self.consent.answer == Answer.YES and self.consent.withdrawn_on is None


def people_asked(plan: Plan, *, on: datetime.date) -> list[Person]:
    """Return who is asked on a day: holders of parental responsibility, and young people themselves from 16.

    For an unborn child the mother alone. Where no one is recorded as having it, the adults around the child.
    """
    child = plan.child
    if child.is_unborn and child.pregnancy is not None:
        return [child.pregnancy.mother]
    rows = holders_of_responsibility([child], on=on).get(child.pk, [])
    persons = [row.person for row in rows if row.person is not None]
    if child.person.turned(YOUNG_PERSON, on):
        persons.insert(0, child.person)
    if not persons:
        persons = [adult.person for adult in adults_for([child], on=on) if adult.person.pk != child.person_id]
    return list({person.pk: person for person in persons}.values())


def answers(plan: Plan, *, on: datetime.date) -> list[AskedPerson]:
    """Return everyone asked, and everyone else who answered, each with the answer that counts."""
    newest: dict[int, Consent] = {}
    for row in plan.consents.filter(replaced_at__isnull=True).select_related("person", "recorded_by").order_by("pk"):
        newest[row.person_id] = row
    found = [AskedPerson(person, newest.pop(person.pk, None)) for person in people_asked(plan, on=on)]
    return [*found, *(AskedPerson(row.person, row) for row in newest.values())]


def is_enough(plan: Plan, *, on: datetime.date) -> bool:
    """Return whether the plan has the consent it needs on a day.

    A young person of 16 or 17 agrees for themselves, for an unborn child the mother. Otherwise one person with
    parental responsibility is enough where the procedures say so (``one-consent-enough``), else everyone asked agrees.
    """
    asked = answers(plan, on=on)
    child = plan.child
    if child.person.turned(YOUNG_PERSON, on) and any(row.agrees for row in asked if row.person.pk == child.person_id):
        return True
    ids = {person.pk for person in people_asked(plan, on=on)}
    of_asked = [row.agrees for row in asked if row.person.pk in ids]
    if policy_for(plan.authority_id, on=on).value("one-consent-enough"):
        return any(of_asked)
    return bool(of_asked) and all(of_asked)


def decides_consent(user: User, plan: Plan, *, on: datetime.date) -> bool:
    """Return whether the user decides about consent: a manager of the case, or a service manager who may open it."""
    if user.holds(Role.SERVICE_MANAGER) and PLAN_RULE.right_of(user, plan) is not None:
        return True
    return user in managers_of(plan, on=on)


def open_matters(plan: Plan) -> list[ConsentMatter]:
    """Return what a manager has still to decide, oldest first."""
    rows = plan.consent_matters.filter(decided_at__isnull=True).select_related("consent__person", "raised_by")
    return list(rows.order_by("raised_at", "pk"))


@dataclass(frozen=True)
class CinPart:
    """What only a child in need plan's page shows."""

    answers: list[AskedPerson]
    is_enough: bool
    matters: list[ConsentMatter]
    members: list[CinMember]
    may_decide: bool


def cin_part(plan: Plan, user: User, *, on: datetime.date) -> CinPart:
    """Return consent, what waits for a manager, and who helps, for a child in need plan's page."""
    return CinPart(
        answers=answers(plan, on=on),
        is_enough=is_enough(plan, on=on),
        matters=open_matters(plan),
        members=list(plan.cin_members.select_related("person", "post__agency")),
        may_decide=decides_consent(user, plan, on=on),
    )
