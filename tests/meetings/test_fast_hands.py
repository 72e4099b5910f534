"""Typing while everyone talks: everybody here with one click, and a note with nothing to press before its words."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conferences.enums import Capacity, HowToAttend, Presence, Reply
from conferences.models import Attendance, Participant
from meetings.models import BoardEntry
from meetings.selectors.attendance import attendees_of
from meetings.selectors.board import board_of
from meetings.services.attendance import record_attendance
from meetings.services.opening import add_part, open_conference
from tests.conferences.conftest import NOW, OPENED
from tests.factories import ParticipantFactory, family_participant
from tests.meetings.test_board import note

pytestmark = pytest.mark.django_db

HERE = Presence.PRESENT


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False):
        yield


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def here(part):
    return set(part.attendances.filter(presence=HERE).values_list("participant", flat=True))


@pytest.fixture
def just_opened(planned):
    open_conference(conference=planned.conference, by=planned.chair, now=OPENED)
    planned.part = planned.sitting.parts.get()
    return planned


def test_one_click_records_all_who_are_expected_and_a_second_the_exception(client, just_opened):
    meeting = just_opened
    people = meeting.people
    for row in (ParticipantFactory(conference=meeting.conference) for _ in range(3)):
        row.save()
    Participant.objects.filter(pk=people.beth.pk).update(reply=Reply.NOT_COMING)
    Participant.objects.filter(pk=people.ngozi.pk).update(reply=Reply.ONLINE)
    client.force_login(meeting.coordinator)
    page = client.get(url("attendance", meeting.conference.pk)).content.decode()
    assert "Everybody is here (9)" in page
    for _ in range(2):
        client.post(url("everybody-here", meeting.conference.pk), {"part": meeting.part.pk})
    assert len(here(meeting.part)) == 9
    assert people.beth.pk not in here(meeting.part)
    assert people.ngozi.attendances.get().mode == "online"
    version = people.dale.attendances.get().version
    client.post(
        url("mark-attendance", meeting.conference.pk, people.dale.pk),
        {"mark": "absent", "part": meeting.part.pk, "version": version},
    )
    assert here(meeting.part) == set(
        Participant.objects.filter(conference=meeting.conference)
        .exclude(pk__in=[people.beth.pk, people.dale.pk])
        .values_list("pk", flat=True)
    )


def test_whoever_comes_apart_is_never_put_with_the_others_by_one_click(client, just_opened):
    """The father is to come at a time of his own: neither he nor his supporter is swept in, nor the mother to him."""
    meeting, people = just_opened, just_opened.people
    Participant.objects.filter(pk=people.dale.pk).update(how=HowToAttend.SEPARATE_TIME)
    friend = family_participant(meeting.conference, Capacity.SUPPORTER, acts_for=people.dale)
    client.force_login(meeting.coordinator)
    click = url("everybody-here", meeting.conference.pk)
    client.post(click, {"part": meeting.part.pk})
    together = here(meeting.part)
    assert people.hazel.pk in together
    assert together & {people.dale.pk, friend.pk} == set()
    # Nor do the others' scores wait for him.
    rows = {row.participant.pk: row for row in attendees_of(meeting.conference)}
    assert [rows[pk].may_still_come(meeting.part) for pk in (people.dale.pk, friend.pk)] == [False, False]
    second = add_part(conference=meeting.conference, kind="half", title="With Dale", by=meeting.chair, now=NOW)
    record_attendance(participant=people.dale, part=second, presence=HERE, by=meeting.coordinator, now=NOW)
    client.post(click, {"part": second.pk})
    apart = here(second)
    assert people.callum.pk in apart
    assert people.hazel.pk not in apart


def test_what_was_recorded_before_and_whoever_left_stay_as_they_are(client, meeting):
    record_attendance(
        participant=meeting.people.dale, part=meeting.part, presence=Presence.APOLOGIES, by=meeting.coordinator, now=NOW,
        version=Attendance.objects.filter(participant=meeting.people.dale).values_list("version", flat=True).first() or 0,
    )  # fmt: skip
    Attendance.objects.filter(participant=meeting.people.hazel).update(left_at=NOW)
    second = add_part(conference=meeting.conference, kind="half", title="With Hazel", by=meeting.chair, now=NOW)
    client.force_login(meeting.coordinator)
    client.post(url("everybody-here", meeting.conference.pk), {"part": second.pk})
    there = here(second)
    assert meeting.people.beth.pk in there
    assert not there & {meeting.people.dale.pk, meeting.people.hazel.pk}


def test_only_those_who_record_may_do_it(client, meeting):
    client.force_login(meeting.manager)
    assert client.post(url("everybody-here", meeting.conference.pk)).status_code == 404


def test_what_was_chosen_stays_for_the_next_note_but_not_who_is_private(client, meeting):
    client.force_login(meeting.coordinator)
    address = url("board", meeting.conference.pk)
    typed = {
        "heading": "strengths", "speaker": meeting.people.callum.pk, "nature": "opinion", "evidence": "Seen in class",
        "children": [meeting.wren.pk], "private_to": [meeting.people.hazel.person_id], "text": "She laughs again.",
    }  # fmt: skip
    answer = client.post(address, typed)
    assert answer["Location"] == address
    form = client.get(address).context["form"]
    assert {name: form[name].value() for name in ("heading", "speaker", "nature", "children", "text", "evidence")} == {
        "heading": "strengths", "speaker": str(meeting.people.callum.pk), "nature": "opinion",
        "children": [str(meeting.wren.pk)], "text": None, "evidence": None,
    }  # fmt: skip
    assert not form["private_to"].value()
    assert client.get(f"{address}?heading=worries").context["form"]["heading"].value() == "worries"
    assert "autofocus" in str(form["text"])
    client.force_login(meeting.chair)
    assert client.get(address).context["form"]["speaker"].value() in ("", None)


def test_each_note_says_its_time_and_words_are_found_without_standing_in_the_address(client, meeting):
    note(meeting, text="Bail ends on 18 January.", speaker=meeting.people.callum)
    note(meeting, text="Grandma is near.", heading="strengths")
    client.force_login(meeting.coordinator)
    address = url("board", meeting.conference.pk)
    assert ">11:30</time>" in client.get(address).content.decode()
    for words in ("bail 18", "callum"):
        answer = client.post(url("find-on-board", meeting.conference.pk), {"words": words}, follow=True)
        assert words.split()[0] not in answer.redirect_chain[-1][0]
        page = answer.content.decode()
        assert "1\xa0note with" in page
        assert "Bail ends" in page
        assert "Grandma" not in page
    assert "Grandma is near." in client.get(address).content.decode()


def test_a_note_moves_to_another_heading_with_its_history_and_privacy_marks(client, meeting):
    entry = note(meeting, private_to=[meeting.people.hazel.person], children=[meeting.wren])
    client.force_login(meeting.chair)
    address = url("move-to-heading", meeting.conference.pk, entry.pk)
    assert client.post(address, {"heading": "gossip", "version": 1}).status_code == 200
    assert client.post(address, {"heading": "strengths", "version": 1}).status_code == 302
    entry.refresh_from_db()
    assert (entry.heading, entry.version, entry.created_by) == ("strengths", 2, meeting.coordinator)
    assert list(entry.private_to.all()) == [meeting.people.hazel.person]
    assert list(entry.children.all()) == [meeting.wren]
    assert [event.heading for event in entry.events.order_by("pgh_id")] == ["worries", "strengths"]
    refused = client.post(address, {"heading": "worries", "version": 1})
    assert "has changed this note meanwhile" in refused.content.decode()


def test_a_board_of_500_notes_takes_as_many_queries_and_little_more_page(client, meeting):
    client.force_login(meeting.coordinator)
    address = url("board", meeting.conference.pk)

    def board():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        return len(queries), page.content.decode().count("<article")

    for number in range(4):
        note(meeting, text=f"Note {number}", speaker=meeting.people.callum)
    board()
    few, shown = board()
    headings = [column.heading.key for column in board_of(meeting.conference)]
    BoardEntry.objects.bulk_create(
        BoardEntry(
            conference=meeting.conference, part=meeting.part, heading=headings[number % len(headings)], nature="fact",
            text=f"Told at the door, {number}", created_by=meeting.coordinator, speaker=meeting.people.beth,
            created_at=NOW - datetime.timedelta(seconds=number),
        )
        for number in range(500)
    )  # fmt: skip
    many, most = board()
    assert (shown, most) == (4, 20 * len(headings))
    assert many <= few + 1
