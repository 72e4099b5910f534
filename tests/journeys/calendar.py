"""The days of the story, which take place in December 2026."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def at(moment: str) -> datetime.datetime:
    """Return ``"2026-12-08 14:00"`` on London clocks as a moment."""
    return datetime.datetime.fromisoformat(moment).replace(tzinfo=LONDON)
