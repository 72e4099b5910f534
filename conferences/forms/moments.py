"""Moments out of a day and a time as they were typed."""

from __future__ import annotations

import datetime

from deadlines.working_days.arithmetic import LONDON


def at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """A moment on the clock in London."""
    return datetime.datetime.combine(day, time, tzinfo=LONDON)
