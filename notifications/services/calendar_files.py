"""Calendar files: one meeting for one recipient, without anyone else's name or address."""

from __future__ import annotations

import datetime
from email.utils import parseaddr
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
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
Answer = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED"]


def uid_here(name: str) -> str:
    """Return a UID that no other installation gives an entry: ``name`` is unique here, the web address everywhere."""
    return f"{name}@{urlsplit(settings.PUBLIC_URL).netloc.rpartition('@')[2]}"


def invitation(
    *,
    uid: str,
    sequence: int,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    summary: str,
    location: str,
    description: str,
    attendee: str,
    answer: Answer = "NEEDS-ACTION",
    now: datetime.datetime,
) -> str:
    """Return a calendar file (RFC 5545) that asks one recipient's calendar to take in their own times.

    ``uid`` identifies the entry in every version that this recipient gets and ``sequence`` counts the versions
    from 0, so that a changed or cancelled meeting replaces the entry. ``summary`` carries only a reference. The
    method is REQUEST with the recipient as the only ATTENDEE, as RFC 5546 wants it: PUBLISH can't be updated or
    cancelled in Outlook, and Google and Apple pass over a REQUEST to someone who is not in it. No answer is asked
    for (RSVP=FALSE), because nobody reads the organiser's mailbox, which is the service's; ``answer`` is the one
    we have. See docs/adr/0018-calendar-files-ask-and-name-the-recipient.md. Raises ValueError for naive times, an
    end that isn't after the start, an attendee without a mailbox, or a line break in ``uid`` or ``summary``.
    """
    event = _event(uid=uid, sequence=sequence, summary=summary, attendee=attendee, answer=answer, now=now)
    _add_times(event, starts_at, ends_at)
    event.add("location", location)
    event.add("description", description)
    event.add("status", "CONFIRMED")
    return _calendar("REQUEST", event)


def cancellation(
    *,
    uid: str,
    sequence: int,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    summary: str,
    attendee: str,
    now: datetime.datetime,
) -> str:
    """Return a calendar file that takes the entry out of the recipient's calendar; it says no place.

    ``uid`` is that of the entry, ``sequence`` higher than any before. Raises ValueError as ``invitation`` does.
    """
    event = _event(uid=uid, sequence=sequence, summary=summary, attendee=attendee, answer="NEEDS-ACTION", now=now)
    _add_times(event, starts_at, ends_at)
    event.add("status", "CANCELLED")
    return _calendar("CANCEL", event)


def _event(*, uid: str, sequence: int, summary: str, attendee: str, answer: Answer, now: datetime.datetime) -> Event:
    if any(len(text.splitlines()) != 1 for text in (uid, summary)):
        raise ValueError("The UID and the summary of a calendar file are one line each.")
    try:
        validate_email(attendee)
    except ValidationError as error:
        raise ValueError("A calendar file goes to one mailbox.") from error
    recipient = vCalAddress(f"mailto:{attendee}")
    recipient.params |= {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": answer, "RSVP": "FALSE"}
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("summary", summary)
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"))
    event.add("attendee", recipient)
    event.add("class", "PRIVATE")
    return event


def _add_times(event: Event, starts_at: datetime.datetime, ends_at: datetime.datetime) -> None:
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise ValueError("The times of a calendar file need their zone.")
    if ends_at <= starts_at:
        raise ValueError("A meeting ends after it starts.")
    event.add("dtstart", starts_at.astimezone(LONDON))
    event.add("dtend", ends_at.astimezone(LONDON))


def _calendar(method: Method, event: Event) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//cpconf//Child protection conferences//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(LONDON_CLOCKS))
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def uid_in(calendar_file: str) -> str:
    """Return the UID of the entry in a file, or nothing where the file has no entry."""
    event = _entry_in(calendar_file)
    return str(event["uid"]) if event is not None else ""


def times_in(calendar_file: str) -> tuple[datetime.datetime, datetime.datetime]:
    """Return start and end of the entry in a file that ``invitation`` or ``cancellation`` made."""
    event = _entry_in(calendar_file)
    if event is None:
        raise ValueError("There is no entry in this calendar file.")
    return event.decoded("dtstart"), event.decoded("dtend")


def place_in(calendar_file: str) -> str:
    """Return the place of the entry in a file; a cancellation, or a file without an entry, says none."""
    event = _entry_in(calendar_file)
    return str(event.get("location", "")) if event is not None else ""


def _entry_in(calendar_file: str) -> Event | None:
    try:
        found = Calendar.from_ical(calendar_file).events
    except ValueError:
        return None
    return found[0] if found else None


def method_of(calendar_file: str) -> Method:
    """Return what the file asks of the recipient's calendar; mail programs need it in the header as well."""
    return "CANCEL" if "\r\nMETHOD:CANCEL\r\n" in calendar_file else "REQUEST"
