"""Browsers in which an account has shown its second factor, or opened a link from its mailbox.

Anybody can enter wrong passwords for someone else until the account is blocked. A browser that is known for the
account has a count of its own, so that its owner gets on meanwhile; it opens nothing by itself. What the browser
keeps is signed, names no account in words, and is read without a look at the database: an attempt costs the
same whether there is such an account or not.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable
from dataclasses import astuple, dataclass
from http import HTTPStatus

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.access import user_of
from accounts.models import User
from accounts.signin import second_factor

# Ours: a chair may be on leave for a summer.
KNOWN_FOR = datetime.timedelta(days=90)
# Whoever has opened the link signs in next.
KNOWN_BY_LINK_FOR = datetime.timedelta(hours=1)
WRITE_AGAIN_AFTER = datetime.timedelta(days=7)
# A desk that several people share.
MOST_ACCOUNTS = 8
SALT = "accounts.signin.known_devices"


@dataclass(frozen=True)
class Entry:
    """One account that a browser is known for: a keyed hash of its address, the browser's own key, and until when."""

    account: str
    key: str
    until: int


def key_for(request: HttpRequest, email: str, *, now: datetime.datetime) -> str:
    """Return the key under which this browser's attempts at the account are counted; empty where it is not known."""
    wanted = _hashed(email)
    return next((entry.key for entry in _entries(request, now=now) if entry.account == wanted), "")


def know_by_link(request: HttpRequest, user: User) -> None:
    """Let the browser be known for an hour, by the response to this request."""
    request.known_by_link = user.email  # type: ignore[attr-defined]


class KnownDeviceMiddleware:
    """Makes a browser known as soon as its session has shown a second factor. Runs after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        now = timezone.now()
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            return response
        if email := getattr(request, "known_by_link", ""):
            _write(request, response, email, now=now, lasts=KNOWN_BY_LINK_FOR)
        elif request.session.session_key and request.user.is_authenticated and second_factor.shown(request):
            _write(request, response, user_of(request).email, now=now, lasts=KNOWN_FOR)
        return response


def _write(
    request: HttpRequest, response: HttpResponseBase, email: str, *, now: datetime.datetime, lasts: datetime.timedelta
) -> None:
    account, until = _hashed(email), now + lasts
    entries = _entries(request, now=now)
    held = next((entry for entry in entries if entry.account == account), None)
    if held and held.until > (until - WRITE_AGAIN_AFTER).timestamp():
        return
    new = Entry(account, held.key if held else secrets.token_urlsafe(16), int(until.timestamp()))
    kept = [new, *(entry for entry in entries if entry.account != account)][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE,
        signing.dumps([astuple(entry) for entry in kept], salt=SALT),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _entries(request: HttpRequest, *, now: datetime.datetime) -> list[Entry]:
    try:
        held = signing.loads(request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return []
    return [entry for entry in (Entry(*row) for row in held) if entry.until > now.timestamp()]


def _hashed(email: str) -> str:
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:32]
