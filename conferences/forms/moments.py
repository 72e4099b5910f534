"""Combines a typed day and time into a moment."""

from __future__ import annotations

import datetime

from deadlines.working_days.arithmetic import LONDON


def at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """Return the aware moment for a London time."""
    return datetime.datetime.combine(day, time, tzinfo=LONDON)
