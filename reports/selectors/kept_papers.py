"""Files of copies as they stand: whether one is kept, and how long others wait."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from reports.enums import PaperState
from reports.models import LaidOutPaper


def is_kept(document_pk: int, recipient_pk: int) -> bool:
    """Whether a copy is laid out. It is not thereby given out: ``give_out`` asks whether it may be."""
    rows = LaidOutPaper.objects.filter(document=document_pk, recipient=recipient_pk)
    return rows.filter(state=PaperState.READY).exists()


@dataclass(frozen=True)
class PaperQueue:
    """When the paper that waits longest was asked for, and how many papers could not be laid out."""

    oldest: datetime.datetime | None
    failed: int


def paper_queue() -> PaperQueue:
    """How the queue of papers stands, in one query."""
    failed = Count("pk", filter=Q(state=PaperState.FAILED))
    oldest = Min("requested_at", filter=Q(state=PaperState.WAITING))
    return PaperQueue(**LaidOutPaper.objects.aggregate(oldest=oldest, failed=failed))
