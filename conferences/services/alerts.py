"""Urgent mail about a conference or a request for one: by reference alone, read after signing in."""

from __future__ import annotations

import datetime

from accounts.models import User
from conferences.models import Conference, ConferenceRequest
from notifications.enums import MessageKind, Subject
from notifications.services.outbox import queue_message, reference_subject


def queue_alert(
    *, user: User, about: Conference | ConferenceRequest, key: str, text: str, now: datetime.datetime
) -> None:
    """Queue an alert to one user; ``text`` names nobody, and ``key`` with the user's id is used once."""
    conference_id: int | None
    if isinstance(about, Conference):
        authority, conference_id = about.authority, about.pk
    else:
        authority, conference_id = about.family.authority, about.conference_id
    queue_message(
        authority=authority,
        key=f"{key}:{user.pk}",
        kind=MessageKind.ALERT,
        to_email=user.email,
        subject=reference_subject(subject=Subject.ALERT, reference=about.reference),
        body=f"{text} Sign in to see what it is about.",
        user=user,
        family_id=about.family_id,
        conference_id=conference_id,
        now=now,
    )
