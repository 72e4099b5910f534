"""A guest's pages of others' words: released to them by the chair, or theirs to read as an advocate."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired
from accounts.guests.pages import guest_page
from conferences.guest_access import place_of_guest, record_as_guest
from my_views.selectors.released_to import passed_on_to, words_of_client


@require_safe
def passed_on(request: HttpRequest) -> HttpResponse:
    """Show what the chair passed on to this person; without any, the page answers as a closed link does."""
    participant = place_of_guest(request)
    rows = passed_on_to(participant, now=timezone.now())
    record_as_guest(request, participant, kind=ReadKind.PAGE if rows else ReadKind.REFUSED)
    if not rows:
        raise GuestRequired
    return guest_page(
        request, "guest_my_views/passed_on.html", {"rows": rows}, authority=participant.conference.authority
    )


@require_safe
def words_of_client_page(request: HttpRequest) -> HttpResponse:
    """Show an advocate what the person they speak for wrote and lets them read; else as a closed link does."""
    participant = place_of_guest(request)
    rows = words_of_client(participant, now=timezone.now())
    record_as_guest(request, participant, kind=ReadKind.PAGE if rows else ReadKind.REFUSED)
    if not rows:
        raise GuestRequired
    return guest_page(
        request, "guest_my_views/words_of_client.html", {"rows": rows}, authority=participant.conference.authority
    )
