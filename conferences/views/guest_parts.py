"""What the pages of invited people without an account share: their frame, their thanks and the daily limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.guests.pages import guest_page
from accounts.throttling import allow
from conferences.models import Participant, Sitting
from conferences.selectors.answers import asked_again_of, reminder_of
from govuk.generic import Draw

SAID = {
    "answer": "Thank you. We have your answer.",
    "asked": "Thank you. We have what you wrote. You get an answer on this page.",
    "feedback": "Thank you. It helps us to do better.",
    "advocate": "Thank you. We have saved what your advocate may read.",
    "deputy": "Thank you. We’ll check who your deputy is, then write to them.",
}
ENOUGH = (
    "We could not send this. You have sent us a lot today, and we have all of it. If there is more to say, ring us."
)


def page_of(request: HttpRequest, template: str, participant: Participant, context: dict[str, Any]) -> HttpResponse:
    """Draw a page of one guest's, with what all of them show."""
    conference = participant.conference
    around = {
        "participant": participant,
        "conference": conference,
        "is_professional": not participant.is_family,
        "said": SAID.get(request.GET.get("said", ""), ""),
    }
    return guest_page(request, template, {**around, **context}, authority=conference.authority)


def drawn_for(participant: Participant) -> Draw:
    """Return what draws a page with a form for this guest."""
    return lambda request, template, context: page_of(request, template, participant, context)


def thanks(said: str) -> str:
    """Return the address of the home page that says thank you for this."""
    return f"{reverse('guest_meeting:home')}?said={said}"


def says(participant: Participant, act: Callable[[], object]) -> None:
    """Carry out what a guest sends. Raises ValidationError above the daily limit."""
    if not allow("guest-says:participant", participant.pk, now=timezone.now()):
        raise ValidationError(ENOUGH)
    act()


def reminder_for(participant: Participant, sitting: Sitting | None) -> str:
    """Return what they had said to an earlier date, with the question; empty once they have answered."""
    earlier = asked_again_of(participant) if sitting is not None else None
    return reminder_of(earlier, participant, sitting) if earlier is not None and sitting is not None else ""
