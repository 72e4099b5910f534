"""Calendar files: one meeting for one recipient, without anyone else's name or address."""

from __future__ import annotations

import datetime
from email.utils import parseaddr
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, Timezone, vCalAddress

LONDON = ZoneInfo("Europe/London")
# The rules in force since 1996. The library would instead list every clock change since 1970.
LONDON_CLOCKS = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
END:VTIMEZONE
"""
Method = Literal["REQUEST", "CANCEL"]


def invitation(
    *,
    uid: str,
    sequence: int,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    summary: str,
    location: str,
    description: str,
    now: datetime.datetime,
    method: Method = "REQUEST",
) -> str:
    """Return a calendar file (RFC 5545) for one recipient's own times.

    ``uid`` identifies the entry in every version that this recipient gets and ``sequence`` counts the versions
    from 0, so that a changed or cancelled meeting replaces the entry. ``summary`` carries only a reference. The
    organiser is the service's mailbox and no attendees are named. Raises ValueError for naive times, an end
    that isn't after the start, or a line break in ``uid`` or ``summary``.
    """
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise ValueError("The times of a calendar file need their zone.")
    if ends_at <= starts_at:
        raise ValueError("A meeting ends after it starts.")
    if any(len(text.splitlines()) != 1 for text in (uid, summary)):
        raise ValueError("The UID and the summary of a calendar file are one line each.")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("dtstart", starts_at.astimezone(LONDON))
    event.add("dtend", ends_at.astimezone(LONDON))
    event.add("summary", summary)
    event.add("location", location)
    event.add("description", description)
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"))
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//cpconf//Child protection conferences//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(LONDON_CLOCKS))
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def method_of(calendar_file: str) -> Method:
    """Return what the file asks of the recipient's calendar; mail programs need it in the header as well."""
    return "CANCEL" if "\r\nMETHOD:CANCEL\r\n" in calendar_file else "REQUEST"
