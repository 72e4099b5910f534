"""What arrived late and waits for the chair."""

from __future__ import annotations

from conferences.models import Conference
from meetings.enums import LateState
from meetings.models import LateEntry


def late_attendance(conference: Conference) -> list[LateEntry]:
    """Return attendance that was typed without a network and does not count until the chair lets it stand."""
    rows = conference.late_entries.filter(state=LateState.WAITS)
    return list(rows.select_related("participant__person", "part", "typed_by"))
