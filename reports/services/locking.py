"""Checks that services before the meeting make first."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from conferences.enums import ConferenceStatus
from conferences.models import Conference
from conferences.services.scheduling import lock_conference


def lock_before_the_end(conference: Conference, *, after: str) -> Conference:
    """Lock a conference that is not over.

    Raises ValidationError if it was cancelled, or with ``after`` once it is closed.
    """
    locked = lock_conference(conference)
    if locked.status == ConferenceStatus.CANCELLED:
        raise ValidationError("This conference was cancelled. No report is needed for it.")
    if locked.status == ConferenceStatus.CLOSED:
        raise ValidationError(after)
    return locked
