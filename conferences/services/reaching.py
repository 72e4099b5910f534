"""Marks the address of someone on the list as safe to write to."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Participant
from conferences.selectors.mailboxes import refusal, sharers
from conferences.services.exclusions import lock_participant
from deadlines.working_days.arithmetic import civil_day
from families.services import mark_safe


@transaction.atomic
def mark_address_safe(
    *,
    participant: Participant,
    value: str,
    safe_how: str,
    safe_on: datetime.date | None,
    by: User,
    now: datetime.datetime,
) -> Participant:
    """Record on the person that an address is safe, how and when that was made sure, and use it for the invitation.

    Nothing is sent. Raises ValidationError without how and when, where someone else reads the mailbox, and where
    the person has a message at another address already: the list changes that, and tells them.
    """
    locked = lock_participant(participant)
    if locked.invited_at is not None and locked.email.strip().lower() != value.strip().lower():
        raise ValidationError({"value": "They are invited at another address. Change it on the list first."})
    shared = sharers(locked.conference, [(locked, value)], on=civil_day(now))
    if locked.pk in shared:
        raise ValidationError({"value": refusal(locked.person.full_name, shared[locked.pk])})
    mark_safe(person=locked.person, value=value, safe_how=safe_how, safe_on=safe_on, by=by, now=now)
    if locked.email != value.strip():
        locked.email = value.strip()
        locked.version += 1
        locked.save(update_fields=["email", "version"])
    return locked
