"""Staff events that higher apps act on in the same transaction, when an account or role changes.

A higher app connects a listener in its ``hooks.py``. A listener that raises rolls back the whole change.
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
    REOPENED = "account reopened"
    CONFIRMER_ENDED = "role that confirms ended"
    SECOND_NAMED = "named as second person"
    CHANGE_PROPOSED = "change of an account proposed"
    CHANGE_REFUSED = "change of an account refused"


@dataclass(frozen=True)
class StaffEvent:
    """A change to an account or a role.

    ``authority_id`` says where it was made, ``role`` which one was given, ``was`` the previous address,
    ``what`` the change that was proposed. ``why`` is the reason given, where one was asked for.
    """

    kind: StaffEventKind
    user: User
    by: User
    now: datetime.datetime
    authority_id: int | None = None
    role: str = ""
    was: str = ""
    what: str = ""
    why: str = ""


Listener = Callable[[StaffEvent], None]

# Called with every event.
staff_changed: Hook[Listener] = Hook()


def announce_staff(event: StaffEvent) -> None:
    """Call every listener, in the order in which they were connected."""
    for listener in staff_changed:
        listener(event)
