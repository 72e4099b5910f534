"""E-mail to somebody about their own account. The app that sends messages connects itself as the carrier.

Nothing is sent while a page is asked for: the message is written down, and leaves by itself soon after, so that
a page takes no longer for an address that is known.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from enum import StrEnum

from accounts.models import User
from govuk.hook import Hook


class About(StrEnum):
    """What an account's owner is written to about."""

    NEW_PASSWORD = "new-password"  # noqa: S105 - no secret
    CLOSED_DOOR = "closed-door"
    CHANGED = "changed"


Carrier = Callable[[User, About, datetime.datetime, str], None]
# Takes every message about an account, with words where they are not the same each time.
carriers: Hook[Carrier] = Hook()


def carry(user: User, about: About, *, now: datetime.datetime, words: str = "") -> None:
    """Hand a message to the carrier, with ``words`` where they are not the same each time."""
    for carrier in carriers:
        carrier(user, about, now, words)
