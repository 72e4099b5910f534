"""What is read out, breaks, who leaves and comes back, and who agrees to an observer."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import Capacity, Presence
from conferences.models import Attendance
from families.enums import Answer
from meetings.models import Break, ObserverAnswer, StatementRead
from meetings.selectors.day_steps import TheDay
from meetings.selectors.rules_of_day import about_observers
from meetings.services.attendance import record_attendance
from meetings.services.everybody import expected_in
from meetings.services.opening import add_part
from meetings.services.rules_of_day import record_answers_about
from tests.conferences.conftest import NOW
from tests.factories import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False):
        yield


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def attendees(meeting):
    return TheDay(meeting.conference).attendees


def test_the_statements_are_shown_and_recorded_as_read_once_in_each_part(client, meeting):
    client.force_login(meeting.coordinator)
    address = url("statements", meeting.conference.pk)
    page = client.get(address).content.decode()
    assert "treated with respect" in page
    assert "has to be passed on" in page
    for _ in range(2):
        client.post(address)
    rows = StatementRead.objects.filter(part=meeting.part)
    assert sorted(rows.values_list("statement", flat=True)) == ["confidentiality", "fairness"]
    assert all(row.words and row.read_at == NOW for row in rows)
    assert "Read out at 11:30" in client.get(address).content.decode()
    add_part(conference=meeting.conference, kind="half", title="With Dale", by=meeting.chair, now=NOW)
    assert "Not read out yet" in client.get(address).content.decode()


def test_the_chair_calls_a_break_and_every_page_says_so_until_it_is_over(client, meeting):
    client.force_login(meeting.coordinator)
    assert client.post(url("call-break", meeting.conference.pk)).status_code == 404
    client.force_login(meeting.chair)
    for _ in range(2):
        client.post(url("call-break", meeting.conference.pk), {"reason": "Hazel needs air"})
    assert Break.objects.get().reason == "Hazel needs air"
    client.force_login(meeting.coordinator)
    for name in ("day", "board", "attendance"):
        assert "Break since 11:30" in client.get(url(name, meeting.conference.pk)).content.decode(), name
    for _ in range(2):
        client.post(url("go-on-after-break", meeting.conference.pk))
    assert Break.objects.get().ended_at == NOW
    assert "Break since" not in client.get(url("board", meeting.conference.pk)).content.decode()


def test_someone_leaves_and_comes_back_with_one_click_each(client, meeting):
    client.force_login(meeting.coordinator)
    row = Attendance.objects.get(participant=meeting.people.beth, part=meeting.part)
    came = row.arrived_at
    for mark, left in (("left", NOW), ("back", None)):
        row.refresh_from_db()
        client.post(
            url("mark-attendance", meeting.conference.pk, meeting.people.beth.pk),
            {"mark": mark, "part": meeting.part.pk, "version": row.version},
        )
        row.refresh_from_db()
        assert (row.presence, row.arrived_at, row.left_at) == (Presence.PRESENT, came, left)


def test_an_observer_is_expected_once_all_of_the_family_agree_and_refused_where_one_does_not(client, meeting):
    observer = ParticipantFactory(conference=meeting.conference, capacity=Capacity.OBSERVER)
    people = meeting.people
    about = about_observers(attendees(meeting))[observer.pk]
    assert {row.pk for row in about.asked} == {people.hazel.pk, people.dale.pk, people.robin_there.pk}
    assert observer.pk not in {row.participant.pk for row in expected_in(meeting.part, attendees(meeting))}
    client.force_login(meeting.coordinator)
    address = url("ask-about-observer", meeting.conference.pk, observer.pk)
    said = {f"answer_{row.pk}": Answer.YES.value for row in about.asked}
    assert client.post(address, {**said, f"answer_{people.dale.pk}": "no"}).status_code == 302
    page = client.get(url("attendance", meeting.conference.pk)).content.decode()
    assert "Someone in the family does not agree" in page
    with pytest.raises(ValidationError):
        record_attendance(
            participant=observer, part=meeting.part, presence=Presence.PRESENT, by=meeting.coordinator, now=NOW
        )
    versions = {f"version_{row.asked_id}": row.version for row in ObserverAnswer.objects.all()}
    assert client.post(address, {**said, **versions}).status_code == 302
    assert observer.pk in {row.participant.pk for row in expected_in(meeting.part, attendees(meeting))}
    assert ObserverAnswer.objects.get(asked=people.dale).version == 2


def test_an_answer_that_someone_else_has_just_changed_is_not_overwritten(client, meeting):
    observer = ParticipantFactory(conference=meeting.conference, capacity=Capacity.OBSERVER)
    record_answers_about(observer=observer, answers={meeting.people.dale: ("no", 0)}, by=meeting.chair, now=NOW)
    client.force_login(meeting.coordinator)
    said = {f"answer_{row.pk}": "yes" for row in about_observers(attendees(meeting))[observer.pk].asked}
    page = client.post(url("ask-about-observer", meeting.conference.pk, observer.pk), said).content.decode()
    assert "has just recorded an answer" in page
    assert ObserverAnswer.objects.get(asked=meeting.people.dale).answer == "no"
