from __future__ import annotations

import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import record_read, require_roles
from accounts.enums import ReadKind
from deadlines.own_meetings import meetings_of
from deadlines.selectors.feeds import calendar_file, deadlines_for_calendar, feed_of, feed_with
from deadlines.services.feeds import create_feed, hash_of, note_reading, revoke_feed

WINDOW_SECONDS = 60
# One program polls a few times an hour; a whole office may be behind one IP address.
MOST_PER_FEED = 20
MOST_UNKNOWN_PER_ADDRESS = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Show the user's calendar feed: create a secret URL, or replace it."""
    user = require_roles(request)
    secret = ""
    if request.method == "POST":
        # Shown in this response and never again, hence no redirect.
        _, secret = create_feed(user=user, now=timezone.now())
    address = f"{settings.PUBLIC_URL}{reverse('deadlines:read-calendar-feed', args=[secret])}" if secret else ""
    return render(request, "deadlines/calendar_feed.html", {"feed": feed_of(user), "address": address})


@require_POST
def revoke_calendar_feed(request: HttpRequest) -> HttpResponse:
    """End the user's secret URL."""
    user = require_roles(request)
    revoke_feed(user=user, now=timezone.now())
    return redirect("deadlines:calendar-feed")


@require_safe
def read_calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the dates of a secret URL's owner, for a calendar program that is not signed in."""
    feed = feed_with(secret)
    if feed is None:
        if _too_often(f"unknown:{_address_of(request)}", most=MOST_UNKNOWN_PER_ADDRESS):
            return _later()
        raise Http404
    if _too_often(f"feed:{hash_of(secret)}", most=MOST_PER_FEED):
        return _later()
    now = timezone.now()
    rows = deadlines_for_calendar(feed.user)
    meetings = meetings_of(feed.user, now=now)
    note_reading(feed=feed, now=now)
    record_read(
        request,
        page="deadlines:read-calendar-feed",
        subject="CalendarFeed",
        subject_id=feed.pk,
        family_ids={row.family_id for row in rows} | {meeting.family_id for meeting in meetings},
        kind=ReadKind.EXPORT,
        by=feed.user,
    )
    response = HttpResponse(calendar_file(rows, meetings, now=now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-dates.ics"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _too_often(who: str, *, most: int) -> bool:
    """Count a request, and return whether there were more than ``most`` in this minute."""
    key = f"calendar-feed:{who}"
    if cache.add(key, 1, WINDOW_SECONDS):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:
        # The minute ended between the two calls.
        return False


def _later() -> HttpResponse:
    response = HttpResponse("Too many requests. Try again in a minute.\n", status=429, content_type="text/plain")
    response["Retry-After"] = str(WINDOW_SECONDS)
    return response


def _address_of(request: HttpRequest) -> str:
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return "unknown"
