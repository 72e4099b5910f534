"""Devices on which staff may go on recording without a network."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Authority, EnrolledDevice

# Characters that are not mistaken for others: no I and 1, no O and 0.
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def hash_of(kind: str, secret: str) -> str:
    """Return what the database keeps of a device's code or token: a keyed hash, because a code is short."""
    return salted_hmac(f"accounts.device.{kind}", secret, algorithm="sha256").hexdigest()


def clean_code(typed: str) -> str:
    """Normalise a typed code: lower case, hyphens and spaces do not matter."""
    return "".join(sign for sign in typed.upper() if sign in SIGNS)


def devices_of(authority: Authority) -> QuerySet[EnrolledDevice]:
    """Return every device ever enrolled in the council, newest first."""
    return EnrolledDevice.objects.filter(authority=authority).select_related("made_by", "taken_up_by", "revoked_by")


def enrolled(*, now: datetime.datetime) -> QuerySet[EnrolledDevice]:
    """Return devices that have been taken up, have not been revoked, and whose time has not passed."""
    return EnrolledDevice.objects.filter(taken_up_at__isnull=False, revoked_at__isnull=True, ends_at__gt=now)


def device_of(request: HttpRequest) -> EnrolledDevice | None:
    """Return the device of this browser, for signed-in staff who hold a role in its council today."""
    token = request.COOKIES.get(settings.DEVICE_COOKIE, "")
    if not token or not request.user.is_authenticated:
        return None
    found = enrolled(now=timezone.now()).filter(token_hash=hash_of("token", token)).first()
    held = {row.authority_id for row in request.user.current_roles}
    return found if found is not None and found.authority_id in held else None
