"""What is known of a conference before it is booked: what was asked for or agreed, and who led the last one."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conferences.enums import ConferenceStatus
from conferences.models import Conference
from families.models import Family


@dataclass(frozen=True)
class BeforeBooking:
    """What the booking form proposes; empty where nothing was asked for and no conference was held."""

    child_ids: frozenset[int] = frozenset()
    reason: str = ""
    agreed_at: datetime.datetime | None = None
    mode: str = ""
    chair_id: int | None = None
    coordinator_id: int | None = None
    room_id: int | None = None


def before_booking(family: Family) -> BeforeBooking:
    """Return what was asked for, and of a review what was agreed at the conference before it; else the last chair."""
    conferences = Conference.objects.filter(family=family).select_related("follows")
    asked = conferences.filter(status=ConferenceStatus.REQUESTED).order_by("pk").first()
    last = conferences.filter(status=ConferenceStatus.CLOSED).order_by("-ended_at", "-pk").first()
    if asked is None:
        return BeforeBooking(chair_id=last.chair_id) if last else BeforeBooking()
    agreed = asked.follows
    return BeforeBooking(
        child_ids=frozenset(asked.children.present().values_list("child_id", flat=True)),
        reason=asked.reason,
        agreed_at=agreed.review_at if agreed else None,
        mode=(agreed.review_mode or agreed.mode) if agreed else "",
        chair_id=(agreed.review_chair_id or agreed.chair_id) if agreed else last.chair_id if last else None,
        coordinator_id=asked.coordinator_id,
        room_id=agreed.review_room_id if agreed else None,
    )
