"""Who may read the outbox: those responsible for what the council sends."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db.models import Q
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import ReadKind, Role
from accounts.readers import Reader
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Condition, Rule
from govuk.hook import Hook
from notifications.models import Message

OUTBOX_ROLES = (Role.COORDINATOR, Role.SERVICE_MANAGER)


def _as_coordinator(reader: Reader) -> Q | None:
    councils = reader.authority_ids(Role.COORDINATOR)
    return None if councils is None else Q(authority__one_of=councils)


def _as_service_manager(reader: Reader) -> Q | None:
    councils = reader.authority_ids(Role.SERVICE_MANAGER)
    return None if councils is None else Q(authority__one_of=councils)


# Given messages, each returns the ids of those whose recipient's address would give away a hidden place.
confidential_addresses: Hook[Callable[[Collection[Message]], set[int]]] = Hook()


def hide_addresses(messages: Collection[Message]) -> None:
    """Mark as ``hides_address`` the messages whose recipient's address pages do not show."""
    hidden = {pk for listener in confidential_addresses for pk in listener(messages)}
    for message in messages:
        message.hides_address = message.pk in hidden


# Matches messages about cases closed to the reader.
closed_messages: Hook[Condition] = Hook()


def _never(reader: Reader) -> Q | None:
    """Match messages about cases the reader may not know of, whatever else they are responsible for."""
    found = None
    for condition in closed_messages:
        barred = condition(reader)
        if barred is not None:
            found = barred if found is None else found | barred
    return found


MESSAGES = Rule(rights=(("coordinator", _as_coordinator), ("service manager", _as_service_manager)), never=_never)


_MESSAGES = RowsToOpen(lambda: Message.objects.select_related("authority"))


def access_message(request: HttpRequest, pk: int, *, to: str, kind: ReadKind = ReadKind.PAGE) -> Message:
    """Return the message, for coordinators and service managers of its council to whom its case isn't closed."""
    return open_row(
        request,
        _MESSAGES,
        MESSAGES,
        page=f"notifications:{to}",
        families=lambda message: [message.family_id] if message.family_id else [],
        persons=lambda message: [message.person_id] if message.person_id else [],
        kind=kind,
        pk=pk,
    )
