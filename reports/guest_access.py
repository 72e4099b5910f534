"""Whose report a guest writes on their own page, and the gatekeeper of those pages."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired
from conferences.access import UPCOMING
from conferences.enums import Capacity
from conferences.guest_access import has_deputy, place_of_guest, record_as_guest
from conferences.models import Participant


def report_asked_of(guest: Participant) -> Participant | None:
    """Return the author of the report that a guest may write: themselves, or the person they are the deputy of.

    None for anyone who is not a professional, is asked for no report, or whose conference is over or cancelled.
    """
    if guest.capacity != Capacity.PROFESSIONAL or guest.conference.status not in UPCOMING:
        return None
    author = guest.acts_for if guest.is_deputy and guest.acts_for is not None and not guest.reports else guest
    return author if author is not None and author.reports else None


def access_as_author(request: HttpRequest) -> tuple[Participant, Participant]:
    """Return the guest and the author of the report they write; never another's, because no id is taken.

    Writes the read log. Raises GuestRequired, which the middleware answers with the closed page.
    """
    guest = place_of_guest(request)
    author = report_asked_of(guest)
    kind = ReadKind.REFUSED if author is None else ReadKind.PAGE
    record_as_guest(request, guest, kind=kind, subject="Report", subject_id=guest.pk if author is None else author.pk)
    if author is None:
        raise GuestRequired
    # The same row as the guest's, so that the page reads its conference once.
    author.conference = guest.conference
    return guest, author


def stands_aside(guest: Participant) -> bool:
    """Return whether a deputy comes in their place: they may still write, but day and meeting are not theirs."""
    return has_deputy(guest)
