"""What every service of the day asks first.

Is the meeting running, has anybody said that a child is not safe, is this the chair, has somebody else changed
the same words.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Model

from accounts.models import User
from conferences.access import may
from conferences.enums import ConferenceStatus, SittingState
from conferences.models import Conference, ConferenceChild, Part, Participant, Sitting
from conferences.services.scheduling import lock_conference
from families.models import FamilyMember, Person
from govuk.forms import BeyondTheForm


class MeetingClosed(BeyondTheForm):
    """The meeting has ended or was cancelled: what was recorded stays as it is."""


class StoppedForSafety(BeyondTheForm):
    """A child is not safe tonight. Nothing goes on until what is done now is recorded."""


class EditedMeanwhile(BeyondTheForm):
    """Somebody else changed the same row after this page was opened; ``current`` is what they left."""

    def __init__(self, current: Model) -> None:
        super().__init__("Somebody else has changed this since you opened it. Read both texts and choose.")
        self.current = current


def lock_for_writing(conference: Conference) -> Conference:
    """Lock the conference for a note that may be made before the meeting opens as well as in it.

    Raises MeetingClosed after closing or cancelling.
    """
    locked = lock_conference(conference)
    _refuse_when_over(locked)
    return locked


def lock_in_session(conference: Conference, *, in_spite_of_stop: bool = False) -> tuple[Conference, Sitting]:
    """Lock a conference that is in session, with its running sitting.

    Raises MeetingClosed after closing, StoppedForSafety while a child is not safe tonight and nobody has
    recorded what is done now, ValidationError before it was opened.
    """
    locked = lock_conference(conference)
    _refuse_when_over(locked)
    sitting = locked.sittings.filter(state=SittingState.IN_SESSION).first()
    if locked.status != ConferenceStatus.OPEN or sitting is None:
        raise ValidationError("The meeting has not been opened. The chair opens it first.")
    if not in_spite_of_stop:
        refuse_while_stopped(locked)
    return locked, sitting


def refuse_while_stopped(conference: Conference) -> None:
    """Raises StoppedForSafety while a safety stop of the conference is open."""
    if conference.safety_stops.filter(settled_at__isnull=True).exists():
        raise StoppedForSafety("A child is not safe tonight. Record what is done now before going on.")


def _refuse_when_over(conference: Conference) -> None:
    if conference.status == ConferenceStatus.CLOSED:
        raise MeetingClosed("This meeting is closed. What was recorded can no longer be changed here.")
    if conference.status == ConferenceStatus.CANCELLED:
        raise MeetingClosed("This conference was cancelled. Nothing can be recorded for it.")


def require_chair(user: User, conference: Conference, what: str) -> None:
    """Raises ValidationError unless the user chairs the conference, as ``access_conference`` says who does."""
    if not may(user, conference, to="chair"):
        raise ValidationError(f"Only the chair of this conference can {what}.")


def text_of(field: str, text: str, message: str) -> str:
    """The text without blanks around it. Raises ValidationError on ``field`` where nothing is left."""
    stripped = text.strip()
    if not stripped:
        raise ValidationError({field: message})
    return stripped


def part_in(sitting: Sitting | None, part: Part | None) -> Part | None:
    """The part named, or the first of the sitting; none before a sitting is opened.

    Raises ValidationError on ``part`` where it belongs to another sitting.
    """
    if part is not None and (sitting is None or part.sitting_id != sitting.pk):
        raise ValidationError({"part": "Choose a part of this sitting."})
    if part is None and sitting is not None and sitting.opened_at is not None:
        return sitting.parts.order_by("number").first()
    return part


def children_in_conference(
    conference: Conference, children: Iterable[ConferenceChild]
) -> list[ConferenceChild]:
    """The children given, if all are in the conference. Raises ValidationError on ``children``."""
    chosen = list(children)
    if any(row.conference_id != conference.pk or row.withdrawn_at is not None for row in chosen):
        raise ValidationError({"children": "Choose children of this conference."})
    return chosen


def participant_in(conference: Conference, participant: Participant | None, field: str) -> None:
    """Raises ValidationError on ``field`` where the participant belongs to another conference."""
    if participant is not None and participant.conference_id != conference.pk:
        raise ValidationError({field: "Choose somebody who is on the list of this conference."})


def lock_child(conference: Conference, child: ConferenceChild) -> ConferenceChild:
    """The child's row in this conference, locked.

    Raises ValidationError where the child is not in the conference, or was withdrawn from it.
    """
    locked = (
        ConferenceChild.objects.select_for_update(of=("self",))
        .select_related("child__person", "child__pregnancy")
        .filter(pk=child.pk, conference=conference)
        .first()
    )
    if locked is None:
        raise ValidationError(
            "This child is not in the conference, so nothing can be recorded about them in it."
        )
    if locked.withdrawn_at is not None:
        raise ValidationError(
            "This child was withdrawn from the conference. Nothing more is recorded about them in it."
        )
    locked.conference = conference
    return locked


def family_ids_of(conference: Conference) -> list[int]:
    """The families whose deadlines a conference can move: its own and those of its children."""
    persons = Person.objects.filter(child__conferences__conference=conference)
    members = FamilyMember.objects.filter(person__in=persons, ends_on__isnull=True)
    return sorted({conference.family_id, *members.values_list("family_id", flat=True)})
