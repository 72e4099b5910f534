"""What a page says of one note, of a conference or of a core group meeting."""

from __future__ import annotations

import datetime
from typing import Any

from django import template
from django.utils import timezone

from conferences.models import ConferenceChild
from govuk import words
from meetings.selectors.notes import count_of

register = template.Library()


@register.filter
def names_of_about(note: Any) -> list[str]:
    """Return the names of the children whom a note names."""
    rows = [row.child if isinstance(row, ConferenceChild) else row for row in note.children.all()]
    return [row.person.short_name for row in rows]


@register.filter
def written_moment(note: Any) -> datetime.datetime:
    """Return when a note was written."""
    moment: datetime.datetime = note.created_at if hasattr(note, "created_at") else note.recorded_at
    return moment


@register.filter
def written_at(note: Any) -> str:
    """Return the time at which a note was written, with the day where that is not today."""
    moment, today = timezone.localtime(written_moment(note)), timezone.localdate()
    day = "" if moment.date() == today else f"{words.short_date(moment, today=today)}, "
    return f"{day}{words.clock(moment)}"


register.filter("notes_in", count_of)
