"""Mail about time limits is checked as it leaves: what waited for the morning may have ceased to be its reader's."""

from __future__ import annotations

import datetime
import re

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from deadlines.access import about_a_sealed_child, visible_deadlines
from deadlines.models import Deadline
from deadlines.working_days.arithmetic import civil_day
from families.access import barred_families, knowing
from families.models import Family
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.outbox import queue_message

KEY, AGAIN = "deadlines:", ":again"
BREAK = "\n\n"
NOTHING_LEFT = "Nothing that it says still waits for whom it was written to."
IN_PART = "Part of what it said was settled or closed to its reader in the meantime. The rest leaves instead."
# What ends a mail and is about no single time limit.
CLOSING = ("And ", "All your work: ")


def reason_to_withhold(message: Message) -> str:
    """Return why mail about time limits may not leave as it was written; empty for any other message.

    A line stays while its time limit runs and its reader may be told of it, by the rule of ``escalation``: they are
    responsible and hold a role in the council, or may open it; they do not belong to the family; of a restricted case
    those alone who know of it, unless the line names nothing.
    """
    if not message.key.startswith(KEY):
        return ""
    lines = _lines(message)
    left = _still_told(message, lines)
    if not left:
        return NOTHING_LEFT
    return "" if left == lines else IN_PART


def on_mail_not_sent(message: Message, because: str, now: datetime.datetime) -> None:
    """Write the rest of a mail anew, where only a part of it may still leave. Its subject names no case."""
    if not message.key.startswith(KEY) or because != IN_PART:
        return
    left = _still_told(message, _lines(message))
    closing = [part for part in message.body.split(BREAK) if part.startswith(CLOSING)]
    if left:
        queue_message(
            authority=message.authority,
            key=f"{message.key}{AGAIN}",
            kind=MessageKind.ALERT,
            to_email=message.to_email,
            subject=f"{message.subject.partition(': ')[0]}: {civil_day(now)}",
            body=BREAK.join([*left, *closing]),
            user=message.user,
            now=now,
        )


def _lines(message: Message) -> list[str]:
    return [part for part in message.body.split(BREAK) if not part.startswith(CLOSING)]


def _still_told(message: Message, lines: list[str]) -> list[str]:
    user = message.user
    if user is None or not user.is_active or not user.authority_ids(*Role.values):
        return []
    running = _pages(lines, "deadlines:deadline")
    hidden = _pages(lines, "families:break-glass")
    told = _may_be_told(user, message.authority_id, set(running.values()))
    barred = set(barred_families(user))
    is_service_manager = message.authority_id in user.authority_ids(Role.SERVICE_MANAGER)
    return [
        line
        for line in lines
        if running.get(line) in told or (is_service_manager and hidden.get(line, 0) not in barred | {0})
    ]


def _pages(lines: list[str], page: str) -> dict[str, int]:
    """Return the id to which each line leads, of those that lead to this page."""
    before, _, after = reverse(page, args=[0]).partition("0")
    led = re.compile(rf"\n{re.escape(settings.PUBLIC_URL + before)}(\d+){re.escape(after)}\Z")
    return {line: int(found[1]) for line in lines if (found := led.search(line))}


def _may_be_told(user: User, authority_id: int, ids: set[int]) -> set[int]:
    rows = Deadline.objects.open().filter(pk__in=ids).exclude(about_a_sealed_child())
    told = set(visible_deadlines(user).filter(pk__in=rows.values("pk")).values_list("pk", flat=True))
    if authority_id not in user.authority_ids(*Role.values):
        return told
    known = {family for family, who in knowing(on=timezone.localdate()) if who == user.pk}
    restricted = set(
        Family.objects.filter(pk__in=rows.values("family_id"), restricted=True).values_list("pk", flat=True)
    )
    closed = set(barred_families(user)) | (restricted - known)
    return told | {
        pk
        for pk, family_id in rows.filter(responsible_ids__contains=[user.pk]).values_list("pk", "family_id")
        if family_id not in closed
    }
