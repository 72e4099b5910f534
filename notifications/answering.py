"""Who is responsible for a message that can't be sent.

An app connects a question in its ``hooks.py``. It takes the message and returns the ids of the users
responsible for what it belongs to, such as the conference's coordinator. Where none of them can be told, the
message goes to the council's service managers, else to its administrators.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from accounts.enums import Role
from accounts.models import RoleAssignment
from govuk.hook import Hook
from notifications.models import Message

Question = Callable[[Message], Iterable[int]]
# Called whenever a message has failed for good.
answering: Hook[Question] = Hook()

FALLBACK = (Role.SERVICE_MANAGER, Role.ADMINISTRATOR)


def who_answers_for(message: Message, *, on: datetime.date) -> list[int]:
    """Return the ids of the people to tell: active, and with a role in the council that day."""
    held = RoleAssignment.objects.current(on=on).filter(authority=message.authority_id, user__is_active=True)
    named = {user_id for question in answering for user_id in question(message)}
    found = set(held.filter(user__in=named).values_list("user", flat=True))
    for role in FALLBACK:
        if found:
            break
        found = set(held.filter(role=role).values_list("user", flat=True))
    return sorted(found)
