"""When a broken-off meeting goes on is agreed before people leave, and waits for the coordinator until it is booked."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from conferences.enums import SittingState
from deadlines.to_decide import to_decide
from meetings.services.opening import adjourn
from tests.conferences.conftest import NOW
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db

GOES_ON = datetime.datetime(2027, 1, 5, 10, 30, tzinfo=datetime.UTC)
AGREED = {"goes_on_on": "2027-01-05", "goes_on_time": "10:30"}


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False):
        yield


def asks_for_it(user):
    return "next-sitting" in {key for _, key, *_ in to_decide(user)}


@pytest.mark.parametrize("kind", ["adjourned", "inquorate"])
def test_the_time_agreed_waits_for_the_coordinator_until_it_is_booked(client, meeting, kind):
    pk = meeting.conference.pk
    book = reverse("meetings:book-next-sitting", args=[pk])
    assert not asks_for_it(meeting.coordinator)
    client.force_login(meeting.chair)
    address = reverse("meetings:adjourn", args=[pk])
    assert "a plan that a child has stays in force" in client.get(address).content.decode()
    answer = client.post(address, {"why_kind": kind, "reason": "The interpreter left", **AGREED})
    assert answer.status_code == 302, answer.context["form"].errors
    sitting = meeting.conference.sittings.get()
    assert (sitting.state, sitting.goes_on_at) == (kind, GOES_ON)
    assert asks_for_it(meeting.coordinator)
    assert asks_for_it(meeting.worker)
    # The chair does not book; another council's coordinator is not asked.
    assert not asks_for_it(meeting.chair)
    assert not asks_for_it(user_with_role("coordinator"))
    client.force_login(meeting.coordinator)
    work = client.get(reverse("deadlines:my-work")).content.decode()
    assert "Book the next sitting of a conference that was adjourned" in work
    assert book in work
    overview = client.get(reverse("conferences:overview", args=[pk])).content.decode()
    assert "Book the next sitting: people agreed on Tuesday 5" in overview.replace("\xa0", " ")
    assert "10:30" in client.get(reverse("meetings:day", args=[pk])).content.decode()
    form = client.get(book).context["form"]
    assert (form.initial["day"], form.initial["start"]) == (GOES_ON.date(), datetime.time(10, 30))
    booked = {"day": "2027-01-05", "start": "10:30", "length": "120", "mode": "online", "confirm": "yes"}
    runs = {"chair": meeting.chair.pk, "coordinator": meeting.coordinator.pk}
    assert client.post(book, {**booked, **runs}).status_code == 302
    assert meeting.conference.sittings.get(number=2).starts_at == GOES_ON
    assert not asks_for_it(meeting.coordinator)


def test_without_an_agreed_time_somebody_is_asked_all_the_same(meeting):
    adjourn(conference=meeting.conference, reason="Time ran out.", by=meeting.chair, now=NOW)
    assert asks_for_it(meeting.coordinator)


def test_no_one_is_asked_once_no_child_is_left(meeting):
    adjourn(conference=meeting.conference, reason="Time ran out.", by=meeting.chair, now=NOW)
    meeting.conference.children.update(withdrawn_at=NOW, withdrawn_because="Moved")
    assert not asks_for_it(meeting.coordinator)


def test_a_time_that_is_over_is_refused_and_what_was_typed_stays(client, meeting):
    client.force_login(meeting.chair)
    past = {"goes_on_on": "2026-12-01", "goes_on_time": "10:30"}
    typed = {"why_kind": "adjourned", "reason": "The interpreter left", **past}
    page = client.post(reverse("meetings:adjourn", args=[meeting.conference.pk]), typed)
    assert page.status_code == 200
    assert "This time is over. Enter when the meeting goes on." in page.content.decode()
    assert "The interpreter left" in page.content.decode()
    with pytest.raises(ValidationError) as refused:
        adjourn(conference=meeting.conference, reason="x", by=meeting.chair, now=NOW, goes_on_at=NOW)
    assert list(refused.value.message_dict) == ["goes_on_at"]
    assert meeting.conference.sittings.get().state == SittingState.IN_SESSION


def test_the_database_keeps_it_to_meetings_that_were_broken_off(meeting):
    sitting = meeting.conference.sittings.get()
    sitting.goes_on_at = GOES_ON
    with pytest.raises(IntegrityError, match="sitting_goes_on_only_where_broken_off"), transaction.atomic():
        sitting.save()
