"""What one person's own page follows: a key that is another one when they are asked something else, and says nothing.

A note, or an answer of somebody else, leaves it as it is: whoever has a page of their own learns nothing of when others
write.
"""

from __future__ import annotations

import datetime

from django.urls import reverse

from conferences.enums import ConferenceStatus
from conferences.models import Participant
from meetings.selectors.changes import Following, OwnPages, opaque
from meetings.selectors.day_steps import TheDay
from meetings.selectors.own_answers import OwnAnswers, own_answers

# The scope of a key: this and the id of the person's place.
OWN = "own:"
# How a stream of a person's own page is called: this and the id of the meeting, 0 for whoever came in by a link.
STREAM = "o"


def own_scope(place_id: int) -> str:
    """Return the scope of the key of one person's own page."""
    return f"{OWN}{place_id}"


def key_of_own(place: str, own: OwnAnswers | None) -> str:
    """Return the key of what a person is asked now; ``place`` says at which meeting, and who."""
    if own is None:
        return opaque(OWN, place)
    asked = [(one.child.pk, one.score, one.has_score, one.view, one.has_view) for one in own.children]
    return opaque(OWN, place, own.is_open, own.is_here, own.views_later, asked)


def key_of_participant(participant_id: int) -> str:
    """Return the key of a participant's own page."""
    participant = Participant.objects.select_related("conference").filter(pk=participant_id).first()
    own = own_answers(TheDay(participant.conference), [participant.person_id]) if participant else None
    return key_of_own(f"p{participant_id}", own)


def asks_for_own(name: str) -> str:
    """Return the address that decides about a stream of somebody's own page."""
    pk = int(name.removeprefix(STREAM))
    return reverse("meetings:own-changed", args=[pk]) if pk else reverse("guest_answers:changed")


def following_own(participant: Participant, own: OwnAnswers, *, by_link: bool) -> Following | None:
    """Return what lets an own page follow the meeting while it is in session."""
    if participant.conference.status != ConferenceStatus.OPEN:
        return None
    return _following(participant, key_of_own(f"p{participant.pk}", own), by_link=by_link)


def guests_following(participant: Participant, _now: datetime.datetime) -> Following | None:
    """Return what lets a guest's first page follow the meeting: what is to do on it comes and goes."""
    if participant.conference.status != ConferenceStatus.OPEN:
        return None
    return _following(participant, key_of_participant(participant.pk), by_link=True)


def _following(participant: Participant, key: str, *, by_link: bool) -> Following:
    pk = 0 if by_link else participant.conference_id
    return Following(key, asks_for_own(f"{STREAM}{pk}"), f"/live/{STREAM}{pk}/")


OWN_PAGES = OwnPages(STREAM, asks_for_own, OWN, key_of_participant)
