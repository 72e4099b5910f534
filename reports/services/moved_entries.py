"""What becomes of papers of a plan or a core group when an entry in them was about another child."""

from __future__ import annotations

import datetime
from typing import Any

from core_groups.models import MeetingNote, MeetingScore
from meetings.enums import EntryKind
from meetings.models import EntryMove
from plans.models import Plan
from reports.enums import DocumentState, PaperRetired
from reports.models import Document
from reports.services.corrections import ENTRY
from reports.services.kept_papers import retire_papers

IN_A_PLAN = (EntryKind.ACTION, EntryKind.ENTRY)
AT_A_MEETING: dict[EntryKind, Any] = {EntryKind.NOTE: MeetingNote, EntryKind.RATING: MeetingScore}


def plan_was_given_out(plan: Plan) -> bool:
    """Return whether a paper of the plan was ever released."""
    return Document.objects.filter(plan=plan, released_at__isnull=False).exists()


def minutes_were_given_out(meeting_id: int) -> bool:
    """Return whether minutes of a core group meeting were ever released."""
    return Document.objects.filter(core_group_meeting=meeting_id, released_at__isnull=False).exists()


def supersede_after_move(move: EntryMove, now: datetime.datetime) -> None:
    """Mark the papers that show a moved entry for the wrong child as superseded, with the reason, which names no one.

    Their files are taken away, and no copy can be opened any more; a new version is prepared and released by hand.
    """
    current = Document.objects.exclude(state=DocumentState.SUPERSEDED)
    if move.kind in IN_A_PLAN:
        rows = current.filter(plan=move.from_record)
    elif move.kind in (EntryKind.NOTE, EntryKind.RATING):
        meeting = AT_A_MEETING[EntryKind(move.kind)].objects.filter(pk=move.entry_id).values("meeting")
        rows = current.filter(core_group_meeting__in=meeting)
    else:
        return
    for document in rows.select_for_update(of=("self",)).order_by("pk"):
        document.state, document.superseded_at, document.superseded_because = DocumentState.SUPERSEDED, now, ENTRY
        document.superseded_by = move.agreed_by or move.asked_by
        document.save(update_fields=["state", "superseded_at", "superseded_because", "superseded_by"])
        retire_papers(document.laid_out_papers.all(), PaperRetired.REPLACED, now=now)
