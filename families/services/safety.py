"""Record and end dangers to staff who work with a family."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from families.enums import SafetyAlertKind
from families.models import Address, Person, SafetyAlert


@transaction.atomic
def record_safety_alert(
    *,
    kind: SafetyAlertKind | str,
    by: User,
    now: datetime.datetime,
    person: Person | None = None,
    address: Address | None = None,
    words: str = "",
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    source: str = "",
) -> SafetyAlert:
    """Record a danger to staff from a person or at an address.

    ``words`` are told to anyone who checks the list. Returns the existing row for the same danger in force.
    Raises ValidationError by field: neither person nor address, both, an unknown kind, "other" without words,
    or an end before the start.
    """
    if (person is None) == (address is None):
        raise ValidationError({"about": "Choose a person or an address."})
    if kind == SafetyAlertKind.OTHER and not words.strip():
        raise ValidationError({"words": "Say what to be careful about."})
    owner = Person if person is not None else Address
    owner.objects.select_for_update(no_key=True).get(pk=(person or address).pk)  # type: ignore[union-attr]
    facts = {"person": person, "address": address, "kind": kind, "words": words.strip()}
    same = SafetyAlert.objects.filter(**facts, ended_by__isnull=True, ends_on=ends_on).first()
    if same is not None:
        return same
    alert = SafetyAlert(
        **facts, starts_on=starts_on, ends_on=ends_on, source=source.strip(), recorded_by=by, recorded_at=now
    )
    alert.full_clean()
    alert.save()
    return alert


@transaction.atomic
def end_safety_alert(*, alert: SafetyAlert, on: datetime.date, because: str, by: User) -> SafetyAlert:
    """End a danger on the first day on which it no longer exists, with the reason.

    A no-op on an ended one. Raises ValidationError without a reason or before its first day.
    """
    if not because.strip():
        raise ValidationError({"because": "Say why it is no longer a danger."})
    locked = SafetyAlert.objects.select_for_update(no_key=True, of=("self",)).get(pk=alert.pk)
    if locked.ended_by_id is not None:
        return locked
    if locked.starts_on and on < locked.starts_on:
        raise ValidationError({"on": "It can't end before it started."})
    locked.ends_on, locked.ended_because, locked.ended_by = on, because.strip(), by
    locked.save(update_fields=["ends_on", "ended_because", "ended_by"])
    return locked
