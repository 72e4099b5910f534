"""What a list of those who take part says about one of them."""

from __future__ import annotations

from typing import Any

from django import template

from conferences.enums import Presence
from conferences.models import Part
from meetings.selectors.attendance import Attendee

register = template.Library()

register.filter("version_in", Attendee.version_in)


def _in_part(row: Attendee, part: Part | None) -> Any:
    there = (seen for seen in row.attendances if part is not None and seen.part_id == part.pk)
    return next((seen for seen in there if seen.presence == Presence.PRESENT), None)


@register.filter
def is_there_in(row: Attendee, part: Part | None) -> bool:
    """Return whether someone is in a part and has not left it."""
    seen = _in_part(row, part)
    return seen is not None and seen.left_at is None


@register.filter
def has_left(row: Attendee, part: Part | None) -> bool:
    """Return whether someone was in a part and has left it."""
    seen = _in_part(row, part)
    return seen is not None and seen.left_at is not None


@register.filter
def about_person(known: dict[int, Any], pk: int) -> Any:
    """Return what is known about one person."""
    return known.get(pk)
