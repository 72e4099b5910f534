"""The stories of the directory below: a meeting is one of its conferences."""

from __future__ import annotations

from tests.conferences.conftest import booked, discussed, invited, meeting, planned, told

__all__ = ["booked", "discussed", "invited", "meeting", "planned", "told"]
