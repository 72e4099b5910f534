"""Checks that a conference's services make first: the chair, who is in it, and concurrent edits."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Model, OuterRef, Subquery

from accounts.models import User
from conferences.access import may
from conferences.enums import WithdrawalGround
from conferences.models import Conference, ConferenceChild, Decision, Participant
from families.models import FamilyMember, Person
from govuk.forms import BeyondTheForm


class MeetingClosed(BeyondTheForm):
    """The meeting has ended or was cancelled: what was recorded stays as it is."""


class EditedMeanwhile(BeyondTheForm):
    """Another user changed the row since this page was opened; ``current`` is their version."""

    def __init__(self, current: Model) -> None:
        super().__init__("Someone else has changed this since you opened it. Read both texts and choose.")
        self.current = current


def require_chair(user: User, conference: Conference, what: str) -> None:
    """Raise ValidationError unless the user chairs the conference, as defined by ``access_conference``."""
    if not may(user, conference, to="chair"):
        raise ValidationError(f"Only the chair of this conference can {what}.")


def text_of(field: str, text: str, message: str) -> str:
    """Return the text, stripped. Raises ValidationError on ``field`` where nothing is left."""
    stripped = text.strip()
    if not stripped:
        raise ValidationError({field: message})
    return stripped


def children_in_conference(conference: Conference, children: Iterable[ConferenceChild]) -> list[ConferenceChild]:
    """Return the given children, if all are in the conference. Raises ValidationError on ``children``."""
    chosen = list(children)
    if any(row.conference_id != conference.pk or row.withdrawn_at is not None for row in chosen):
        raise ValidationError({"children": "Choose children of this conference."})
    return chosen


def participant_in(conference: Conference, participant: Participant | None, field: str) -> None:
    """Raise ValidationError on ``field`` where the participant belongs to another conference."""
    if participant is not None and participant.conference_id != conference.pk:
        raise ValidationError({field: "Choose someone on the list for this conference."})


WITHDRAWN = "This child was withdrawn from the conference. Nothing more is recorded about them in it."
# Whoever was about to write learns why; of a sealed record no one learns anything.
WHY_NOTHING_MORE: dict[str, str] = {
    WithdrawalGround.DIED: "This child has died. Nothing more is recorded about them in this conference.",
    WithdrawalGround.PREGNANCY_ENDED: "The pregnancy has ended. Nothing more is recorded about it in this conference.",
}


def lock_child(conference: Conference, child: ConferenceChild) -> ConferenceChild:
    """Return the child's locked row in this conference, with ``decision_id`` of the decision in force.

    The conference is already locked, so that no decision is made meanwhile. Raises ValidationError where the
    child is not in the conference, or was withdrawn from it.
    """
    standing = Decision.objects.filter(conference_child=OuterRef("pk"), superseded_by__isnull=True)
    locked = (
        ConferenceChild.objects.select_for_update(of=("self",))
        .select_related("child__person", "child__pregnancy")
        .annotate(decision_id=Subquery(standing.values("pk")[:1]))
        .filter(pk=child.pk, conference=conference)
        .first()
    )
    if locked is None:
        raise ValidationError("This child is not in the conference, so nothing can be recorded about them in it.")
    if locked.withdrawn_at is not None:
        raise ValidationError(WHY_NOTHING_MORE.get(locked.withdrawn_ground, WITHDRAWN))
    locked.conference = conference
    return locked


def family_ids_of(conference: Conference) -> list[int]:
    """Return the families whose deadlines a conference can move: its own and those of its children."""
    persons = Person.objects.filter(child__conferences__conference=conference)
    members = FamilyMember.objects.filter(person__in=persons, ends_on__isnull=True)
    return sorted({conference.family_id, *members.values_list("family_id", flat=True)})
