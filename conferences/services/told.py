"""What was asked for or told in words is settled; a danger that an agency tells of reaches staff at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.enums import AskedKind
from conferences.models import ConferenceRequest, RequestedItem
from conferences.services.alerts import queue_alert
from conferences.services.guards import text_of
from families.access import may_change_family
from families.enums import SafetyAlertKind
from families.services.cases import lock_family
from families.services.safety import record_safety_alert
from notifications.services.outbox import notify

TOLD = "an agency that asks for a conference tells of a danger for whoever visits."


def tell_of_dangers(request: ConferenceRequest, users: Iterable[User], *, now: datetime.datetime) -> None:
    """Tell staff of each danger in an agency's request, on the page and by e-mail; by reference, never its words."""
    for item in request.items.filter(kind=AskedKind.DOOR):
        for user in users:
            key = f"told-danger:{item.pk}"
            page = "conferences:settle-told-danger" if may_change_family(user, request.family) else ""
            notify(
                user=user,
                key=key,
                text=f"{request.reference}: {TOLD}",
                url=reverse(page, args=[request.family_id, item.pk])
                if page
                else reverse("conferences:answer-request", args=[request.family_id, request.pk]),
                urgent=True,
                now=now,
            )
            queue_alert(user=user, about=request, key=key, text=TOLD.capitalize(), now=now)


@transaction.atomic
def settle_told_danger(
    *, item: RequestedItem, alert: Mapping[str, Any] | None, because: str = "", by: User, now: datetime.datetime
) -> RequestedItem:
    """Record the danger that an agency told of as one to staff, or say why none is recorded. Idempotent.

    ``alert`` holds the arguments of ``record_safety_alert``; None where there is no danger to record. Raises
    ValidationError on ``because`` where that lacks a reason, for anyone who may not change the case, and what
    ``record_safety_alert`` raises.
    """
    lock_family(item.request.family)
    locked = RequestedItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    if locked.settled_at is not None:
        return locked
    if not may_change_family(by, item.request.family):
        raise ValidationError("Only those who work on this case can settle this.")
    if alert is None:
        said = text_of("because", because, "Say why no danger is recorded.")
    else:
        recorded = record_safety_alert(by=by, now=now, **alert)
        said = f"Recorded as a danger to staff: {SafetyAlertKind(recorded.kind).label}"
    locked.settled_how, locked.settled_by, locked.settled_at = said, by, now
    locked.save()
    return locked


@transaction.atomic
def settle_item(*, item: RequestedItem, how: str, by: User, now: datetime.datetime) -> RequestedItem:
    """Record what was done about something that was asked for in words; it no longer waits. Idempotent."""
    locked = RequestedItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    if locked.settled_at is not None:
        return locked
    locked.settled_how = text_of("reason", how, "Say what was done.")
    locked.settled_by, locked.settled_at = by, now
    locked.save()
    return locked
