"""What higher apps have to say before a message leaves: facts may have changed since it was written.

An app registers a check in ``AppConfig.ready``. A check takes the message and gives the reason for
withholding it, or an empty text. It reads the facts as they are now; where a check raises, the message is
kept back for another try.
"""

from __future__ import annotations

from collections.abc import Callable

from notifications.models import Message

Check = Callable[[Message], str]
_checks: list[Check] = []


def register_check(check: Check) -> Check:
    """Ask ``check`` before each message is sent; registering it twice has no effect."""
    if check not in _checks:
        _checks.append(check)
    return check


def reason_to_withhold(message: Message) -> str:
    """The first reason that a registered check gives for not sending ``message``, or an empty text."""
    return next(filter(None, (check(message) for check in _checks)), "")
