"""Who joins on a screen counts once somebody in the meeting has said that they are who they say."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import Mode
from conferences.models import LobbyCheck
from conferences.services.lobby import confirm_in_lobby
from meetings.selectors.attendance import attendees_of
from meetings.selectors.quorum import quorum_of
from tests.conferences.conftest import NOW
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def callum(meeting):
    """The school's worker, on a screen."""
    meeting.people.callum.attendances.update(mode=Mode.ONLINE)
    return meeting.people.callum


def agencies(meeting):
    return {row.name for row in quorum_of(meeting.conference).agencies}


def in_lobby(meeting):
    return [row.participant for row in attendees_of(meeting.conference) if row.is_in_lobby]


def let_in(meeting, callum, by=None, **said):
    return confirm_in_lobby(
        participant=callum, sitting=meeting.sitting, by=by or meeting.coordinator, now=NOW,
        **(said or {"known_by": meeting.people.amara}),
    )  # fmt: skip


def test_somebody_on_a_screen_fills_no_seat_until_they_are_known(meeting, callum):
    assert (in_lobby(meeting), "Meadow Lane Primary" in agencies(meeting)) == ([callum], False)
    let_in(meeting, callum)
    assert (in_lobby(meeting), "Meadow Lane Primary" in agencies(meeting)) == ([], True)


def test_by_whom_or_how_is_needed_and_nobody_vouches_for_themselves(meeting, callum):
    for said in ({"how": " "}, {"known_by": callum}):
        with pytest.raises(ValidationError) as refused:
            let_in(meeting, callum, **said)
        assert list(refused.value.message_dict) == ["known_by"]
    with pytest.raises(ValidationError, match="Only the chair and the coordinator"):
        let_in(meeting, callum, by=UserFactory())


def test_said_again_it_replaces_what_was_said(meeting, callum):
    assert let_in(meeting, callum) == let_in(meeting, callum)
    let_in(meeting, callum, how="I rang the school")
    assert [(row.known_by, row.how) for row in LobbyCheck.objects.all()] == [(None, "I rang the school")]


def test_the_recorder_lets_them_in_from_the_list(client, meeting, callum):
    client.force_login(meeting.coordinator)
    people = reverse("meetings:attendance", args=[meeting.conference.pk])
    page = reverse("meetings:let-in", args=[meeting.conference.pk, callum.pk])
    shown = client.get(people).content.decode()
    assert "In the lobby" in shown
    assert page in shown
    assert "Choose who knows them, or say how you made sure" in client.post(page, {}).content.decode()
    assert client.post(page, {"known_by": meeting.people.amara.pk}).status_code == 302
    assert "In the lobby" not in client.get(people).content.decode()
