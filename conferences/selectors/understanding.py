"""How a child is written to: by age, or as somebody who knows the child has set it with the reason."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from conferences.enums import Band
from conferences.models import ConferenceChild, Understanding
from deadlines.policies import policy_of


def understanding_of(child: ConferenceChild) -> Understanding | None:
    """Return what was set for the child in this conference; None where nobody has set anything."""
    return child.understandings.select_related("set_by").filter(superseded_at__isnull=True).first()


def band_by_age(child: ConferenceChild, *, on: datetime.date) -> Band:
    """Return how the council writes to a child of this age; a child whose age is not known counts as older."""
    policy = policy_of(child.conference.policy_version_id)
    return Band(policy.my_views_of_child(child.child.person.age(on)))


def band_of(child: ConferenceChild, *, on: datetime.date) -> Band:
    """Return how this child is written to: on their own page, in their letter, and which form of My Views they get."""
    row = understanding_of(child)
    return Band(row.band) if row is not None and row.band else band_by_age(child, on=on)


@dataclass(frozen=True)
class WrittenTo:
    """How a child is written to; ``because`` is the reason where that was set."""

    band: Band
    because: str


def written_to(children: Iterable[ConferenceChild], *, on: datetime.date) -> dict[int, WrittenTo]:
    """Return how each born child is written to and why, by the ids of their rows, in one query."""
    rows = [row for row in children if not row.child.is_unborn]
    found = Understanding.objects.filter(child__in=rows, superseded_at__isnull=True).exclude(band="")
    set_for = {row.child_id: row for row in found}
    return {
        row.pk: WrittenTo(Band(one.band), one.because)
        if (one := set_for.get(row.pk)) is not None
        else WrittenTo(band_by_age(row, on=on), "")
        for row in rows
    }
