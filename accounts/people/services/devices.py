"""Enrolling a device of the council, and revoking it."""

from __future__ import annotations

import datetime
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import Authority, EnrolledDevice, User
from accounts.people.selectors.devices import SIGNS, clean_code, hash_of

# Ours: time to walk to the device and sign in there.
CODE_LASTS = datetime.timedelta(minutes=30)
# Ours: once a year somebody looks whether the device is still where it should be.
LASTS = datetime.timedelta(days=365)
CODE_SIGNS = 8
TOKEN_BYTES = 32


@transaction.atomic
def make_device(*, authority: Authority, name: str, by: User, now: datetime.datetime) -> tuple[EnrolledDevice, str]:
    """Let one browser be enrolled under this name, and return the code that does it once.

    A device that nobody took up in time gives its name back. Raises ValidationError on ``name``.
    """
    wanted = name.strip()
    if not wanted:
        raise ValidationError({"name": "Say which device it is."})
    given_up = EnrolledDevice.objects.filter(
        authority=authority, name=wanted, taken_up_at__isnull=True, revoked_at__isnull=True, code_until__lte=now
    )
    given_up.update(revoked_at=now, revoked_by=by)
    code = "".join(secrets.choice(SIGNS) for _ in range(CODE_SIGNS))
    with refused_by_database(device_name_once="name"):
        device = EnrolledDevice.objects.create(
            authority=authority,
            name=wanted,
            made_by=by,
            made_at=now,
            code_hash=hash_of("code", code),
            code_until=now + CODE_LASTS,
            ends_at=now + LASTS,
        )
    return device, code


@transaction.atomic
def take_up_device(*, code: str, by: User, now: datetime.datetime) -> tuple[EnrolledDevice, str] | None:
    """Redeem a code in a browser where staff of the council are signed in; return its device and secret token.

    Returns None if the code is unknown, used, too old, or another council's. A code works once: the row is locked
    before it is read.
    """
    councils = {row.authority_id for row in by.current_roles}
    found = (
        EnrolledDevice.objects.select_for_update()
        .filter(
            code_hash=hash_of("code", clean_code(code)),
            code_until__gt=now,
            taken_up_at__isnull=True,
            revoked_at__isnull=True,
            authority__in=councils,
        )
        .first()
    )
    if found is None:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    found.token_hash = hash_of("token", token)
    found.taken_up_by, found.taken_up_at = by, now
    found.save(update_fields=["token_hash", "taken_up_by", "taken_up_at"])
    return found, token


@transaction.atomic
def revoke_device(*, device: EnrolledDevice, by: User, now: datetime.datetime) -> EnrolledDevice:
    """End an enrolment at once: the browser keeps nothing from its next page on. Idempotent."""
    locked = EnrolledDevice.objects.select_for_update().get(pk=device.pk)
    if locked.revoked_at is None:
        locked.revoked_by, locked.revoked_at = by, now
        locked.save(update_fields=["revoked_by", "revoked_at"])
    return locked
