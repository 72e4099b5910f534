"""E-mail to users about their own account. The app that sends messages connects itself as the carrier.

Nothing is sent during the request: the message is recorded and leaves soon after, so that a page takes no
longer for a known address than for an unknown one.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from enum import StrEnum

from accounts.models import User
from govuk.hook import Hook


class About(StrEnum):
    """What an account's owner is told about."""

    WELCOME = "welcome"
    NEW_PASSWORD = "new-password"  # noqa: S105 - no secret
    CLOSED_DOOR = "closed-door"
    CHANGED = "changed"


Carrier = Callable[[User, About, datetime.datetime, str], None]
# Called with every message about an account; ``words`` where the text varies.
carriers: Hook[Carrier] = Hook()


def carry(user: User, about: About, *, now: datetime.datetime, words: str = "") -> None:
    """Hand a message to the carriers, with ``words`` where the text varies."""
    for carrier in carriers:
        carrier(user, about, now, words)
