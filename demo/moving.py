"""One invented conference that is moved, so that everyone is asked again."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from conferences.models import Conference
from conferences.services.scheduling import move_sitting
from deadlines.working_days.calendars import calendar_for
from demo.council import Council
from demo.meeting import bookings


def move(council: Council, conference: Conference, *, now: datetime.datetime) -> None:
    """Move the conference to the first free hour of the next working days."""
    sitting = conference.sittings.get()
    calendar = calendar_for(council.authority.pk)
    day = calendar.add(timezone.localdate(sitting.starts_at), 1)
    while True:
        for booking in bookings(council, day):
            try:
                move_sitting(
                    sitting=sitting,
                    booking=booking,
                    reason="The chair is at court that morning.",
                    by=booking.coordinator,
                    now=now,
                )
            except ValidationError as refusal:
                if not {"chair", "room"} & set(getattr(refusal, "error_dict", {})):
                    raise
            else:
                return
        day = calendar.add(day, 1)
