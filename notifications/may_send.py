"""What higher apps have to say before a message leaves: facts may have changed since it was written.

An app connects a check in its ``hooks.py``. A check takes the message and gives the reason for
withholding it, or an empty text. It reads the facts as they are now; where a check raises, the message is
kept back for another try.
"""

from __future__ import annotations

from collections.abc import Callable

from govuk.hook import Hook
from notifications.models import Message

Check = Callable[[Message], str]
# Asked before each message is sent.
checks: Hook[Check] = Hook()


def reason_to_withhold(message: Message) -> str:
    """The first reason that a connected check gives for not sending ``message``, or an empty text."""
    return next(filter(None, (check(message) for check in checks)), "")
