"""Checks that every service of the day makes first: the meeting is in session and every child is safe tonight."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from conferences.enums import ConferenceStatus, SittingState
from conferences.models import Conference, Part, Sitting
from conferences.services.guards import MeetingClosed
from conferences.services.scheduling import lock_conference
from govuk.forms import BeyondTheForm
from meetings.models import SafetyStop


class StoppedForSafety(BeyondTheForm):
    """A child is not safe tonight. Showing scores, deciding and closing wait until what is done now is recorded.

    The words tell nobody why: only chair, social worker and managers know of it.
    """


WAITS = "The chair has to do something else first. This can go on in a few minutes."


def lock_for_writing(conference: Conference) -> Conference:
    """Lock the conference for a note that may be made before or during the meeting.

    Raises MeetingClosed after closing or cancelling.
    """
    locked = lock_conference(conference)
    _refuse_when_over(locked)
    return locked


def lock_in_session(conference: Conference, *, waits_for_safety: bool = False) -> tuple[Conference, Sitting]:
    """Lock a conference that is in session, with its running sitting.

    Raises MeetingClosed after closing, ValidationError before it was opened; with ``waits_for_safety``
    StoppedForSafety while a child is not safe tonight and the chair has not recorded what is done now.
    """
    locked = lock_conference(conference)
    _refuse_when_over(locked)
    stops = SafetyStop.objects.filter(conference=OuterRef("conference"), settled_at__isnull=True)
    running = locked.sittings.filter(state=SittingState.IN_SESSION)
    sitting = running.annotate(is_stopped=Exists(stops)).first()
    if locked.status != ConferenceStatus.OPEN or sitting is None:
        raise ValidationError("The meeting has not been opened. The chair opens it first.")
    if sitting.is_stopped and waits_for_safety:
        raise StoppedForSafety(WAITS)
    return locked, sitting


def is_stopped(conference: Conference) -> bool:
    """Return whether a child is not safe tonight and the chair has not recorded what is done now."""
    return conference.safety_stops.filter(settled_at__isnull=True).exists()


def _refuse_when_over(conference: Conference) -> None:
    if conference.status == ConferenceStatus.CLOSED:
        raise MeetingClosed("This meeting is closed. What was recorded can no longer be changed here.")
    if conference.status == ConferenceStatus.CANCELLED:
        raise MeetingClosed("This conference was cancelled. Nothing can be recorded for it.")


def part_in(sitting: Sitting | None, part: Part | None) -> Part | None:
    """Return the part named, or the sitting's first; None before a sitting is opened.

    Raises ValidationError on ``part`` if it belongs to another sitting.
    """
    if part is not None and (sitting is None or part.sitting_id != sitting.pk):
        raise ValidationError({"part": "Choose a part of this sitting."})
    if part is None and sitting is not None and sitting.opened_at is not None:
        return sitting.standing_parts.order_by("number").first()
    return part
