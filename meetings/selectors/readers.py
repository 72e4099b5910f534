"""Who in the family will read what is written on the day, said where it is written."""

from __future__ import annotations

from django.utils import timezone

from conferences.models import ConferenceChild
from conferences.selectors.children import short_name_of
from conferences.selectors.readers import WhoReads, who_reads_each
from meetings.selectors.day_steps import TheDay


def who_reads(found: TheDay, child: ConferenceChild) -> WhoReads:
    """Return who on the list reads what is written about one child of the meeting. Two queries."""
    return _each(found, [child])[child.pk]


def who_reads_of(found: TheDay) -> list[tuple[str, WhoReads]]:
    """Return each child of the meeting, by short name, with who on the list reads about the child. Two queries."""
    each = _each(found, found.children)
    return [(short_name_of(child.child), each[child.pk]) for child in found.children]


def _each(found: TheDay, children: list[ConferenceChild]) -> dict[int, WhoReads]:
    on = found.sitting.day if found.sitting else timezone.localdate()
    return who_reads_each(children, [row.participant for row in found.attendees], on=on)
