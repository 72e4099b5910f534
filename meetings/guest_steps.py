"""The step of a guest's own page that leads to their scores and views, while the meeting is in session."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.urls import reverse

from conferences.enums import ConferenceStatus
from conferences.models import Participant
from meetings.selectors.day_steps import TheDay
from meetings.selectors.own_answers import own_answers


def answers_step(participant: Participant, _now: datetime.datetime) -> Iterable[dict[str, str]]:
    """Return the step for someone who is in the part under way and is asked for something."""
    if participant.conference.status != ConferenceStatus.OPEN:
        return
    own = own_answers(TheDay(participant.conference), [participant.person_id])
    if not own.is_asked and not own.views_later:
        return
    status, colour = ("Answered", "green") if own.has_answered else ("To do", "blue")
    yield {
        "title": "Say how safe you think each child is" if own.is_family else "Give your score and your view",
        "hint": "No one sees it before everyone has answered.",
        "url": reverse("guest_answers:answers"),
        **({"status": status, "colour": colour} if own.is_asked else {}),
    }
