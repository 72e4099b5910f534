"""Recording a whole family in one go, each part by the act that records it alone."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from families.enums import Answer, ContactKind, RelationshipKind
from families.models import Child, Family, FamilyMember, Person
from families.services.cases import lock_family
from families.services.children import add_child
from families.services.people import PersonFacts, TieFacts, add_person, record_tie
from families.services.pregnancies import add_pregnancy
from families.services.risks import record_contact_risk
from families.services.whereabouts import record_contact_point, record_residence


@dataclass(frozen=True, kw_only=True)
class NewTie:
    """What an adult is to one child, who is named by the key of their row."""

    child: str
    kind: RelationshipKind | str = ""
    responsibility: str = ""
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class NewContact:
    kind: ContactKind | str
    value: str
    safety: Answer | str = Answer.NOT_ASKED
    safe_how: str = ""
    safe_on: datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class NewRisk:
    """Why contact with an adult may be dangerous; ``protects`` are keys of children and adults."""

    protects: Sequence[str]
    ground: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class NewChild:
    key: str
    facts: PersonFacts


@dataclass(frozen=True, kw_only=True)
class NewBaby:
    """A pregnancy; ``mother`` is the key of the adult who carries it."""

    key: str
    expected_on: datetime.date
    mother: str
    number_expected: int = 1
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class NewAdult:
    key: str
    facts: PersonFacts
    ties: Sequence[NewTie] = ()
    contacts: Sequence[NewContact] = ()
    risk_asked: Answer | str = Answer.NOT_ASKED
    risk: NewRisk | None = None


@dataclass(frozen=True, kw_only=True)
class NewHome:
    """An address; ``persons`` and ``hidden_from`` are keys of those who live there and who must not find out."""

    key: str
    persons: Sequence[str]
    lines: str
    postcode: str = ""
    hiding_asked: Answer | str = Answer.NOT_ASKED
    hidden_from: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class NewFamily:
    """Everything that one page recorded. ``known`` are members recorded before, by key."""

    children: Sequence[NewChild] = ()
    babies: Sequence[NewBaby] = ()
    adults: Sequence[NewAdult] = ()
    homes: Sequence[NewHome] = ()
    known: Mapping[str, Child | Person] = field(default_factory=dict)


class RefusedRow(Exception):
    """What one row said was refused; nothing of the page has been recorded."""

    def __init__(self, key: str, refusal: ValidationError) -> None:
        super().__init__(key)
        self.key = key
        self.refusal = refusal


@dataclass
class _Recorded:
    children: dict[str, list[Child]]
    persons: dict[str, Person]

    def children_at(self, keys: Sequence[str]) -> list[Child]:
        return [child for key in keys for child in self.children.get(key, ())]

    def persons_at(self, keys: Sequence[str]) -> list[Person]:
        """Return the adults and the children of these keys as people."""
        adults = [self.persons[key] for key in keys if key in self.persons]
        return [*adults, *(child.person for child in self.children_at(keys))]


def row_key(form_key: uuid.UUID, key: str) -> uuid.UUID:
    """Return the form key of one row of a page, the same whenever the page is sent."""
    return uuid.uuid5(form_key, key)


@transaction.atomic
def record_family(
    *, family: Family, entered: NewFamily, form_key: uuid.UUID, by: User, now: datetime.datetime
) -> list[Person]:
    """Record children, pregnancies, adults with their ties, ways to reach them, homes and contact risks, or nothing.

    In order: the children; the adults, with whether contact was asked about; the pregnancies; the ties; contact
    details; homes; contact risks. Each by its own service, so with all of its effects. The same ``form_key`` again
    records no one twice. Returns the people added. Raises RefusedRow with what a row's service refused.
    """
    family = lock_family(family)
    made = _Recorded({}, {})
    for key, row in entered.known.items():
        if isinstance(row, Child):
            made.children[key] = [row]
        else:
            made.persons[key] = row
    for new in entered.children:
        with _Row(new.key):
            child = add_child(family=family, facts=new.facts, form_key=row_key(form_key, new.key), by=by, now=now)
            made.children[new.key] = [child]
    for adult in entered.adults:
        with _Row(adult.key):
            made.persons[adult.key] = add_person(
                family=family, facts=adult.facts, form_key=row_key(form_key, adult.key), by=by, now=now
            )
    for baby in entered.babies:
        with _Row(baby.key):
            made.children[baby.key] = _expect(family, baby, made, by, now)
    for adult in entered.adults:
        with _Row(adult.key):
            _around(family, adult, made, by, now)
    for home in entered.homes:
        with _Row(home.key):
            record_residence(
                persons=made.persons_at(home.persons),
                lines=home.lines,
                postcode=home.postcode,
                confidential=home.hiding_asked == Answer.YES,
                hiding_asked=home.hiding_asked,
                hidden_from=made.persons_at(home.hidden_from),
                by=by,
                now=now,
            )
    for adult in entered.adults:
        if adult.risk is not None:
            with _Row(adult.key):
                _warn(made.persons[adult.key], adult.risk, made, by, now)
    fresh = [made.persons[adult.key] for adult in entered.adults]
    return [*(made.children[new.key][0].person for new in entered.children), *fresh]


class _Row:
    """Name the row in which a service refused something."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, wrong: BaseException | None, __: object) -> None:
        if isinstance(wrong, ValidationError):
            raise RefusedRow(self.key, wrong) from wrong


def _expect(family: Family, baby: NewBaby, made: _Recorded, by: User, now: datetime.datetime) -> list[Child]:
    pregnancy = add_pregnancy(
        family=family,
        mother=made.persons[baby.mother],
        expected_on=baby.expected_on,
        number_expected=baby.number_expected,
        source=baby.source,
        by=by,
        now=now,
    )
    return list(Child.objects.filter(pregnancy=pregnancy).select_related("person").order_by("born_order"))


def _around(family: Family, adult: NewAdult, made: _Recorded, by: User, now: datetime.datetime) -> None:
    person, today = made.persons[adult.key], timezone.localdate(now)
    for tie in adult.ties:
        for child in made.children.get(tie.child, ()):
            facts = TieFacts(child=child, kind=tie.kind, responsibility=tie.responsibility, basis=tie.basis)
            record_tie(person=person, tie=facts, by=by, today=today)
    for contact in adult.contacts:
        record_contact_point(
            person=person,
            kind=contact.kind,
            value=contact.value,
            is_safe=contact.safety == Answer.YES,
            safety_asked=contact.safety,
            safe_how=contact.safe_how,
            safe_on=contact.safe_on,
            by=by,
            now=now,
        )
    FamilyMember.objects.filter(family=family, person=person, ends_on__isnull=True).update(risk_asked=adult.risk_asked)


def _warn(person: Person, risk: NewRisk, made: _Recorded, by: User, now: datetime.datetime) -> None:
    record_contact_risk(
        person=person,
        children=made.children_at(risk.protects),
        protects=[made.persons[key] for key in risk.protects if key in made.persons],
        ground=risk.ground,
        detail=risk.detail,
        by=by,
        now=now,
    )
