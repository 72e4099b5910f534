"""A wish on a guest's page not to meet someone holds back at once what would tell that person when, where and who."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.models import GuestLink
from conferences.enums import HowToAttend, Need, ParticipantStatus
from conferences.models import ExclusionRequest
from conferences.selectors.named import whom_they_mean
from conferences.services.exclusions import decide_request
from conferences.services.guest_answers import ask_as_guest
from conferences.services.invitations import send_invitations
from conferences.services.scheduling import move_sitting
from deadlines.models import Deadline
from notifications.enums import MessageState
from notifications.models import Message, Notice
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import LONDON, NOW
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=2)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@once_per_module(at=NOW)
def knowing(invited):
    """The conference after its invitations left."""
    send_due(now=NOW, limit=200)
    return invited


def ask(told, conference, text="Not with Dale, please", *, now=LATER, needs=(Need.APART,), by=None):
    hazel = story.on_list(conference, by or told.hazel)
    return ask_as_guest(participant=hazel, guest_session_id=1, needs=needs, text=text, now=now)


def let_in(told, conference, now=LATER):
    return decide_request(
        request=story.on_list(conference, told.dale).exclusion_requests.get(decided_at__isnull=True),
        by=told.chair,
        how=HowToAttend.WHOLE,
        reason="No danger",
        views_through=None,
        answer_text="You asked not to meet him. The chair decided that both of you come.",
        now=now,
    )


def status_of(conference, person):
    return story.on_list(conference, person).status


def test_it_holds_back_the_named_person_at_once(told, knowing):
    before = Message.objects.filter(person_id=told.dale.pk).count()
    said = ask(told, knowing)
    asked = story.on_list(knowing, told.dale).exclusion_requests.get()
    assert (asked.said, asked.asked_for, asked.asked_by, asked.reason) == (said, told.hazel, None, said.text)
    assert status_of(knowing, told.dale) == ParticipantStatus.AWAITING_CHAIR
    assert not GuestLink.objects.filter(person_id=told.dale.pk, revoked_at__isnull=True).exists()
    moved = story.booking(told, starts_at=story.STARTS_AT + datetime.timedelta(days=1))
    move_sitting(sitting=knowing.sittings.get(), booking=moved, reason="Ill", by=told.coordinator, now=LATER)
    send_due(now=LATER, limit=200)
    assert Message.objects.filter(person_id=told.dale.pk).count() == before
    assert [row for row in (told.martin, told.hazel) if status_of(knowing, row) != ParticipantStatus.INVITED] == []


def test_what_waits_for_the_named_person_is_withdrawn_and_never_sent(told, invited):
    ask(told, invited)
    send_due(now=LATER, limit=200)
    message = Message.objects.get(person_id=told.dale.pk)
    assert (message.state, message.sent_at) == (MessageState.WITHDRAWN, None)


def test_chair_social_worker_and_manager_are_told(told, knowing):
    said = ask(told, knowing)
    notices = Notice.objects.filter(key=f"said-by-guest:{said.pk}", urgent=True)
    assert set(notices.values_list("user", flat=True)) == {
        told.coordinator.pk, told.chair.pk, told.social_worker.pk, told.manager.pk,
    }  # fmt: skip


def test_it_is_decided_within_the_councils_limit_and_asking_again_makes_it_no_longer(told, knowing):
    ask(told, knowing)
    first = Deadline.objects.get(kind="guest-ask")
    assert (first.due_on, first.met_at) == (datetime.date(2026, 12, 11), None)
    assert told.chair.pk in first.responsible_ids
    ask(told, knowing, "Not with Dale. Please!", now=LATER + datetime.timedelta(days=1))
    again = Deadline.objects.get(kind="guest-ask")
    assert (again.pk, again.due_on) == (first.pk, first.due_on)
    let_in(told, knowing, now=LATER + datetime.timedelta(days=1))
    assert Deadline.objects.get(kind="guest-ask").met_at == LATER + datetime.timedelta(days=1)


def test_nobody_silences_another_by_asking_again_after_the_decision(told, knowing):
    ask(told, knowing)
    let_in(told, knowing)
    said = ask(told, knowing, "Dale again", now=LATER + HOUR)
    assert status_of(knowing, told.dale) == ParticipantStatus.INVITED
    assert Notice.objects.filter(user=told.chair, key=f"said-by-guest:{said.pk}").exists()


def test_another_who_asks_is_heard_for_themselves(told, knowing):
    ask(told, knowing)
    let_in(told, knowing)
    ask(told, knowing, "I can't sit with Dale", by=told.martin, now=LATER + HOUR)
    assert status_of(knowing, told.dale) == ParticipantStatus.AWAITING_CHAIR


def test_other_needs_hold_nobody(told, knowing):
    ask(told, knowing, "Dale speaks Welsh", needs=[Need.INTERPRETER])
    assert not ExclusionRequest.objects.exists()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("dale", {"Dale"}),
        ("Not with DALE ASHDOWN!", {"Dale"}),
        ("keep Mr Ashdown away", {"Dale"}),
        ("Dále, please", {"Dale"}),
        ("I'm scared of Dale and of Martin", {"Dale", "Martin"}),
        ("not with Shazia from the school", {"Shazia"}),
        ("his father", {"Dale", "Martin"}),
        ("", {"Dale", "Martin"}),
        ("Will you help me? Not with him", {"Dale", "Martin"}),
        ("My ex must not know where. Hazel", {"Dale", "Martin"}),
    ],
)
def test_whom_the_words_mean(told, knowing, text, meant):
    hazel = story.on_list(knowing, told.hazel)
    assert {row.person.given_name for row in whom_they_mean(hazel, text)} == meant


def test_naming_somebody_already_held_holds_nobody_else(told, knowing):
    ask(told, knowing)
    ask(told, knowing, "Dale, as I said")
    assert ExclusionRequest.objects.count() == 1


def test_the_person_held_is_on_no_other_list_that_goes_out(told, knowing):
    ask(told, knowing)
    assert send_invitations(conference=knowing, by=told.coordinator, now=LATER) == []


def test_the_pages_say_who_asked_to_staff_and_what_follows_to_the_guest(client, told, knowing):
    ask(told, knowing)
    request = ExclusionRequest.objects.get()
    client.force_login(told.chair)
    page = client.get(reverse("conferences:decide-request", args=[knowing.pk, request.pk])).content.decode()
    assert "a guest, on their own page for Hazel Brambley" in page


def test_the_limit_is_in_working_days(told, knowing):
    friday = datetime.datetime(2026, 12, 11, 16, tzinfo=LONDON)
    ask(told, knowing, now=friday)
    assert Deadline.objects.get(kind="guest-ask").due_on == datetime.date(2026, 12, 14)
