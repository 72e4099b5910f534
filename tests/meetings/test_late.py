"""What was typed without a network: taken once, marked, and never altering scores, quorum or a decision by itself."""

from __future__ import annotations

import datetime
import uuid

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from accounts.people.services.devices import make_device, revoke_device, take_up_device
from conferences.enums import ConferenceStatus, Presence
from conferences.models import Attendance, Conference
from deadlines.to_decide import to_decide
from meetings.enums import LateState
from meetings.models import BoardEntry, LateEntry
from meetings.services.late import settle_late
from tests.conferences.conftest import NOW
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def device(meeting):
    """Return an enrolled device and the secret that its browser holds."""
    authority = meeting.conference.authority
    administrator = user_with_role(Role.ADMINISTRATOR, authority=authority)
    _, code = make_device(authority=authority, name="Laptop 3", by=administrator, now=NOW)
    taken = take_up_device(code=code, by=meeting.coordinator, now=NOW)
    assert taken is not None
    return taken


@pytest.fixture
def laptop(client, meeting, device):
    client.force_login(meeting.coordinator)
    client.cookies[settings.DEVICE_COOKIE] = device[1]
    return client


def send(client, meeting, **fields):
    facts = {"once_key": str(uuid.uuid4()), "typed_ago": "720", "seen": "a"}
    return client.post(reverse("meetings:send-late", args=[meeting.conference.pk]), {**facts, **fields})


def note(**changes):
    return {"kind": "note", "heading": "worries", "nature": "fact", "text": "The door was broken.", **changes}


def mark(meeting, who, mark="here"):
    person = getattr(meeting.people, who)
    standing = Attendance.objects.filter(participant=person).first()
    version = standing.version if standing else 0
    return {"kind": "attendance", "participant": person.pk, "mark": mark, "version": version}


def waiting(user):
    return [key for _, key, *_ in to_decide(user) if key == "late-attendance"]


class TestANote:
    def test_is_on_the_board_once_marked_and_not_on_the_shared_screen(self, laptop, meeting):
        key = str(uuid.uuid4())
        for _ in range(2):
            assert send(laptop, meeting, **note(), once_key=key).json() == {"state": "taken", "words": ""}
        entry = BoardEntry.objects.get()
        assert (entry.late.typed_at, entry.late.arrived_at) == (NOW - datetime.timedelta(minutes=12), NOW)
        assert not entry.is_shown
        page = laptop.get(reverse("meetings:board", args=[meeting.conference.pk])).content.decode()
        assert "Arrived late" in page

    def test_that_was_sent_before_the_line_broke_is_there_once(self, laptop, meeting):
        laptop.post(reverse("meetings:board", args=[meeting.conference.pk]), note())
        send(laptop, meeting, **note())
        assert BoardEntry.objects.count() == 1

    def test_that_says_nothing_is_refused_in_words(self, laptop, meeting):
        told = send(laptop, meeting, **note(text=" ")).json()
        assert told == {"state": "refused", "words": "Write what was said."}

    def test_older_than_four_hours_is_refused(self, laptop, meeting):
        assert send(laptop, meeting, **note(), typed_ago="14460").json()["state"] == "refused"
        assert not BoardEntry.objects.exists()

    @pytest.mark.parametrize("wrong", [{"once_key": "x"}, {"typed_ago": "-5"}, {"typed_ago": "9" * 12}])
    def test_that_cannot_be_read_is_refused(self, laptop, meeting, wrong):
        assert send(laptop, meeting, **{**note(), **wrong}).json()["state"] == "refused"


class TestWhoMaySend:
    def test_not_from_a_browser_that_is_not_enrolled(self, client, meeting):
        client.force_login(meeting.coordinator)
        answer = send(client, meeting, **note())
        assert (answer.status_code, answer.json()["state"]) == (404, "ended")

    def test_not_from_a_revoked_one(self, laptop, meeting, device):
        revoke_device(device=device[0], by=meeting.chair, now=NOW)
        assert send(laptop, meeting, **note()).status_code == 404
        page = laptop.get(reverse("meetings:board", args=[meeting.conference.pk])).content.decode()
        assert "data-waiting-none" in page

    def test_not_whoever_may_no_longer_record(self, laptop, meeting):
        laptop.force_login(meeting.worker)
        assert send(laptop, meeting, **note()).status_code == 404

    def test_pages_of_an_enrolled_browser_say_whose_words_wait(self, laptop, meeting):
        page = laptop.get(reverse("meetings:board", args=[meeting.conference.pk])).content.decode()
        assert "data-waiting=" in page


