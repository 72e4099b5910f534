"""The second factor: who needs one, whether this session has shown it, and asking for it again.

What a session has shown is in the sign-in library's own records (``account_authentication_methods``); a
directory that asked for a second factor itself adds a record of the kind ``DIRECTORY``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import drafts
from accounts.access import user_of, way_back
from accounts.models import User

# OWASP asks for fresh proof before a critical act; a quarter of an hour covers one such act and its form.
FRESH_FOR = datetime.timedelta(minutes=15)

OWN = "mfa"
DIRECTORY = "directory_second_factor"
# The library's name for signing in there, whatever the directory asked for.
SIGN_IN_BY_DIRECTORY = "socialaccount"
# What counts as a second step by itself; recovery codes only stand in for one of them.
STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# Stored beside an app's secret: the number of the half minute whose code was last used.
LAST_USED = "last_used_number"

Again = Callable[[HttpRequest, str], HttpResponse]

_open: set[str] = set()
_directory: list[Again] = []


def register_open(url_names: Iterable[str]) -> None:
    """Register views that open without a second factor; called from ``AppConfig.ready``."""
    _open.update(url_names)


def register_directory_again(again: Again) -> None:
    """Register how directory users give their second factor again; takes the URL to return to."""
    _directory[:] = [again]


def has_step(user: User) -> bool:
    """Return whether the user has set up a code app or a passkey."""
    return Authenticator.objects.filter(user=user, type__in=STEPS).exists()


def shown(request: HttpRequest) -> bool:
    """Return whether this session signed in with a second factor, or has shown one since."""
    return bool(_times(request))


def confirmed(request: HttpRequest, *, now: datetime.datetime) -> bool:
    """Return whether the second factor was given again within ``FRESH_FOR``; the one at sign-in does not count.

    True for a user without one where none is required, as in the demo. Call it before a form is shown and again
    when it is submitted, answering with ``ask_again`` where it is False.
    """
    if not request.user.is_authenticated:
        return False
    fresh_since = (now - FRESH_FOR).timestamp()
    if any(fresh_since < at <= now.timestamp() for at in _times(request, anew=True)):
        return True
    return not settings.REQUIRE_SECOND_FACTOR and not has_step(request.user)


@transaction.atomic
def use_code(app: Authenticator, code: str) -> bool:
    """Use up an app's code and every one before it; return False where it was already used.

    The library remembers used codes in a cache that may forget, and for less time than they are valid.
    """
    locked = Authenticator.objects.select_for_update().get(pk=app.pk)
    secret = decrypt(locked.data["secret"])
    number = next(
        (
            number
            for number in yield_hotp_counters_from_time()
            if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, number)))
        ),
        None,
    )
    if number is None or number <= locked.data.get(LAST_USED, 0):
        return False
    locked.data[LAST_USED] = app.data[LAST_USED] = number
    locked.save(update_fields=["data"])
    return True


def signed_in_lately(request: HttpRequest) -> bool:
    """Return whether the user signed in within ``FRESH_FOR``, with their second step where they have one.

    Enough for changing their own second steps; a critical act checks ``confirmed``.
    """
    if not request.user.is_authenticated:
        return False
    needed = {OWN} if has_step(request.user) else None
    since = (timezone.now() - FRESH_FOR).timestamp()
    return any(
        float(str(record["at"])) > since and (needed is None or record.get("method") in needed)
        for record in _records(request)
    )


def must_prove(request: HttpRequest) -> bool:
    """Return whether the user must prove who they are again before changing how they sign in.

    The library only asks users who have a password. It would let a re-entered password stand in for a second
    step set up elsewhere meanwhile, and would never ask users who sign in only through a directory.
    """
    if not request.user.is_authenticated or signed_in_lately(request):
        return False
    return has_step(request.user) or _came_by_directory(request)


def ask_proof(request: HttpRequest) -> HttpResponse:
    """Ask a user for whom ``must_prove`` is true to prove who they are, and return to this page."""
    if has_step(user_of(request)) or not _directory:
        return ask_again(request)
    return _directory[0](request, way_back(request))


def in_order(user: User, methods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort the library's ways of asking again, the user's own steps first."""
    first = "mfa_reauthenticate" if Authenticator.Type.TOTP in _steps_of(user) else "mfa_reauthenticate:webauthn"
    return sorted(methods, key=lambda method: method["id"] != first)


def ask_again(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor and come back to this page, keeping the input of a form meanwhile."""
    if request.method == "POST":
        drafts.hold(request)
    back = way_back(request)
    steps = _steps_of(user_of(request))
    if Authenticator.Type.TOTP in steps:
        return _to("mfa_reauthenticate", back)
    if Authenticator.Type.WEBAUTHN in steps:
        return _to("mfa_reauthenticate_webauthn", back)
    if _directory and any(record.get("method") == DIRECTORY for record in _records(request)):
        return _directory[0](request, back)
    return _to("accounts:set-up-second-step", back)


def mark_by_directory(request: HttpRequest, *, anew: bool = False) -> None:
    """Record that the council's directory asked for a second factor; ``anew`` if at our request just now.

    Call it after ``login``, which starts the session.
    """
    record_authentication(request, request.user, DIRECTORY, reauthenticated=anew or None)


def mark_by_setting_up(request: HttpRequest, kind: str, *, anew: bool = True) -> None:
    """Record that the user has just proved a second step by setting it up.

    Not ``anew`` where this session has shown one before: a person who finds it open must not confirm with their
    own.
    """
    record_authentication(request, request.user, OWN, type=kind, reauthenticated=anew or None)


class RequireSecondFactorMiddleware:
    """Sends role holders who have shown no second factor to the page where one is set up.

    Runs after authentication and draft keeping. Signing out, setting up a second step, the user's own account
    and public pages stay open. A session that began before a second step was set up elsewhere must show that
    one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponseBase | None:
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated or shown(request):
            return None
        if request.resolver_match and request.resolver_match.view_name in _open:
            return None
        if not request.user.current_roles:
            return None
        return ask_again(request)


def _records(request: HttpRequest) -> list[dict[str, object]]:
    return list(get_authentication_records(request, request.user if request.user.is_authenticated else None))


def _came_by_directory(request: HttpRequest) -> bool:
    return any(record.get("method") in {SIGN_IN_BY_DIRECTORY, DIRECTORY} for record in _records(request))


def _times(request: HttpRequest, *, anew: bool = False) -> list[float]:
    return [
        float(str(record["at"]))
        for record in _records(request)
        if record.get("method") in {OWN, DIRECTORY} and (not anew or record.get("reauthenticated"))
    ]


def _steps_of(user: User) -> set[str]:
    return set(Authenticator.objects.filter(user=user, type__in=STEPS).values_list("type", flat=True))


def _to(name: str, back: str) -> HttpResponse:
    return redirect(f"{reverse(name)}?{urlencode({'next': back})}")
