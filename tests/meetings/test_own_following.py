"""An own page follows what its person is asked, and hears of nothing else."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from meetings.selectors.changes import asks_for, key_for
from meetings.selectors.own_following import key_of_participant, own_scope
from meetings.services.rounds import end_round
from meetings.services.turns import end_turn, open_turn, take_turn
from meetings.views.turns import COOKIE
from tests.conferences import guests
from tests.conferences.conftest import NOW
from tests.meetings.test_board import note
from tests.meetings.test_own_answers import ANSWERS, HOME, score

pytestmark = pytest.mark.django_db

ASK = "/guest/answers/changed/"


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def key(client, address=ASK):
    return client.get(address).json()["key"]


def test_a_guests_page_changes_when_they_are_asked_something_else_and_for_nothing_else(client, meeting):
    hazel = meeting.people.hazel
    guests.let_in(client, hazel, sitting=meeting.sitting)
    first, page = key(client), client.get(ANSWERS).content.decode()
    assert (f'data-live-key="{first}"' in page, 'data-live="/live/o0/"' in page, "js/live" in page) == (True,) * 3
    assert f'data-live-key="{first}"' in client.get(HOME).content.decode()
    note(meeting)
    score(meeting, "ngozi", 4)
    assert key(client) == first
    assert client.get(ASK, headers={"If-None-Match": f'"{first}"'}).status_code == 304
    score(meeting, "hazel", 6)
    sent = key(client)
    end_round(
        kind="score", conference_child=meeting.wren, by=meeting.chair, reason="We go on", now=NOW
    )  # fmt: skip
    assert len({first, sent, key(client)}) == 3
    assert key_for(str(meeting.conference.pk), own_scope(hazel.pk)) == key(client) == key_of_participant(hazel.pk)


def test_it_ends_with_the_right_to_the_page(client, meeting):
    assert client.get(ASK).status_code == 404
    guests.let_in(client, meeting.people.hazel, sitting=meeting.sitting)
    meeting.conference.status, meeting.conference.ended_at = "closed", NOW
    meeting.conference.save(update_fields=["status", "ended_at"])
    assert client.get(ASK).status_code == 204
    assert "data-live=" not in client.get(HOME).content.decode()


def test_whoever_has_an_account_follows_their_own_place_and_no_other_conference(client, meeting):
    address = reverse("meetings:own-changed", args=[meeting.conference.pk])
    client.force_login(meeting.coordinator)
    assert client.get(address).status_code == 404
    client.force_login(meeting.worker)
    page = client.get(reverse("meetings:own-answers", args=[meeting.conference.pk])).content.decode()
    assert f'data-live-key="{key(client, address)}"' in page
    assert asks_for(f"o{meeting.conference.pk}") == address
    assert asks_for("o0") == ASK


def test_a_passed_tablet_follows_its_own_turn_and_goes_blank_when_it_ends(client, meeting):
    turn, code = open_turn(
        conference=meeting.conference, participant=meeting.people.hazel, by=meeting.coordinator, now=NOW
    )
    address = reverse("turn:changed")
    assert client.get(address).status_code == 403
    client.cookies[COOKIE] = take_turn(code=code, now=NOW)
    page = client.get(reverse("turn:answers")).content.decode()
    assert (f'data-live-key="{key(client, address)}"' in page, "data-live-reload" in page) == (True, True)
    end_turn(turn=turn, has_answered=False, now=NOW)
    assert client.get(address).status_code == 403
