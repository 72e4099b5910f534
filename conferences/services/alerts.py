"""Urgent mail about a conference: by reference alone, what it is about is read after signing in."""

from __future__ import annotations

import datetime

from accounts.models import User
from conferences.models import Conference
from notifications.enums import MessageKind, Subject
from notifications.services.outbox import queue_message, reference_subject


def queue_alert(*, user: User, conference: Conference, key: str, text: str, now: datetime.datetime) -> None:
    """Queue an alert to one user; ``text`` names nobody, and ``key`` with the user's id is used once."""
    queue_message(
        authority=conference.authority,
        key=f"{key}:{user.pk}",
        kind=MessageKind.ALERT,
        to_email=user.email,
        subject=reference_subject(subject=Subject.ALERT, reference=conference.reference),
        body=f"{text} Sign in to see what it is about.",
        user=user,
        family_id=conference.family_id,
        conference_id=conference.pk,
        now=now,
    )
