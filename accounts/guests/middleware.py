"""Identifies the guest, checked again on every request."""

from __future__ import annotations

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.drafts.guests import keep_for_guest
from accounts.drafts.typed import texts_typed
from accounts.guests.access import GuestRequired
from accounts.guests.pages import COOKIE, GUEST_PAGES, closed_door, drop_cookie, sealed
from accounts.guests.selectors import guest_with, session_with
from accounts.guests.services import note_seen


class GuestMiddleware:
    """Sets ``request.guest`` on guest pages: whoever came in by a link that is still open to them.

    One query checks everything that can end access, so a guest who is excluded, removed or replaced is out on
    their next request. ``request.user`` is separate: a guest is not a user.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.guest = None  # type: ignore[attr-defined]
        if not request.path.startswith(GUEST_PAGES):
            return self.get_response(request)
        cookie = request.COOKIES.get(COOKIE, "")
        guest = guest_with(cookie, now=timezone.now()) if cookie else None
        if guest is None:
            return sealed(self.get_response(request))
        request.guest = guest  # type: ignore[attr-defined]
        note_seen(session=guest.session, now=timezone.now())
        with pghistory.context(guest_session=guest.session.pk):
            return sealed(self.get_response(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, GuestRequired):
            return None
        guest = request.guest  # type: ignore[attr-defined]
        kept = guest is None and request.method == "POST" and _keep_typed(request)
        typed = [] if kept else texts_typed(request)
        response = closed_door(request, authority=guest.authority if guest else None, kept=kept, typed=typed)
        if COOKIE in request.COOKIES and guest is None:
            drop_cookie(response, COOKIE)
        return response


def _keep_typed(request: HttpRequest) -> bool:
    """Keep what was sent after the stay had ended, for the same person's next stay; return whether it is kept.

    Behind a link that somebody closed there is no next stay.
    """
    session = session_with(request.COOKIES.get(COOKIE, ""))
    if session is None or session.link.revoked_at is not None:
        return False
    return keep_for_guest(request, link=session.link, page=request.get_full_path(), now=timezone.now()) is not None
