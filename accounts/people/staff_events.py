"""What higher apps do in the same transaction when somebody's account or role changes.

A higher app registers a listener in ``AppConfig.ready``. A listener that raises undoes the whole change.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import User


class StaffHappening(StrEnum):
    ROLE_GIVEN = "role given"
    ADDRESS_CHANGED = "address changed"
    ACCOUNT_CLOSED = "account closed"
    STEPS_TAKEN = "second steps taken away"


@dataclass(frozen=True)
class StaffEvent:
    """``authority_id`` says where it was done, ``role`` which one was given, ``was`` the address before a change.

    ``why`` is the reason that was typed, where one was asked for.
    """

    happening: StaffHappening
    user: User
    by: User
    now: datetime.datetime
    authority_id: int | None = None
    role: str = ""
    was: str = ""
    why: str = ""


Listener = Callable[[StaffEvent], None]

_listeners: list[Listener] = []


def register_staff_listener(listener: Listener) -> None:
    """Call ``listener`` with every event from now on; twice is once."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce_staff(event: StaffEvent) -> None:
    """Tell every listener, in the order in which they registered."""
    for listener in _listeners:
        listener(event)
