"""The gatekeeper for guest pages, and their entry in the read log."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from accounts.access import record_read
from accounts.enums import ReadKind
from accounts.guests.selectors import Guest


class GuestRequired(Exception):
    """Raised where there is no guest, or their access has ended; the middleware answers with one page."""


def guest_of(request: HttpRequest, *, purpose: str) -> Guest:
    """Return the current guest, if their link is for ``purpose``. Raises GuestRequired."""
    guest: Guest | None = getattr(request, "guest", None)
    if guest is None or guest.link.purpose != purpose:
        raise GuestRequired
    return guest


def record_guest_read(
    request: HttpRequest,
    guest: Guest,
    *,
    subject: str,
    subject_id: int | None,
    family_ids: Iterable[int] = (),
    person_ids: Iterable[int] = (),
    kind: ReadKind = ReadKind.PAGE,
) -> None:
    """Write the read log for a page opened by a guest, even if a user is signed in in the same browser."""
    record_read(
        request,
        page=request.resolver_match.view_name if request.resolver_match else "",
        subject=subject,
        subject_id=subject_id,
        family_ids=family_ids,
        person_ids=person_ids,
        right=f"guest: {guest.link.purpose}",
        kind=kind,
        guest=guest,
    )
