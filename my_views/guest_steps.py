"""The step of a guest's own page that leads to My Views."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.urls import reverse

from conferences.models import Participant
from my_views.models import MyViewsForm
from my_views.selectors.answers import newest_hand_in
from my_views.selectors.released_to import passed_on_to, words_of_client
from my_views.selectors.speakers import is_before, may_speak
from my_views.services.writing import unsent


def my_views_step(participant: Participant, _now: datetime.datetime) -> Iterable[dict[str, str]]:
    """Return the step for someone of the family, until the meeting begins; after it, where there is something to read.

    Nothing on it says whether anyone else has filled one in.
    """
    if not may_speak(participant):
        return
    form = MyViewsForm.objects.filter(conference=participant.conference, person=participant.person_id).first()
    newest = newest_hand_in(form)
    stands = newest is not None and newest.counts
    if not is_before(participant.conference):
        if stands:
            yield {"title": "Read what you told us", "url": reverse("guest_my_views:start")}
        return
    has_unsent = form is not None and unsent(form, writer=None)
    status, colour = (
        ("Not handed in", "yellow") if has_unsent else ("Handed in", "green") if stands else ("To do", "blue")
    )
    yield {
        "title": "Tell us your views" if not stands else "Change your views",
        "hint": "We talk about them in the meeting. You can do it with someone you trust.",
        "url": reverse("guest_my_views:start"),
        "status": status,
        "colour": colour,
    }


def passed_on_step(participant: Participant, now: datetime.datetime) -> Iterable[dict[str, str]]:
    """Return the step that leads to words of others which the chair released to this person, where there are any."""
    if passed_on_to(participant, now=now):
        yield {
            "title": "Read what was passed on to you",
            "hint": "Words of the family that the chair wants you to know before the meeting.",
            "url": reverse("guest_my_views:passed-on"),
        }


def words_of_client_step(participant: Participant, now: datetime.datetime) -> Iterable[dict[str, str]]:
    """Return the step that leads an advocate to what the person they speak for wrote, where they may read it."""
    if participant.acts_for is not None and words_of_client(participant, now=now):
        yield {
            "title": f"Read what {participant.acts_for.person.full_name} wrote in My Views",
            "hint": "Their own words, as far as they let you read them.",
            "url": reverse("guest_my_views:words-of-client"),
        }
