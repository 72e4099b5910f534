"""What higher apps have to say when a message can't be sent: who answers for it.

An app connects a question in its ``hooks.py``. It takes the message and gives the ids of the users who
answer for what it belongs to, such as the coordinator of the conference. Where nobody of them can be told it
goes to the service managers of the council, else to its administrators.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from accounts.enums import Role
from accounts.models import RoleAssignment
from govuk.hook import Hook
from notifications.models import Message

Question = Callable[[Message], Iterable[int]]
# Asked whenever a message has failed for good.
answering: Hook[Question] = Hook()

FALLBACK = (Role.SERVICE_MANAGER, Role.ADMINISTRATOR)


def who_answers_for(message: Message, *, on: datetime.date) -> list[int]:
    """The ids of the people to tell: active, and with a role in the council that day."""
    held = RoleAssignment.objects.current(on=on).filter(authority=message.authority_id, user__is_active=True)
    named = {user_id for question in answering for user_id in question(message)}
    found = set(held.filter(user__in=named).values_list("user", flat=True))
    for role in FALLBACK:
        if found:
            break
        found = set(held.filter(role=role).values_list("user", flat=True))
    return sorted(found)
