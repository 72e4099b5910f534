"""Every calendar file that a conference sends in its life, held against RFC 5545 and RFC 5546."""

from __future__ import annotations

import datetime
from collections import defaultdict
from zoneinfo import ZoneInfo

import pytest
import time_machine
from icalendar import Calendar

from conferences.enums import HowToAttend, Mode, Reply, RequestGround
from conferences.services.exclusions import decide_request, open_request
from conferences.services.invitations import change_list, record_reply
from conferences.services.scheduling import cancel_conference, move_sitting
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import NOW
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
LONGEST_LINE = 75
# The first summer meeting after the clocks have changed.
IN_SUMMER = datetime.datetime(2027, 4, 6, 10, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def moment(hours):
    return NOW + datetime.timedelta(hours=hours)


def keep_out(told, row, *, now):
    open_request(participant=row, ground=RequestGround.ASKED, reason="Bail", by=told.social_worker, now=now)
    return row.exclusion_requests.get(decided_at=None)


def decide_out(told, request, *, now):
    decide_request(
        request=request,
        by=told.chair,
        how=HowToAttend.NOT_AT_ALL,
        reason="Bail",
        views_through=story.on_list(request.conference, told.hazel),
        told_text="You are not asked to come.",
        now=now,
    )


def move(told, conference, *, now, **changes):
    sitting = conference.sittings.get()
    move_sitting(
        sitting=sitting, booking=story.booking(told, **changes), reason="The chair is ill", by=told.coordinator, now=now
    )


@once_per_module(at=NOW)
def life(told):
    """Invited, answered, moved over the change of the clocks, one kept out meanwhile, one left off, cancelled."""
    conference = story.invited(told, mode=Mode.BLENDED, link=f"https://video.example/{'room,417;' * 12}")
    send_due(now=NOW, limit=100)
    record_reply(participant=story.on_list(conference, told.hazel), reply=Reply.ONLINE, by=None, now=moment(1))
    send_due(now=moment(1), limit=100)
    request = keep_out(told, story.on_list(conference, told.dale), now=moment(2))
    told.room.address = (
        "Mulberry House, 1st floor; ask at the desk\nMill Road 12\\14, Caf\N{LATIN SMALL LETTER E WITH ACUTE} side"
    )
    told.room.save()
    move(told, conference, now=moment(3), starts_at=IN_SUMMER, mode=Mode.BLENDED, room=told.room)
    send_due(now=moment(3), limit=100)
    decide_out(told, request, now=moment(4))
    gp = story.on_list(conference, told.posts["gp"].person)
    left = [story.as_listed(gp, wanted=False, reason="Not needed")]
    change_list(conference=conference, changes=left, by=told.coordinator, now=moment(5))
    send_due(now=moment(5), limit=100)
    conference.refresh_from_db()
    cancel_conference(conference=conference, reason="The family has moved away", by=told.coordinator, now=moment(6))
    send_due(now=moment(6), limit=100)
    return conference


def files():
    return list(Message.objects.exclude(calendar_file="").order_by("pk"))


def entry(message):
    (found,) = Calendar.from_ical(message.calendar_file).walk("VEVENT")
    return found


def test_each_file_is_one_entry_as_the_standards_want_it(life):
    methods = set()
    for message in files():
        calendar = Calendar.from_ical(message.calendar_file)
        event = entry(message)
        methods.add(str(calendar["method"]))
        assert str(calendar["version"]) == "2.0"
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "ORGANIZER", "SEQUENCE", "STATUS"} <= set(event)
        assert event.get("rrule") is None
        assert str(event["attendee"]) == f"mailto:{message.to_email}"
        assert event["attendee"].params["RSVP"] == "FALSE"
        assert event["dtstart"].params["TZID"] == event["dtend"].params["TZID"] == "Europe/London"
        assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
        assert (str(event["status"]) == "CANCELLED") == (str(calendar["method"]) == "CANCEL")
    assert methods == {"REQUEST", "CANCEL"}


def test_each_line_is_folded_and_ends_as_the_standard_wants_it(life):
    for message in files():
        text = message.calendar_file
        assert text.endswith("\r\n")
        assert "\n" not in text.replace("\r\n", "")
        assert max(len(line.encode()) for line in text.split("\r\n")) <= LONGEST_LINE


def test_text_with_commas_semicolons_and_lines_comes_through(life, told):
    places = {str(entry(message).get("location", "")) for message in files()}
    assert f"{told.room.name}, {', '.join(told.room.address.splitlines())}" in places
    assert life.link in places


def test_after_the_clocks_have_changed_the_meeting_is_at_the_same_hour_in_london(life, told):
    row = story.on_list(life, told.martin)
    moved = next(entry(m) for m in files() if m.key == f"invitation:{row.pk}:1:request")
    assert moved.decoded("dtstart") == IN_SUMMER - datetime.timedelta(minutes=30)
    assert moved.decoded("dtstart").astimezone(datetime.UTC).hour == 8


def test_each_version_of_an_entry_has_its_uid_and_a_higher_sequence(life):
    by_person = defaultdict(list)
    for message in files():
        by_person[message.key.split(":")[1]].append(entry(message))
    for versions in by_person.values():
        assert len({str(event["uid"]) for event in versions}) == 1
        numbers = [int(event["sequence"]) for event in versions]
        assert numbers == sorted(set(numbers))
    assert len({str(versions[0]["uid"]) for versions in by_person.values()}) == len(by_person)


def test_whoever_is_kept_out_does_not_learn_from_the_cancellation_where_it_has_moved(life, told):
    row = story.on_list(life, told.dale)
    first, last = [m for m in files() if m.person_id == told.dale.pk]
    assert last.key.endswith("cancel")
    assert entry(last).decoded("dtstart") == entry(first).decoded("dtstart")
    assert (entry(last).get("location"), str(entry(last)["uid"])) == (None, str(entry(first)["uid"]))
    assert row.arrives_at is None


@pytest.mark.parametrize("capacity", ["family", "professional", "council"])
def test_the_letter_says_that_pressing_accept_does_not_reach_us(life, told, capacity):
    who = {"family": told.hazel, "professional": told.posts["academy"].person}.get(capacity)
    first = next(m for m in files() if (m.person_id == who.pk if who else m.to_email == told.social_worker.email))
    assert "Pressing “accept” or “decline” in your calendar does not reach us." in first.body
    assert "does not tell us whether you are coming" in str(entry(first)["description"])


def test_an_entry_sent_under_another_uid_is_changed_and_cancelled_as_that(told, settings):
    conference = story.invited(told)
    send_due(now=NOW, limit=100)
    row = story.on_list(conference, told.hazel)
    (before,) = Message.objects.filter(key=f"invitation:{row.pk}:0:request")
    uid = str(entry(before)["uid"])
    old = f"conference-{conference.pk}-{row.pk}@cpconf"
    file = before.calendar_file.replace("\r\n ", "").replace(uid, old)
    Message.objects.filter(pk=before.pk).update(calendar_file=file)
    settings.PUBLIC_URL = "https://new-address.example"
    cancel_conference(conference=conference, reason="The family has moved away", by=told.coordinator, now=moment(1))
    after = Message.objects.get(key=f"invitation:{row.pk}:1:cancel")
    others = Message.objects.filter(key__endswith=":cancel").exclude(pk=after.pk)
    assert str(entry(after)["uid"]) == old
    assert others.exists()
    assert [m for m in others if str(entry(m)["uid"]).endswith(("@cpconf", "@new-address.example"))] == []
