"""Reads the outbox and notices."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from accounts.models import User
from notifications.access import MESSAGES
from notifications.enums import MessageState
from notifications.models import Message, Notice


def outbox(*, user: User, state: str = "") -> QuerySet[Message]:
    """Return the messages ``user`` is responsible for sending, newest first, optionally in one state."""
    messages = MESSAGES.visible(Message.objects.all(), user)
    return messages.filter(state=state) if state else messages


def outbox_counts(*, user: User) -> dict[str, int]:
    """Return how many messages of the outbox are in each state."""
    rows = outbox(user=user).order_by().values("state").annotate(number=Count("pk"))
    found = {row["state"]: row["number"] for row in rows}
    return {state.value: found.get(state.value, 0) for state in MessageState}


def open_notices(*, user: User) -> QuerySet[Notice]:
    """Return the user's unacknowledged notices but those known to be settled, urgent ones first, then newest first."""
    return Notice.objects.filter(user=user, acknowledged_at__isnull=True, settled_at__isnull=True).order_by(
        "-urgent", "-created_at", "-pk"
    )
