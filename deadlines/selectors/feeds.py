"""What calendar programs read: references, kinds and days, without names or places."""

from __future__ import annotations

import datetime
import hmac

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

from accounts.models import User
from deadlines.models import CalendarFeed, Deadline
from deadlines.own_meetings import OwnMeeting
from deadlines.selectors.rows import act_of, title_of
from deadlines.selectors.work import answered_for, visible_of
from deadlines.services.feeds import hash_of
from families.models import Family
from notifications.services.calendar_files import uid_here

LONGEST_SECRET = 100
READ_AGAIN_EVERY = datetime.timedelta(hours=1)
HALF_AN_HOUR = datetime.timedelta(minutes=30)


def feed_of(user: User) -> CalendarFeed | None:
    """Return the user's current feed, if any."""
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()


def feed_with(secret: str) -> CalendarFeed | None:
    """Return the current feed with this secret, if its owner's account is active.

    The database looks up the hash, never the secret, so the response time reveals nothing about it.
    """
    if len(secret) > LONGEST_SECRET:
        return None
    wanted = hash_of(secret)
    feed = (
        CalendarFeed.objects.filter(secret_hash=wanted, revoked_at__isnull=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    return feed if feed is not None and hmac.compare_digest(feed.secret_hash, wanted) else None


def deadlines_for_calendar(user: User) -> list[Deadline]:
    """Return the visible deadlines the user is responsible for; of siblings settled by one act only the first."""
    rows = sorted(visible_of(user, answered_for(user)), key=lambda row: (row.plan_for_on, row.pk))
    return list({act_of(row): row for row in reversed(rows)}.values())[::-1]


def calendar_file(rows: list[Deadline], meetings: list[OwnMeeting], *, now: datetime.datetime) -> bytes:
    """Return deadlines and meetings as iCalendar (RFC 5545), published as a whole.

    Each deadline is on the day to plan for, hour limits at their last moment; only meetings make their reader busy.
    """
    cases = dict(Family.objects.filter(pk__in={row.family_id for row in rows}).values_list("pk", "case_number"))
    calendar = Calendar()
    calendar.add("prodid", "-//cpconf//Time limits//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Time limits and meetings")
    calendar.add("refresh-interval", READ_AGAIN_EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for row in rows:
        calendar.add_component(_entry(row, cases[row.family_id], now=now))
    for meeting in meetings:
        calendar.add_component(_meeting_entry(meeting, now=now))
    text: bytes = calendar.to_ical()
    return text


def _entry(row: Deadline, case_number: str, *, now: datetime.datetime) -> Event:
    event = Event()
    event.add("uid", uid_here(f"deadline-{row.pk}"))
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("summary", f"{case_number}: {title_of(row.kind)}")
    if row.due_at is not None:
        event.add("dtstart", row.due_at.astimezone(datetime.UTC) - HALF_AN_HOUR)
        event.add("dtend", row.due_at.astimezone(datetime.UTC))
    else:
        event.add("dtstart", row.plan_for_on)
        event.add("dtend", row.plan_for_on + datetime.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("url", f"{settings.PUBLIC_URL}{reverse('deadlines:deadline', args=[row.pk])}")
    return event


def _meeting_entry(meeting: OwnMeeting, *, now: datetime.datetime) -> Event:
    event = Event()
    event.add("uid", uid_here(meeting.key))
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("summary", meeting.summary)
    event.add("dtstart", meeting.starts_at.astimezone(datetime.UTC))
    event.add("dtend", meeting.ends_at.astimezone(datetime.UTC))
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("url", f"{settings.PUBLIC_URL}{meeting.path}")
    return event
