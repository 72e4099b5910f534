from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from notifications.services.calendar_files import invitation, method_of

LONDON = ZoneInfo("Europe/London")
NOW = datetime.datetime(2026, 12, 8, 9, 30, tzinfo=datetime.UTC)


def file_for(**changed):
    facts = {
        "uid": "participant-7@cpconf",
        "sequence": 0,
        "starts_at": datetime.datetime(2026, 12, 22, 10, 0, tzinfo=LONDON),
        "ends_at": datetime.datetime(2026, 12, 22, 12, 0, tzinfo=LONDON),
        "summary": "Meeting 26-0417",
        "location": "Room 3\nTown Hall, Eastmere",
        "description": "Come to the side door; ask for the chair.",
        "now": NOW,
    }
    return invitation(**{**facts, **changed})


def event_of(text):
    return Calendar.from_ical(text).events[0]


def test_carries_the_recipients_own_times_in_london():
    event = event_of(file_for())
    assert event.decoded("dtstart") == datetime.datetime(2026, 12, 22, 10, 0, tzinfo=LONDON)
    assert event.decoded("dtend") == datetime.datetime(2026, 12, 22, 12, 0, tzinfo=LONDON)
    assert event["dtstart"].params["TZID"] == "Europe/London"


def test_a_summer_meeting_given_in_utc_is_shown_in_london_time():
    start = datetime.datetime(2026, 7, 1, 9, 0, tzinfo=datetime.UTC)
    text = file_for(starts_at=start, ends_at=start + datetime.timedelta(hours=2))
    assert "DTSTART;TZID=Europe/London:20260701T100000\r\n" in text
    assert event_of(text).decoded("dtstart").utcoffset() == datetime.timedelta(hours=1)


def test_text_with_lines_commas_and_semicolons_arrives_as_written():
    event = event_of(file_for())
    assert str(event["location"]) == "Room 3\nTown Hall, Eastmere"
    assert str(event["description"]) == "Come to the side door; ask for the chair."


def test_names_no_one():
    event = event_of(file_for())
    assert "attendee" not in event
    assert str(event["organizer"]) == "mailto:conferences@council.example"
    assert dict(event["organizer"].params) == {}


def test_a_change_is_the_same_entry_in_a_later_version():
    first, second = event_of(file_for()), event_of(file_for(sequence=1))
    assert str(first["uid"]) == str(second["uid"]) == "participant-7@cpconf"
    assert (int(first["sequence"]), int(second["sequence"])) == (0, 1)


@pytest.mark.parametrize(("method", "status"), [("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")])
def test_requests_or_cancels_an_entry(method, status):
    text = file_for(method=method)
    assert str(Calendar.from_ical(text)["method"]) == method
    assert str(event_of(text)["status"]) == status
    assert method_of(text) == method


def test_the_same_facts_give_the_same_bytes():
    assert file_for() == file_for()


@pytest.mark.parametrize(
    "changed",
    [
        {"starts_at": datetime.datetime(2026, 12, 22, 10, 0)},
        {"ends_at": datetime.datetime(2026, 12, 22, 10, 0, tzinfo=LONDON)},
        {"summary": "Meeting\r\nATTENDEE:mailto:father@example.org"},
        {"uid": ""},
    ],
)
def test_refuses_what_would_make_a_wrong_entry(changed):
    with pytest.raises(ValueError, match=r"meeting|one line|zone"):
        file_for(**changed)


def test_a_line_break_in_the_text_adds_no_line_of_its_own():
    event = event_of(file_for(description="Hello\r\nATTENDEE:mailto:father@example.org"))
    assert "attendee" not in event
