"""The gatekeeper for guest pages, and their entry in the read log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read
from accounts.enums import ReadKind
from accounts.guests.purposes import pages_open_to, purpose_called
from accounts.guests.selectors import Guest


class GuestRequired(Exception):
    """Raised where there is no guest, or their access has ended; the middleware answers with one page."""


def guest_of(request: HttpRequest, *, purpose: str) -> Guest:
    """Return the current guest on a page of ``purpose``. Raises GuestRequired.

    Their link is for it, or for something else of the same person at the same mailbox, to whom a row of this purpose
    is open: then that row is the page's.
    """
    guest: Guest | None = getattr(request, "guest", None)
    if guest is None:
        raise GuestRequired
    if guest.link.purpose == purpose:
        return guest
    rows = purpose_called(purpose).open_to(guest.person_id, guest.link.sent_to, timezone.localdate())
    row = rows.order_by("-pk").values_list("pk", flat=True).first()
    if row is None:
        raise GuestRequired
    return replace(guest, on=purpose, row=row)


def other_pages(request: HttpRequest, *, purpose: str) -> list[dict[str, str]]:
    """Return rows for ``components/task_list.html`` that lead to the guest's pages of other purposes."""
    guest: Guest | None = getattr(request, "guest", None)
    if guest is None:
        return []
    found = pages_open_to(guest.link, timezone.now())
    return [{"title": one.title, "url": reverse(one.home)} for one in found if one.name != purpose]


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
        right=f"guest: {guest.purpose}",
        kind=kind,
        guest=guest,
    )
