"""The marks left where an entry was before it moved to another child's record."""

from __future__ import annotations

from typing import Any

from django import template

from conferences.models import Conference, ConferenceChild
from meetings.enums import EntryKind
from meetings.models import EntryMove
from meetings.selectors.corrections import MovedAway, marks_of, moved_away, moved_on_board

register = template.Library()
MARKS = "meetings/moved_away.html"
OF_A_PLAN = (EntryKind.ACTION, EntryKind.VISIT, EntryKind.ENTRY, EntryKind.NOTE, EntryKind.RATING)


@register.inclusion_tag(MARKS)
def moved_from_conference(conference: Conference, kind: str) -> dict[str, list[MovedAway]]:
    """Mark what was moved from a page that shows the entries of all children together."""
    return {"moved": moved_on_board(conference, [kind])}


@register.inclusion_tag(MARKS)
def moved_from_child(child: ConferenceChild, kind: str) -> dict[str, list[MovedAway]]:
    """Mark what was moved from one child's page in a conference."""
    return {"moved": moved_away([kind], child.pk, conference_id=child.conference_id)}


@register.inclusion_tag(MARKS)
def moved_from_plan(plan: Any) -> dict[str, list[MovedAway]]:
    """Mark what was moved from one child's plan, and from the record of its core group about that child."""
    return {"moved": moved_away(OF_A_PLAN, plan.pk)}


@register.inclusion_tag(MARKS)
def moved_from_report(report: Any) -> dict[str, list[MovedAway]]:
    """Mark sections of one version of a report that now belong to another child."""
    sections = report.sections.values("pk") if report else []
    moves = EntryMove.objects.filter(kind=EntryKind.SECTION, entry_id__in=sections, moved_at__isnull=False)
    return {"moved": marks_of(moves.select_related("asked_by").order_by("moved_at", "pk"))}
