"""Who is told of an incident: who is in danger the same day, the others as it is decided."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from deadlines.services import reconcile
from incidents.enums import Telling
from incidents.models import PersonConcerned
from incidents.services.incidents import FUTURE, lock


@transaction.atomic
def decide_about_telling(
    *, concerned: PersonConcerned, tell: bool, because: str, by: User, now: datetime.datetime
) -> PersonConcerned:
    """Decide, as whoever handles incidents, whether somebody is told. The same again changes nothing.

    Raises ValidationError without a reason, and where they were told already.
    """
    incident = lock(concerned.incident, by, to="handle")
    locked = PersonConcerned.objects.select_for_update(of=("self",)).get(pk=concerned.pk)
    if locked.telling == Telling.TOLD:
        raise ValidationError("They have been told already.")
    if not because.strip():
        raise ValidationError({"because": "Say why they are told, or not"})
    locked.telling = Telling.TELL if tell else Telling.NOT_TOLD
    locked.decided_because, locked.decided_by, locked.decided_at = because.strip(), by, now
    locked.save(update_fields=["telling", "decided_because", "decided_by", "decided_at"])
    reconcile(family_ids=[incident.family_id], now=now)
    return locked


@transaction.atomic
def record_told(
    *, concerned: PersonConcerned, told_at: datetime.datetime, how: str, by: User, now: datetime.datetime
) -> PersonConcerned:
    """Record that somebody was told, when and how. The first time counts.

    Raises ValidationError by field: no words, a time in the future or before the council was aware; and where nobody
    has decided that they are told.
    """
    incident = lock(concerned.incident, by)
    locked = PersonConcerned.objects.select_for_update(of=("self",)).get(pk=concerned.pk)
    if locked.telling == Telling.TOLD:
        return locked
    if locked.telling != Telling.TELL:
        raise ValidationError("Decide first that they are told.")
    faults: dict[str, str] = {}
    if told_at > now:
        faults["told_at"] = FUTURE
    elif told_at < incident.aware_at.replace(second=0, microsecond=0):
        faults["told_at"] = "This is before the council was aware of it"
    if not how.strip():
        faults["how"] = "Say how they were told, and what keeps them safe now"
    if faults:
        raise ValidationError(faults)
    locked.telling, locked.told_at, locked.told_how, locked.told_by = Telling.TOLD, told_at, how.strip(), by
    locked.save(update_fields=["telling", "told_at", "told_how", "told_by"])
    reconcile(family_ids=[incident.family_id], now=now)
    return locked
