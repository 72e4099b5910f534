"""When a password is tried too often: the door closes for a while, and the account's owner is told.

Nothing here may tell whether there is an account: the door is counted by the address that was typed, whoever
it is, a closed door answers without comparing anything, and the try at which the owner is written to takes
the same time with and without an owner.
"""

from __future__ import annotations

import datetime
import time

from django.http import HttpRequest

from accounts import own_mail, throttling
from accounts.models import User

# Longer than looking up an account and writing one message takes.
TOLD_WITHIN_SECONDS = 0.3


def may_try_password(request: HttpRequest, email: str, *, now: datetime.datetime) -> bool:
    """Count a try of a password, by where it came from and for whom; False where either door is closed."""
    if not throttling.allow("sign-in:address", throttling.address_key(request), now=now):
        return False
    tried = throttling.allow("sign-in:account", _key(email), now=now)
    if tried.just_closed:
        _tell_owner(email, now=now)
    return tried.allowed


def was_right(request: HttpRequest, email: str) -> None:
    """Uncount the try of somebody who knew the password; the failures before it stay."""
    throttling.take_back("sign-in:address", throttling.address_key(request))
    throttling.take_back("sign-in:account", _key(email))


def begin_anew(user: User) -> None:
    """Open the door of somebody who has chosen a new password by a link in their mailbox."""
    throttling.forget("sign-in:account", _key(user.email))


def _key(email: str) -> str:
    return email.strip().lower()


def _tell_owner(email: str, *, now: datetime.datetime) -> None:
    done_by = time.monotonic() + TOLD_WITHIN_SECONDS
    owner = User.objects.filter(email__iexact=_key(email), is_active=True).first()
    if throttling.allow("told-of-closing:account", _key(email), now=now) and owner:
        own_mail.carry(owner, own_mail.About.CLOSED_DOOR, now=now)
    throttling.wait_until(done_by)
