"""Checks by higher apps before a message leaves: facts may have changed since it was written.

An app connects a check in its ``hooks.py``. A check takes the message and returns the reason for withholding
it, or an empty string. It reads the current facts; where a check raises, the message is kept back for another
attempt.

A hold is like a check, but the message waits for a manager, who releases it or keeps it back.
"""

from __future__ import annotations

from collections.abc import Callable

from govuk.hook import Hook
from notifications.models import Message

Check = Callable[[Message], str]
# Called before each message is sent.
checks: Hook[Check] = Hook()
# Called before each message is sent that no manager has released.
holds: Hook[Check] = Hook()


def reason_to_withhold(message: Message) -> str:
    """Return the first reason a connected check gives for not sending ``message``, or an empty string."""
    return next(filter(None, (check(message) for check in checks)), "")


def reason_to_hold(message: Message) -> str:
    """Return the first reason for which ``message`` waits for a manager, or an empty string; never once released."""
    if message.settled_at is not None:
        return ""
    return next(filter(None, (hold(message) for hold in holds)), "")