class TestAttendance:
    def test_that_alters_nothing_stands(self, laptop, meeting):
        assert send(laptop, meeting, **mark(meeting, "beth", "online")).json()["state"] == "taken"
        assert Attendance.objects.get(participant=meeting.people.beth).mode == "online"

    def test_that_would_change_the_quorum_waits_for_the_chair(self, laptop, meeting):
        leaves = [who for who in ("amara", "callum", "ngozi", "beth") if _is_here(meeting, who)]
        states = [send(laptop, meeting, **mark(meeting, who, "absent")).json() for who in leaves]
        assert "It would change whether there is a quorum." in [told["words"] for told in states]
        late = LateEntry.objects.filter(state=LateState.WAITS, waits_because__contains="quorum").earliest("pk")
        row = Attendance.objects.get(participant=late.participant)
        assert row.presence == Presence.PRESENT

    def test_that_somebody_recorded_since_waits_and_the_chair_lets_it_stand(self, laptop, meeting):
        sent = {**mark(meeting, "beth", "online"), "version": 99}
        assert send(laptop, meeting, **sent).json()["state"] == "waits"
        late = LateEntry.objects.get()
        page = laptop.get(reverse("meetings:attendance", args=[meeting.conference.pk])).content.decode()
        assert ("Arrived late: for the chair" in page, "Let it stand" in page) == (True, False)
        with pytest.raises(ValidationError, match="chair"):
            settle_late(late=late, accept=True, by=meeting.coordinator, now=NOW)
        assert (waiting(meeting.chair), waiting(meeting.coordinator)) == (["late-attendance"], [])
        laptop.force_login(meeting.chair)
        address = reverse("meetings:settle-late", args=[meeting.conference.pk, late.pk])
        for _ in range(2):
            laptop.post(address, {"accept": "1"})
        late.refresh_from_db()
        assert (late.state, late.settled_by) == (LateState.ACCEPTED, meeting.chair)
        assert Attendance.objects.get(participant=meeting.people.beth).mode == "online"
        assert waiting(meeting.chair) == []

    def test_once_the_meeting_is_closed_nobody_is_asked_any_more(self, laptop, meeting):
        send(laptop, meeting, **{**mark(meeting, "beth", "online"), "version": 99})
        Conference.objects.filter(pk=meeting.conference.pk).update(
            status=ConferenceStatus.CLOSED, ended_at=NOW, closed_at=NOW, quorate=True
        )
        laptop.force_login(meeting.chair)
        page = laptop.get(reverse("meetings:attendance", args=[meeting.conference.pk])).content.decode()
        assert ("so it does not count" in page, "Let it stand" in page, waiting(meeting.chair)) == (True, False, [])

    def test_after_scores_were_shown_waits(self, laptop, meeting):
        meeting.conference.children.filter(pk=meeting.wren.pk).update(scores_shown_at=NOW)
        told = send(laptop, meeting, **mark(meeting, "beth", "online")).json()
        assert told == {"state": "waits", "words": "Scores have been shown since."}

    def test_set_aside_changes_nothing(self, laptop, meeting):
        send(laptop, meeting, **{**mark(meeting, "beth", "absent"), "version": 99})
        before = Attendance.objects.get(participant=meeting.people.beth).presence
        settle_late(late=LateEntry.objects.get(), accept=False, by=meeting.chair, now=NOW)
        assert Attendance.objects.get(participant=meeting.people.beth).presence == before


def _is_here(meeting, who):
    return Attendance.objects.filter(participant=getattr(meeting.people, who), presence=Presence.PRESENT).exists()
