"""Password throttling: after too many attempts sign-in is blocked for a while, and the account's owner is told.

Nothing here may reveal whether an account exists: attempts are counted by the address typed, whoever it belongs
to, a blocked attempt is refused without comparing anything, and the attempt that triggers the owner's message
takes the same time with and without an owner. Whoever proves themselves otherwise gets on while the account is
blocked: a passkey asks for no password, and a browser that is known for the account is counted apart.
"""

from __future__ import annotations

import datetime
import time

from django.http import HttpRequest
from django.utils import timezone

from accounts import own_mail, throttling
from accounts.models import User
from accounts.signin import known_devices

# Longer than it takes to look up an account and write one message.
TOLD_WITHIN_SECONDS = 0.3


def may_try_password(request: HttpRequest, email: str, *, now: datetime.datetime) -> bool:
    """Count a password attempt; return False where it is blocked.

    Attempts are counted by IP address and by account, those of a browser known for the account by that alone.
    """
    if key := known_devices.key_for(request, email, now=now):
        return bool(throttling.allow("sign-in:known-device", key, now=now))
    if not throttling.allow("sign-in:address", throttling.address_key(request), now=now):
        return False
    tried = throttling.allow("sign-in:account", _key(email), now=now)
    if tried.just_closed:
        _tell_owner(email, now=now)
    return tried.allowed


def was_right(request: HttpRequest, email: str) -> None:
    """Uncount the attempt of a user who knew the password; earlier failures stay."""
    if key := known_devices.key_for(request, email, now=timezone.now()):
        throttling.take_back("sign-in:known-device", key)
        return
    throttling.take_back("sign-in:address", throttling.address_key(request))
    throttling.take_back("sign-in:account", _key(email))


def begin_anew(user: User) -> None:
    """Unblock a user who has chosen a new password by a link in their mailbox."""
    throttling.forget("sign-in:account", _key(user.email))


def _key(email: str) -> str:
    return email.strip().lower()


def _tell_owner(email: str, *, now: datetime.datetime) -> None:
    done_by = time.monotonic() + TOLD_WITHIN_SECONDS
    owner = User.objects.filter(email__iexact=_key(email), is_active=True).first()
    if throttling.allow("told-of-closing:account", _key(email), now=now) and owner:
        own_mail.carry(owner, own_mail.About.CLOSED_DOOR, now=now)
    throttling.wait_until(done_by)
