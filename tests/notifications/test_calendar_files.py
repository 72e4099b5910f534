from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from notifications.services.calendar_files import cancellation, invitation, method_of, times_in, uid_here, uid_in

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
        "attendee": "hazel@home.example",
        "now": NOW,
    }
    return invitation(**{**facts, **changed})


def cancelled(**changed):
    facts = {
        "uid": "participant-7@cpconf",
        "sequence": 1,
        "starts_at": datetime.datetime(2026, 12, 22, 10, 0, tzinfo=LONDON),
        "ends_at": datetime.datetime(2026, 12, 22, 12, 0, tzinfo=LONDON),
        "summary": "Meeting 26-0417",
        "attendee": "hazel@home.example",
        "now": NOW,
    }
    return cancellation(**{**facts, **changed})


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


def test_its_recipient_is_the_only_attendee_and_no_one_has_a_name_or_is_asked_to_answer():
    event = event_of(file_for(answer="ACCEPTED"))
    assert str(event["attendee"]) == "mailto:hazel@home.example"
    assert dict(event["attendee"].params) == {
        "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"
    }  # fmt: skip
    assert str(event["organizer"]) == "mailto:conferences@council.example"
    assert dict(event["organizer"].params) == {}


def test_a_uid_belongs_to_one_installation(settings):
    settings.PUBLIC_URL = "https://conferences.eastmere.example"
    ours = uid_here("conference-1-7")
    settings.PUBLIC_URL = "https://conferences.westmere.example"
    assert (ours, uid_here("conference-1-7")) == (
        "conference-1-7@conferences.eastmere.example",
        "conference-1-7@conferences.westmere.example",
    )


def test_a_file_tells_its_uid_and_times_however_long_they_are():
    uid = f"conference-1-7@{'a' * 90}.example"
    start = datetime.datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=LONDON)
    text = file_for(uid=uid, starts_at=start, ends_at=start + datetime.timedelta(hours=2))
    assert (uid_in(text), uid_in("BEGIN")) == (uid, "")
    assert times_in(file_for()) == (
        datetime.datetime(2026, 12, 22, 10, 0, tzinfo=LONDON),
        datetime.datetime(2026, 12, 22, 12, 0, tzinfo=LONDON),
    )


def test_a_change_is_the_same_entry_in_a_later_version():
    first, second = event_of(file_for()), event_of(file_for(sequence=1))
    assert str(first["uid"]) == str(second["uid"]) == "participant-7@cpconf"
    assert (int(first["sequence"]), int(second["sequence"])) == (0, 1)


@pytest.mark.parametrize(
    ("text", "method", "status"), [(file_for(), "REQUEST", "CONFIRMED"), (cancelled(), "CANCEL", "CANCELLED")]
)
def test_requests_or_cancels_an_entry(text, method, status):
    assert str(Calendar.from_ical(text)["method"]) == method
    assert str(event_of(text)["status"]) == status
    assert method_of(text) == method


def test_a_cancellation_says_no_place():
    assert {"location", "description"} & {name.lower() for name in event_of(cancelled())} == set()


def test_the_same_facts_give_the_same_bytes():
    assert file_for() == file_for()


@pytest.mark.parametrize(
    "changed",
    [
        {"starts_at": datetime.datetime(2026, 12, 22, 10, 0)},
        {"ends_at": datetime.datetime(2026, 12, 22, 10, 0, tzinfo=LONDON)},
        {"summary": "Meeting\r\nATTENDEE:mailto:father@example.org"},
        {"uid": ""},
        {"attendee": ""},
        {"attendee": "hazel@home.example\r\nATTENDEE:mailto:father@example.org"},
    ],
)
def test_refuses_what_would_make_a_wrong_entry(changed):
    with pytest.raises(ValueError, match=r"meeting|one line|zone|mailbox"):
        file_for(**changed)


def test_a_line_break_in_the_text_adds_no_line_of_its_own():
    event = event_of(file_for(description="Hello\r\nATTENDEE:mailto:father@example.org"))
    assert str(event["attendee"]) == "mailto:hazel@home.example"
