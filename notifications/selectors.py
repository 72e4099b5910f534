"""Reading the outbox and the notices."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from accounts.models import User
from notifications.access import MESSAGES
from notifications.enums import MessageState
from notifications.models import Message, Notice


def outbox(*, user: User, state: str = "") -> QuerySet[Message]:
    """The messages whose sending ``user`` answers for, newest first, in one state where it is given."""
    messages = MESSAGES.visible(Message.objects.all(), user)
    return messages.filter(state=state) if state else messages


def outbox_counts(*, user: User) -> dict[str, int]:
    """How many messages of the outbox are in each state."""
    rows = outbox(user=user).order_by().values("state").annotate(number=Count("pk"))
    found = {row["state"]: row["number"] for row in rows}
    return {state.value: found.get(state.value, 0) for state in MessageState}


def open_notices(*, user: User) -> QuerySet[Notice]:
    """What ``user`` was told and has not acknowledged, urgent things first, then the newest."""
    return Notice.objects.filter(user=user, acknowledged_at__isnull=True).order_by(
        "-urgent", "-created_at", "-pk"
    )
