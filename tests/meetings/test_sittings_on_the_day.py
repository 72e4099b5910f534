"""The screen in the room, adjourning and the next sitting, on the pages of the day."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from conferences.enums import Presence
from conferences.models import Participant
from meetings.enums import Nature
from meetings.models import BoardEntry
from meetings.services.board import add_entry
from meetings.services.opening import add_part, adjourn
from notifications.models import Message
from tests.conferences.conftest import NOW
from tests.factories import user_with_role
from tests.meetings.test_day_pages import the_time, url  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db


def test_the_screen_in_the_room_shows_one_part_and_no_surname_of_a_child(coordinator, meeting):
    facts = {
        "conference": meeting.conference,
        "heading": "worries",
        "nature": Nature.FACT,
        "by": meeting.coordinator,
        "now": NOW,
    }
    BoardEntry.objects.filter(pk=add_entry(**facts, text="Said with Dale").pk).update(shown_version=1)
    add_entry(**facts, text="Her illness", private_to=[meeting.people.hazel.person])
    second = add_part(conference=meeting.conference, kind="half", title="With Hazel", by=meeting.chair, now=NOW)
    add_entry(**facts, text="Said with Hazel", part=second, speaker=meeting.people.hazel, children=[meeting.wren])
    # Whatever was put there: a private note still stays away.
    BoardEntry.objects.update(shown_version=1)
    page = coordinator.get(f"{url('shared-screen', meeting.conference.pk)}?part={second.pk}").content.decode()
    main = page.split("<main")[1]
    assert "Said with Hazel" in main
    assert "Said with Dale" not in main
    assert "Her illness" not in main
    assert "Brambley" not in page
    assert "<form" not in main


def test_the_chair_withdraws_a_child_from_the_page(chair, meeting):
    address = url("withdraw-child", meeting.conference.pk, meeting.robin.pk)
    assert chair.post(address, {"because": ""}).status_code == 200
    assert chair.post(address, {"because": "Lives with his father now"}).url == url("decisions", meeting.conference.pk)
    assert "Lives with his father now" in chair.get(url("decisions", meeting.conference.pk)).content.decode()


def test_the_chair_adjourns_the_meeting(chair, meeting):
    answer = chair.post(
        url("adjourn", meeting.conference.pk), {"why_kind": "adjourned", "reason": "The interpreter left"}
    )
    assert answer.url == reverse("conferences:overview", args=[meeting.conference.pk])
    assert chair.get(url("day", meeting.conference.pk)).status_code == 200


def test_the_coordinator_books_the_next_sitting(client, meeting):
    adjourn(conference=meeting.conference, reason="The interpreter left", by=meeting.chair, now=NOW)
    client.force_login(meeting.coordinator)
    pk = meeting.conference.pk
    assert url("book-next-sitting", pk) in client.get(url("day", pk)).content.decode()
    answer = client.post(
        url("book-next-sitting", pk),
        {
            "day": "2027-01-05",
            "start": "10:00",
            "length": "120",
            "mode": "online",
            "chair": meeting.chair.pk,
            "coordinator": meeting.coordinator.pk,
            "confirm": "yes",
        },
    )
    assert (answer.status_code, answer.url) == (302, reverse("conferences:overview", args=[pk]))
    assert meeting.conference.sittings.get(number=2).starts_at == datetime.datetime(2027, 1, 5, 10, tzinfo=datetime.UTC)


NEXT = {"day": "2027-01-05", "start": "10:00", "length": "120", "mode": "online"}


def test_who_is_told_of_the_next_sitting_is_seen_before_anything_is_sent(client, meeting):
    adjourn(conference=meeting.conference, reason="The interpreter left", by=meeting.chair, now=NOW)
    client.force_login(meeting.coordinator)
    address = url("book-next-sitting", meeting.conference.pk)
    data = {**NEXT, "chair": meeting.chair.pk, "coordinator": meeting.coordinator.pk}
    sent = Message.objects.count()
    page = client.post(address, data).content.decode()
    assert "Nothing has been booked or sent yet" in page
    assert all(row.person.full_name in page for row in meeting.conference.participants.filter(status="invited"))
    assert '<input type="hidden" name="day" value="2027-01-05">' in page
    again = client.post(address, {**data, "change": "yes"}).content.decode()
    assert 'value="120"' in again
    assert (meeting.conference.sittings.count(), Message.objects.count()) == (1, sent)
    assert client.post(address, {**data, "confirm": "yes"}).status_code == 302
    assert meeting.conference.sittings.count() == 2


def test_what_is_refused_is_said_before_the_next_sitting_is_looked_at(client, meeting):
    client.force_login(meeting.coordinator)
    data = {**NEXT, "chair": meeting.chair.pk, "coordinator": meeting.coordinator.pk}
    page = client.post(url("book-next-sitting", meeting.conference.pk), data).content.decode()
    assert "Only an adjourned meeting can have another sitting" in page


def test_a_social_worker_books_the_next_sitting_with_the_same_chair(client, meeting):
    adjourn(conference=meeting.conference, reason="The interpreter left", by=meeting.chair, now=NOW)
    other = user_with_role("chair", authority=meeting.authority)
    client.force_login(meeting.worker)
    answer = client.post(url("book-next-sitting", meeting.conference.pk), {**NEXT, "chair": other.pk, "confirm": "yes"})
    assert answer.status_code == 302
    assert meeting.conference.sittings.get(number=2).chair == meeting.chair


def test_the_agenda_moves_on_with_one_click(coordinator, meeting):
    item = meeting.conference.agenda.first()
    address = url("move-on", meeting.conference.pk, item.pk)
    assert coordinator.post(address).url == f"{url('agenda', meeting.conference.pk)}#item-{item.pk}"
    assert coordinator.post(address, {"done": "yes", "back": "board"}).url == url("board", meeting.conference.pk)
    item.refresh_from_db()
    assert (item.begun_at, item.done_at) == (NOW, NOW)


def test_with_no_one_to_ask_the_page_says_what_to_do(chair, meeting):
    for participant in Participant.objects.all():
        participant.attendances.update(presence=Presence.ABSENT, arrived_at=None)
    page = chair.get(url("child-scores", meeting.conference.pk, meeting.wren.pk)).content.decode()
    assert "No one to ask yet" in page
