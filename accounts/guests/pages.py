"""What all guest pages share: headers, cookies, the council, and the one page for access that has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.guests.limits import CODE_LIVES
from accounts.guests.selectors import council_of_cookies
from accounts.models import Authority
from govuk.colours import DEFAULT_COLOUR, usable

_PREFIX = "__Host-" if settings.PRODUCTION else ""
COOKIE = f"{_PREFIX}guest"
ASKER_COOKIE = f"{_PREFIX}guest-code"
# Says only that this browser shows large text.
TEXT_COOKIE = f"{_PREFIX}guest-text"
GUEST_PAGES = "/guest/"
# Where "Leave this page quickly" leads: a site that anybody could have open.
ELSEWHERE = {"url": "https://www.bbc.co.uk/weather", "title": "BBC Weather"}
# Never send the path, which may hold a secret. "no-referrer" would also drop the origin from form submissions, and
# Django would then refuse them.
REFERRER_POLICY = "strict-origin"


def guest_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, authority: Authority | None, status: int = 200
) -> HttpResponse:
    """Render a guest page in the guest's council's colours, even if a user is signed in in the same browser."""
    colour = usable(authority.colour) if authority else DEFAULT_COLOUR
    frame = {
        "authority": authority,
        "theme_digits": colour.removeprefix("#"),
        "elsewhere": ELSEWHERE,
        "has_large_text": request.COOKIES.get(TEXT_COOKIE) == "large",
    }
    return render(request, template, {**context, **frame}, status=status)


def closed_door(
    request: HttpRequest, *, authority: Authority | None = None, kept: bool = False, typed: Sequence[str] = ()
) -> HttpResponse:
    """Return the one response for an invalid, expired or revoked link or an ended session: who to ring.

    ``kept`` where what was typed is kept for the next stay; ``typed`` is given back where it is not.
    """
    if authority is None:
        cookies = request.COOKIES
        authority = council_of_cookies(cookies.get(COOKIE, ""), cookies.get(ASKER_COOKIE, ""))
    if authority is None:
        councils = list(Authority.objects.all()[:2])
        authority = councils[0] if len(councils) == 1 else None
    response = guest_page(
        request, "guests/closed_door.html", {"kept": kept, "typed": typed}, authority=authority, status=404
    )
    return sealed(response)


def sealed(response: HttpResponseBase) -> Any:
    """Set headers so that a guest page is not cached, indexed by search engines, or disclosed to other sites."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = REFERRER_POLICY
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def set_cookie(response: HttpResponse, name: str, value: str) -> None:
    """Set a guest cookie: this host only, hidden from scripts; its lifetime is enforced on the server.

    The session cookie ends with the browser, for the next person at a shared computer. The code-request cookie
    does not: a phone may close the browser while its owner looks for the e-mail.
    """
    response.set_cookie(
        name,
        value,
        max_age=None if name in (COOKIE, TEXT_COOKIE) else int(2 * CODE_LIVES.total_seconds()),
        path="/",
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: HttpResponse, name: str) -> None:
    """Delete a guest cookie."""
    response.set_cookie(name, "", max_age=0, path="/", secure=settings.PRODUCTION, httponly=True, samesite="Lax")
