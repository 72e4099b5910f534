"""The state of stored copies: whether one is stored, and how long others wait."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from reports.enums import PaperState
from reports.models import LaidOutPaper


def is_kept(document_pk: int, recipient_pk: int, *, is_large: bool = False) -> bool:
    """Return whether a copy is laid out in this print. Whether it may be given out is checked by ``give_out``."""
    of_a_conference = Q(
        document__core_group_meeting__isnull=True, document__plan__isnull=True, document__conference_child__isnull=True
    )
    whose = Q(of_a_conference, recipient=recipient_pk) | Q(member=recipient_pk) | Q(person=recipient_pk)
    rows = LaidOutPaper.objects.filter(whose, document=document_pk, is_large=is_large)
    return rows.filter(state=PaperState.READY).exists()


@dataclass(frozen=True)
class PaperQueue:
    """When the longest-waiting paper was requested, and how many papers could not be laid out."""

    oldest: datetime.datetime | None
    failed: int


def paper_queue() -> PaperQueue:
    """Return the state of the paper queue, in one query."""
    failed = Count("pk", filter=Q(state=PaperState.FAILED))
    oldest = Min("requested_at", filter=Q(state=PaperState.WAITING))
    return PaperQueue(**LaidOutPaper.objects.aggregate(oldest=oldest, failed=failed))
