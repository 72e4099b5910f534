"""Fixtures from the conferences tests, and a council's other values."""

from __future__ import annotations

from tests.conferences.conftest import booked, discussed, invited, meeting, planned, told

__all__ = ["booked", "discussed", "invited", "meeting", "planned", "told"]
