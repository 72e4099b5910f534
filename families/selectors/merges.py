"""Compares two records that may be one person, side by side."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from families.access import visible_families, visible_persons
from families.enums import MergeState
from families.models import Family, FamilyMember, Person, PersonMerge
from families.words import birth_words
from govuk.words import NOT_RECORDED

LIKELY = 40


def may_be_the_same(person: Person, user: User) -> QuerySet[Person]:
    """Return records open to the user that share name or date of birth with ``person``, closest names first."""
    same = Q(family_name__iexact=person.family_name) if person.family_name else Q(pk__in=[])
    if person.birth_date is not None:
        same |= Q(birth_date=person.birth_date)
    if person.given_name:
        same |= Q(given_name__iexact=person.given_name)
    rows = visible_persons(user).filter(same, authority=person.authority_id).exclude(pk=person.pk)
    return rows.order_by("family_name", "given_name", "pk")[:LIKELY]


@dataclass(frozen=True)
class Line:
    """One fact of both records; ``differs`` when both values are known and unequal."""

    label: str
    kept: str
    merged: str

    @property
    def differs(self) -> bool:
        return NOT_RECORDED not in {self.kept, self.merged} and self.kept != self.merged


def side_by_side(kept: Person, merged: Person, *, user: User, on: datetime.date) -> list[Line]:
    """Return the facts about two people line by line, naming only families that the user may see."""
    families = _families((kept, merged), user=user, on=on)
    facts = (
        ("Name", lambda person: person.full_name),
        ("Other names", lambda person: ", ".join(str(name) for name in person.names.all())),
        ("Date of birth", birth_words),
        ("Sex", lambda person: person.get_sex_display()),
        ("NHS number", lambda person: person.nhs_number),
        ("Ethnicity", lambda person: person.get_ethnicity_display()),
        ("Language", lambda person: person.language),
        ("Families", lambda person: ", ".join(families.get(person.pk, []))),
    )
    return [Line(label, fact(kept) or NOT_RECORDED, fact(merged) or NOT_RECORDED) for label, fact in facts]


def _families(persons: Sequence[Person], *, user: User, on: datetime.date) -> dict[int, list[str]]:
    members = FamilyMember.objects.current(on=on).filter(
        person__in=persons, family__in=visible_families(user).values("pk")
    )
    found: dict[int, list[str]] = {}
    for person_id, number, name in members.order_by("family__case_number").values_list(
        "person_id", "family__case_number", "family__name"
    ):
        found.setdefault(person_id, []).append(f"{number}, {name}")
    return found


def merges_waiting(rows: QuerySet[PersonMerge]) -> QuerySet[PersonMerge]:
    """Return those of ``rows`` that wait for a second person, to merge or to undo, oldest first."""
    apart = Q(state=MergeState.AGREED, undo_asked_by__isnull=False)
    waiting = rows.filter(Q(state=MergeState.PROPOSED) | apart)
    return waiting.select_related("kept", "merged", "proposed_by").order_by("proposed_at", "pk")


def family_of(person: Person, user: User, *, on: datetime.date) -> Family | None:
    """Return a family open to the user through which the person's page is reached."""
    members = FamilyMember.objects.current(on=on).filter(person=person)
    return visible_families(user).filter(pk__in=members.values("family")).order_by("pk").first()
