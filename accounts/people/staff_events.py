"""What higher apps do in the same transaction when somebody's account or role changes.

A higher app connects a listener in its ``hooks.py``. A listener that raises undoes the whole change.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import User
from govuk.hook import Hook


class StaffEventKind(StrEnum):
    ROLE_GIVEN = "role given"
    ADDRESS_CHANGED = "address changed"
    ACCOUNT_CLOSED = "account closed"
    STEPS_TAKEN = "second steps taken away"


@dataclass(frozen=True)
class StaffEvent:
    """``authority_id`` says where it was done, ``role`` which one was given, ``was`` the address before a change.

    ``why`` is the reason that was typed, where one was asked for.
    """

    kind: StaffEventKind
    user: User
    by: User
    now: datetime.datetime
    authority_id: int | None = None
    role: str = ""
    was: str = ""
    why: str = ""


Listener = Callable[[StaffEvent], None]

# Told of every event.
staff_changed: Hook[Listener] = Hook()


def announce_staff(event: StaffEvent) -> None:
    """Tell every listener, in the order in which they were connected."""
    for listener in staff_changed:
        listener(event)
