"""Who can open the device on which a child would open a link, and what follows from it."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import Capacity, WhoOpens
from conferences.models import DeviceAsked, Participant
from conferences.selectors.devices import device_of, why_no_own_link
from conferences.services.advocates import MEANWHILE
from conferences.services.exclusions import lock_participant
from conferences.services.guest_links import revoke_link
from deadlines.working_days.arithmetic import civil_day

FIELDS = ("email", "who_opens", "asked_of", "asked_on")


@transaction.atomic
def record_device(
    *,
    participant: Participant,
    who_opens: str,
    asked_of: str,
    asked_on: datetime.date,
    by: User,
    now: datetime.datetime,
    standing: int = 0,
) -> DeviceAsked:
    """Record who can open the device of a child, of whom that was asked and when, for the address on the list.

    Where anyone but the child can, or nobody knows, their link is closed and its session ended. ``standing`` is the id
    of the record that the page showed, 0 for none; the same values again change nothing. Raises ValidationError for
    anyone but a child, without an address on the list, by field, and where someone recorded another answer meanwhile.
    """
    locked = lock_participant(participant)
    if locked.capacity != Capacity.CHILD:
        raise ValidationError("This is asked about a child’s device.")
    if not locked.email:
        raise ValidationError("No e-mail address is on the list for them, so there is no device to ask about.")
    errors: dict[str, str] = {}
    if who_opens not in WhoOpens.values:
        errors["who_opens"] = "Choose who can open the device."
    if not asked_of.strip():
        errors["asked_of"] = "Say who told you."
    if asked_on > civil_day(now):
        errors["asked_on"] = "This day is still to come. Enter when you asked."
    if errors:
        raise ValidationError(errors)
    wanted = {"email": locked.email, "who_opens": who_opens, "asked_of": asked_of.strip(), "asked_on": asked_on}
    before = device_of(locked)
    if before is not None and all(getattr(before, name) == wanted[name] for name in FIELDS):
        return before
    if (before.pk if before else 0) != standing:
        raise ValidationError(MEANWHILE)
    if before is not None:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    with refused_by_database():
        made = DeviceAsked.objects.create(participant=locked, recorded_by=by, recorded_at=now, **wanted)
    if because := why_no_own_link(locked):
        revoke_link(locked, because=because, by=by, now=now)
    return made
