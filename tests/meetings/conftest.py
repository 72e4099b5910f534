"""Fixtures from the conferences tests: a meeting is one of their conferences."""

from __future__ import annotations

from tests.conferences.conftest import booked, discussed, invited, meeting, planned, told

__all__ = ["booked", "discussed", "invited", "meeting", "planned", "told"]
