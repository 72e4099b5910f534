"""Moments on the clock here."""

from __future__ import annotations

import datetime

from deadlines.arithmetic import LONDON


def at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """A moment on the clock in London."""
    return datetime.datetime.combine(day, time, tzinfo=LONDON)
