"""The stops for safety at a core group that a user is told of."""

from __future__ import annotations

from accounts.models import User
from core_groups.models import CoreGroupMeeting, MeetingStop
from core_groups.selectors.leading import knows_of_stops


def open_stops(user: User, meeting: CoreGroupMeeting) -> list[MeetingStop]:
    """Return what waits for what is done now, oldest first; none for whoever is not told."""
    if not knows_of_stops(user, meeting.core_group):
        return []
    rows = MeetingStop.objects.filter(meeting=meeting, settled_at__isnull=True)
    return list(rows.select_related("meeting", "child__person", "said_by__person"))
