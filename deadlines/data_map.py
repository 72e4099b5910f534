"""Whose records the rows of deadlines are."""

from __future__ import annotations

from accounts.case_data import holds, holds_nobody
from deadlines.models import (
    Calendar,
    CalendarDay,
    CalendarFeed,
    ClosedDay,
    Deadline,
    DeadlineChange,
    DeadlineNotice,
    DigestRun,
    PolicyDraft,
    PolicyLimit,
    PolicyVersion,
    ReconcileRun,
    Recount,
    RecountedDeadline,
    SweepRun,
)

_OWN_WORDS = {"kind", "limit_key", "other_limit_key"}

holds(Deadline, "Deadlines", family="family_id", keeps=_OWN_WORDS)
holds(DeadlineChange, "Changes of deadlines", family="deadline__family_id", is_given=False)
holds(DeadlineNotice, "Who was told of deadlines", family="deadline__family_id", is_given=False)
holds(RecountedDeadline, "Deadlines counted again", family="deadline__family_id", is_given=False)

holds_nobody(Calendar, CalendarDay, ClosedDay, because="Days on which people work.")
holds_nobody(CalendarFeed, because="Addresses of calendars of those who work for the council, as hashes.")
holds_nobody(
    PolicyVersion, PolicyLimit, PolicyDraft, Recount, because="The council's procedures, which name nobody."
)
holds_nobody(SweepRun, DigestRun, ReconcileRun, because="When background work ran.")
