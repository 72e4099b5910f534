"""Days, the councils' policies, the ledger of deadlines, and who was told about them."""

from __future__ import annotations

from deadlines.models.days import Calendar, CalendarDay, ClosedDay
from deadlines.models.feeds import CalendarFeed
from deadlines.models.lateness import LateCause
from deadlines.models.ledger import Deadline, DeadlineChange, DeadlineQuerySet, Recount, RecountedDeadline
from deadlines.models.notices import DeadlineNotice, DigestRun, ReconcileRun, SweepRun
from deadlines.models.procedures import PolicyDraft, PolicyLimit, PolicyVersion

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarFeed",
    "ClosedDay",
    "Deadline",
    "DeadlineChange",
    "DeadlineNotice",
    "DeadlineQuerySet",
    "DigestRun",
    "LateCause",
    "PolicyDraft",
    "PolicyLimit",
    "PolicyVersion",
    "ReconcileRun",
    "Recount",
    "RecountedDeadline",
    "SweepRun",
]
