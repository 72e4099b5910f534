"""Parts that somebody should play for a child and nobody is recorded for, and agencies nobody has asked about."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from conferences.selectors.children import short_name_of
from deadlines.policies import Policy
from families.enums import GROUP_OF_AGENCY, AgencyGroup, AgencyKind, Answer
from families.models import AgencyInvolvement, Child, Residence
from families.selectors.agency_names import name_on_page

MONTHS = 12
# Where they are says nothing about where a child lives.
NOT_LOCAL = (AgencyKind.SOCIAL_CARE, AgencyKind.POLICE, AgencyKind.PROBATION)


@dataclass(frozen=True)
class MissingPart:
    """A sentence for whoever records the family, and where to put it right."""

    sentence: str
    url: str = ""
    link: str = ""


def missing_parts(
    children: Collection[Child], policy: Policy, *, on: datetime.date, family_id: int | None = None
) -> list[MissingPart]:
    """Return who is missing around each child on the day ``on``, by the ages of the council's procedures.

    No midwife for an unborn child, no health agency for a newborn, no school for a child of school age; and each
    agency of a child with confidential whereabouts of which nobody has said whether it could give them away. Two
    queries, and the names that pages leave out. Without ``family_id`` nothing leads to the family's pages.
    """
    alive = [child for child in children if not child.person.death_date or child.person.death_date > on]
    ids = [child.pk for child in alive]
    rows = AgencyInvolvement.objects.current(on=on).filter(child__in=ids).select_related("agency").order_by("pk")
    known: dict[int, list[AgencyInvolvement]] = {pk: [] for pk in ids}
    for row in rows:
        known[row.child_id].append(row)
    homes = Residence.objects.current(on=on).filter(person__in=[child.person_id for child in alive], confidential=True)
    hidden = set(homes.values_list("person_id", flat=True))
    found: list[MissingPart] = []
    for child in alive:
        found += _without(child, {row.agency.kind for row in known[child.pk]}, policy, family_id, on)
        if child.person_id in hidden or any(row.confidential for row in known[child.pk]):
            found += [_unasked(child, row, family_id) for row in known[child.pk] if _is_unasked(row)]
    return found


def _without(
    child: Child, kinds: set[str], policy: Policy, family_id: int | None, on: datetime.date
) -> list[MissingPart]:
    name, said = short_name_of(child), ""
    if child.is_unborn:
        if AgencyKind.MIDWIFERY not in kinds:
            said = f"No midwife is recorded for {name}."
    elif (months := _months(child, on)) is not None:
        is_known_to_health = any(GROUP_OF_AGENCY.get(kind) == AgencyGroup.HEALTH for kind in kinds)
        if months < policy.newborn_months and not is_known_to_health:
            said = f"No health agency is recorded for {name}, who is under {policy.newborn_months} months."
        elif policy.school_from * MONTHS <= months < policy.school_until * MONTHS and AgencyKind.SCHOOL not in kinds:
            said = f"No school is recorded for {name}, who is of school age."
    url = reverse("families:add-agencies", args=[family_id]) if family_id else ""
    return [MissingPart(said, url, "Choose the agencies")] if said else []


def _months(child: Child, on: datetime.date) -> int | None:
    born = child.person.birth_date
    if born is None or born > on:
        return None
    return (on.year - born.year) * MONTHS + on.month - born.month - (on.day < born.day)


def _is_unasked(row: AgencyInvolvement) -> bool:
    return not row.confidential and row.hiding_asked == Answer.NOT_ASKED and row.agency.kind not in NOT_LOCAL


def _unasked(child: Child, row: AgencyInvolvement, family_id: int | None) -> MissingPart:
    agency = name_on_page(row.agency, family_id)
    return MissingPart(
        f"{short_name_of(child)}’s whereabouts are confidential, and nobody has said whether {agency} could give them "
        "away.",
        reverse("families:mark-whereabouts", args=[family_id, "agency", row.pk]) if family_id else "",
        "Say whether it could",
    )
