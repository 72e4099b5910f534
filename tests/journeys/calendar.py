"""The days of the story, which are those of December 2026."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def at(moment: str) -> datetime.datetime:
    """``"2026-12-08 14:00"`` on the clock in London."""
    return datetime.datetime.fromisoformat(moment).replace(tzinfo=LONDON)
