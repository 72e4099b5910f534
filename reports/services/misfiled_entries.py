"""A section of a report that is about the wrong child."""

from __future__ import annotations

import datetime

from families.models import Child
from meetings.enums import EntryKind
from meetings.misfiled_entries import Movable, Place, register_movable
from meetings.services.misfiled_entries import place_in_conference, put_with_child
from reports.enums import ReportState
from reports.models import ReportSection
from reports.services.progress import note_progress


def _place(entry_id: int) -> Place | None:
    row = ReportSection.objects.filter(pk=entry_id).select_related("report__conference").first()
    if row is None:
        return None
    found = place_in_conference(row.report.conference, lambda: _find(entry_id))
    if found is None:
        return None
    # Others have read what was submitted; authors change a draft themselves.
    return Place(**{**vars(found), "is_released": row.report.state != ReportState.DRAFT})


def _find(entry_id: int) -> tuple[list[Child], str] | None:
    row = ReportSection.objects.filter(pk=entry_id, removed_at__isnull=True).first()
    if row is None:
        return None
    named = row.children.select_related("child__person").order_by("pk")
    return [one.child for one in named], row.text


def _put(entry_id: int, from_child: Child, to_child: Child, now: datetime.datetime) -> None:
    row = ReportSection.objects.select_for_update(of=("self",)).select_related("report__conference").get(pk=entry_id)
    put_with_child(row, from_child, to_child, row.report.conference_id)
    note_progress(family_ids=[row.report.conference.family_id], now=now)


def register_movables() -> None:
    """Register sections of reports. Called once from ``connect``."""
    register_movable(Movable(EntryKind.SECTION, _place, _put))
