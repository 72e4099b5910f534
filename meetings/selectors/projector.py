"""Which conference a screen may show, checked each time it asks."""

from __future__ import annotations

import datetime

from conferences.access import may
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from meetings.models import Projection
from meetings.services.projector import LIVE, hash_of

SHOWING = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


def projection_with(token: str, *, now: datetime.datetime) -> Projection | None:
    """Return the projection with this secret token, if it is still valid.

    It must not have ended or expired, its sitting must be booked or in session, and whoever started it must
    still be allowed to record this conference.
    """
    if not token:
        return None
    found = (
        Projection.objects.select_related(
            "conference__family__team",
            "conference__authority",
            "conference__chair",
            "conference__coordinator",
            "started_by",
        )
        .filter(
            token_hash=hash_of("token", token),
            ended_at__isnull=True,
            ends_at__gt=now,
            sitting__state__in=LIVE,
            conference__status__in=SHOWING,
        )
        .first()
    )
    if found is None or not may(found.started_by, found.conference, to="record"):
        return None
    return found


def projection_of(conference: Conference, *, now: datetime.datetime) -> Projection | None:
    """Return the projection that is on the room's screen or waiting for its code."""
    rows = conference.projections.filter(ended_at__isnull=True, ends_at__gt=now, sitting__state__in=LIVE)
    return rows.select_related("started_by").first()
