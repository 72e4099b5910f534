"""What all pages of guests share: headers, cookies, whose council it is, and the one page for a closed door."""

from __future__ import annotations

from collections.abc import Mapping
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
# Nowhere the address of a page, which may hold a secret. "no-referrer" would keep the site's own name from
# forms too, and Django then refuses them as coming from anywhere.
REFERRER_POLICY = "strict-origin"


def guest_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    authority: Authority | None,
    status: int = 200,
) -> HttpResponse:
    """A page of a guest, in the guest's council's colours, whoever else is signed in in the same browser."""
    colour = usable(authority.colour) if authority else DEFAULT_COLOUR
    frame = {"authority": authority, "theme_digits": colour.removeprefix("#")}
    return render(request, template, {**context, **frame}, status=status)


def closed_door(request: HttpRequest, *, authority: Authority | None = None) -> HttpResponse:
    """The one answer to a link that is wrong, run out or closed, and to a stay that is over: whom to ring."""
    if authority is None:
        cookies = request.COOKIES
        authority = council_of_cookies(cookies.get(COOKIE, ""), cookies.get(ASKER_COOKIE, ""))
    if authority is None:
        councils = list(Authority.objects.all()[:2])
        authority = councils[0] if len(councils) == 1 else None
    response = guest_page(request, "guests/closed_door.html", {}, authority=authority, status=404)
    return sealed(response)


def sealed(response: HttpResponseBase) -> Any:
    """Nothing of a guest's page is kept by the browser or a proxy, found by a search engine, or told to other sites."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = REFERRER_POLICY
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def set_cookie(response: HttpResponse, name: str, value: str) -> None:
    """A guest's cookie: for this host alone, out of reach of scripts; what it stands for ends on the server.

    The stay ends with the browser, for the next person at a shared computer. The wait for a code does not: a
    telephone may close the browser while its owner looks for the e-mail.
    """
    response.set_cookie(
        name,
        value,
        max_age=None if name == COOKIE else int(2 * CODE_LIVES.total_seconds()),
        path="/",
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: HttpResponse, name: str) -> None:
    """Take a guest's cookie out of the browser."""
    response.set_cookie(
        name, "", max_age=0, path="/", secure=settings.PRODUCTION, httponly=True, samesite="Lax"
    )
