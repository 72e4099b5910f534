"""One person's copy of a plan, as it may go out today."""

from __future__ import annotations

import datetime

from django.db.models import Q

from deadlines.working_days.arithmetic import civil_day
from entitlement import Concealed, concealed_from
from families.models import Child
from plans.models import Plan
from plans.selectors.managers import family_of
from plans.selectors.plan_readers import readers_of
from reports.content.plans import key_worker_of
from reports.copies import Composed, compose, entitlement_of
from reports.copies.plan_changes import PlanChange, plan_changes
from reports.models import Document
from reports.services.members_copies import ENDED_PREGNANCIES
from reports.services.refusals import CopyRefusedError, refuse_newly_hidden

NOT_THEIRS = "This person has nothing to do with the plan any more. Nothing goes to them."


def composed_for_person(document: Document, person_id: int, *, now: datetime.datetime) -> Composed:
    """Return one person's copy of a plan's version, as it may go out today.

    Raises CopyRefusedError if they get nothing, or are not entitled to the plan on this day; if the plan has ended;
    if the child has died, the pregnancy has ended or the record is sealed; or if something in the copy was marked
    confidential after the version was prepared.
    """
    return _as_it_may_go_out(document, person_id, now=now)[0]


def changes_for_person(
    document: Document, before: Document, person_id: int, *, now: datetime.datetime
) -> list[PlanChange]:
    """Return what one person's copy of a version says otherwise than their copy of an earlier one.

    Every check of the copy itself is made. Words of before that must not reach them today, or that name another child
    of whom they read nothing, are left out. Raises CopyRefusedError as ``composed_for_person``.
    """
    copy, concealed = _as_it_may_go_out(document, person_id, now=now)

    def may_say(text: str) -> bool:
        other = copy.reader.is_family and not copy.reader.every_child and copy.reader.names_another_child(text)
        return not other and not concealed.is_in(text)

    return plan_changes(before.content, document.content, person_id, may_say)


def _as_it_may_go_out(document: Document, person_id: int, *, now: datetime.datetime) -> tuple[Composed, Concealed]:
    if not any(row["id"] == person_id for row in document.content["participants"]):
        raise CopyRefusedError("This person was not around the plan when this version was prepared.")
    entitlement = entitlement_of(document.content, person_id)
    if not entitlement.covers(document.kind):
        raise CopyRefusedError(entitlement.because or "There is nothing in this paper for them.")
    today = civil_day(now)
    plan = Plan.objects.select_related("child__person", "child__pregnancy", "authority").get(documents=document)
    _refuse_after_an_ending(plan)
    reader = next((row for row in readers_of(plan, on=today) if row.person.pk == person_id), None)
    if reader is None or reader.because:
        raise CopyRefusedError(reader.because if reader else NOT_THEIRS)
    family = family_of(plan.child)
    around = Child.objects.filter(Q(person__memberships__family=family) | Q(pk=plan.child_id)).select_related("person")
    children = list(around.distinct().order_by("pk"))
    concealed = concealed_from([reader.person], children, council=plan.authority.name, on=today)
    turn_to = key_worker_of(plan)
    if concealed.is_in(turn_to["key_worker"]):
        turn_to = {"key_worker": ""}
    copy = compose(document.content | turn_to, person_id, document.kind)
    refuse_newly_hidden(copy, concealed)
    return copy, concealed


def _refuse_after_an_ending(plan: Plan) -> None:
    person = plan.child.person
    pregnancy = plan.child.pregnancy
    lost = pregnancy is not None and pregnancy.outcome in ENDED_PREGNANCIES and person.birth_date is None
    if person.death_date or person.sealed_at or lost:
        raise CopyRefusedError(
            "Since this version was prepared the child has died, the pregnancy has ended, or the record was sealed. "
            "Nothing can go out until a manager has looked at it."
        )
    if not plan.is_open:
        raise CopyRefusedError("This plan has ended. Nothing more of it goes out.")
