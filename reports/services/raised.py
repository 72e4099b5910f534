"""Who is told that something was raised against a conference, and what the answer to it has to keep to."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError

from accounts.models import User
from conferences.access import chairs_of
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.recipients import to_be_told
from conferences.services.chairs_words import GIVES_AWAY, gives_away
from conferences.services.guards import children_in_conference
from deadlines.working_days.arithmetic import civil_day
from notifications.services.outbox import notify
from reports.enums import PrintedFor


def tell_who_answers(
    conference: Conference,
    *,
    key: str,
    text: str,
    url: str,
    by: User | None,
    coordinator: bool = True,
    now: datetime.datetime,
) -> None:
    """Tell the chair, and the ``coordinator`` where they answer too, of what a guest raised; nobody of their own."""
    on = civil_day(now)
    people = [*chairs_of(conference, on=on), *([conference.coordinator] if coordinator else [])]
    for user in to_be_told(conference, people, on=on):
        if by is None or user.pk != by.pk:
            notify(user=user, key=key, text=f"{conference.reference}: {text}", url=url, now=now)


def check_answer(field: str, text: str, participant: Participant, conference: Conference, *, printed_for: str) -> None:
    """Raise ValidationError where an answer gives away a place hidden from who reads it, or nobody says who does."""
    if printed_for not in PrintedFor.values:
        raise ValidationError({"printed_for": "Choose who reads it with the minutes."})
    check_no_hidden_place(field, text, participant, conference)


def check_no_hidden_place(field: str, text: str, participant: Participant, conference: Conference) -> None:
    """Raise ValidationError where an answer gives away a place hidden from whom it is written to."""
    if gives_away(text, [participant.person], conference):
        raise ValidationError({field: GIVES_AWAY})


def chosen_children(
    conference: Conference, children: Iterable[ConferenceChild], *, printed_for: str
) -> list[ConferenceChild]:
    """Return the children it is about: the only one, or those that were chosen. Raises ValidationError."""
    chosen = children_in_conference(conference, children)
    everyone = list(conference.children.filter(withdrawn_at__isnull=True))
    if not chosen and len(everyone) == 1:
        return everyone
    if not chosen and printed_for != PrintedFor.OWN:
        raise ValidationError({"children": "Choose the children it is about."})
    return chosen
