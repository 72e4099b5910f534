"""Messages that wait for a manager: held at once, then released or kept back one by one, with a reason."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from notifications.services.wake import wake_sender_after_commit

SETTLED = "This message is no longer waiting for a manager."


@transaction.atomic
def hold_messages(*, person_ids: Collection[int], because: str, now: datetime.datetime) -> int:
    """Hold every unsent message to these people that no manager has released; return how many."""
    unsent = Q(state=MessageState.WAITING) | Q(state=MessageState.SENDING, claimed_until__lte=now)
    rows = Message.objects.filter(unsent, person_id__in=list(person_ids), user=None, settled_at=None)
    return rows.exclude(kind__in=[MessageKind.CODE, MessageKind.ACCOUNT]).update(
        state=MessageState.HELD, held_at=now, held_because=because[:300], claimed_until=None
    )


@transaction.atomic
def let_go(*, person_ids: Collection[int], now: datetime.datetime) -> int:
    """Let the held messages to these people leave again, as nothing holds them any more; return how many."""
    rows = Message.objects.filter(person_id__in=list(person_ids), state=MessageState.HELD)
    freed = rows.update(state=MessageState.WAITING, send_after=now, held_at=None, held_because="", tries=0)
    if freed:
        wake_sender_after_commit()
    return freed


@transaction.atomic
def release_message(*, message: Message, because: str, by: User, now: datetime.datetime) -> Message:
    """Send one held message after all. What else would withhold it still does, when it is about to leave.

    Released already: unchanged. Raises ValidationError without a reason, or where it isn't held any more.
    """
    locked = _lock(message, because)
    if locked.settled_at is not None and locked.state != MessageState.WITHDRAWN:
        return locked
    _refuse_unless_held(locked)
    _settle(locked, MessageState.WAITING, because=because, by=by, now=now)
    locked.send_after, locked.tries = now, 0
    locked.save()
    wake_sender_after_commit()
    return locked


@transaction.atomic
def keep_back_message(*, message: Message, because: str, by: User, now: datetime.datetime) -> Message:
    """Never send one held message. Kept back already: unchanged. Raises as ``release_message`` does."""
    locked = _lock(message, because)
    if locked.settled_at is not None and locked.state == MessageState.WITHDRAWN:
        return locked
    _refuse_unless_held(locked)
    _settle(locked, MessageState.WITHDRAWN, because=because, by=by, now=now)
    locked.withdrawn_at, locked.withdrawn_because = now, because.strip()[:300]
    locked.save()
    return locked


def _lock(message: Message, because: str) -> Message:
    if not because.strip():
        raise ValidationError({"because": "Say why."})
    return Message.objects.select_for_update(of=("self",)).get(pk=message.pk)


def _refuse_unless_held(message: Message) -> None:
    if message.state != MessageState.HELD:
        raise ValidationError(SETTLED)


def _settle(message: Message, state: MessageState, *, because: str, by: User, now: datetime.datetime) -> None:
    message.state = state
    message.settled_at, message.settled_by, message.settled_because = now, by, because.strip()
