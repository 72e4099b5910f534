"""A decision to keep someone out belongs to the people and the children, not to one conference."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.models import GuestLink
from conferences.enums import Capacity, HowToAttend, ParticipantStatus, RequestGround
from conferences.selectors.standing import kept_out_before
from conferences.services.exclusions import decide_request, open_request
from conferences.services.invitations import add_participant, send_invitations
from conferences.services.proposals import propose_participants
from conferences.services.scheduling import cancel_conference, convene_conference, move_sitting
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=2)
AFTER_CANCELLING = LATER + datetime.timedelta(hours=1)
REASON = "She is afraid of him, and he has rung her at night."
SAID = "He is heard through the social worker."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AFTER_CANCELLING, tick=False):
        yield


def ask(told, row, **changes):
    facts = {"ground": RequestGround.ASKED, "reason": REASON, "asked_for": told.hazel, "by": told.social_worker}
    return open_request(participant=row, now=NOW, **{**facts, **changes})


def decide(told, row, how=HowToAttend.NOT_AT_ALL, *, now=LATER):
    request = row.exclusion_requests.get(decided_at__isnull=True)
    through = row.conference.participants.get(capacity=Capacity.SOCIAL_WORKER)
    return decide_request(
        request=request,
        by=told.chair,
        how=how,
        reason=SAID,
        answer_text="You asked for him to be kept out. The chair has decided.",
        views_through=through if how == HowToAttend.NOT_AT_ALL else None,
        arrives_at=story.STARTS_AT + datetime.timedelta(hours=3) if how == HowToAttend.SEPARATE_TIME else None,
        now=now,
    )


def keep_out(told, conference, person, how=HowToAttend.NOT_AT_ALL):
    row = story.on_list(conference, person)
    ask(told, row)
    return decide(told, row, how)


def cancel(told, conference, now=LATER):
    return cancel_conference(conference=conference, reason="The room is lost", by=told.coordinator, now=now)


def invite_everyone(told, conference):
    story.settled(told, conference)
    send_invitations(conference=conference, by=told.coordinator, now=AFTER_CANCELLING)
    send_due(now=AFTER_CANCELLING, limit=200)


def about(told, *children):
    """Book another conference about these children only."""
    rows = [row for row in story.to_confer(told) if row.child in children]
    return convene_conference(
        family=told.family, children=rows, reason="Again", booking=story.booking(told), by=told.coordinator,
        now=AFTER_CANCELLING,
    )  # fmt: skip


def reached(person, *, before=()):
    return (
        Message.objects.filter(person_id=person.pk).exclude(pk__in=before).exists()
        or GuestLink.objects.filter(person_id=person.pk, revoked_at__isnull=True).exists()
    )


@pytest.mark.parametrize("how", [how for how in HowToAttend if how != HowToAttend.WHOLE], ids=str)
def test_cancel_book_again_invite_and_nothing_reaches_him(told, booked, how):
    keep_out(told, booked, told.dale, how)
    cancel(told, booked)
    again = story.booked(told)
    invite_everyone(told, again)
    dale = story.on_list(again, told.dale)
    assert dale.status == ParticipantStatus.AWAITING_CHAIR
    assert not reached(told.dale)
    assert reached(told.hazel)


def test_moving_leaves_him_out(told, booked):
    keep_out(told, booked, told.dale)
    moved = story.booking(told, starts_at=story.STARTS_AT + datetime.timedelta(days=1))
    move_sitting(
        sitting=booked.sittings.get(), booking=moved, reason="The chair is ill", by=told.coordinator, now=LATER
    )
    invite_everyone(told, booked)
    assert story.on_list(booked, told.dale).status == ParticipantStatus.KEPT_OUT
    assert not reached(told.dale)


def test_a_request_that_nobody_decided_lasts_over_cancelling(told, booked):
    ask(told, story.on_list(booked, told.dale))
    cancel(told, booked)
    again = story.booked(told)
    invite_everyone(told, again)
    assert story.on_list(again, told.dale).status == ParticipantStatus.AWAITING_CHAIR
    assert not reached(told.dale)


def test_he_comes_in_no_other_capacity(told, booked):
    keep_out(told, booked, told.dale)
    rows = list(booked.children.all())
    row = add_participant(
        conference=booked, person=told.dale, capacity=Capacity.SUPPORTER, children=rows, reason="He asked",
        email="dale@home.example", acts_for=story.on_list(booked, told.hazel), by=told.coordinator, now=LATER,
    )  # fmt: skip
    assert row.status == ParticipantStatus.AWAITING_CHAIR
    invite_everyone(told, booked)
    assert not reached(told.dale)


def test_he_is_held_on_every_list_that_stands_when_somebody_asks(told, discussed):
    first, second = about(told, told.robin), about_later(told, told.baby)
    invite_everyone(told, second)
    before = list(Message.objects.values_list("pk", flat=True))
    ask(told, story.on_list(first, told.dale))
    dale = story.on_list(second, told.dale)
    assert dale.status == ParticipantStatus.AWAITING_CHAIR
    assert not reached(told.dale, before=before)


def about_later(told, *children):
    rows = [row for row in story.to_confer(told) if row.child in children]
    later = story.booking(told, starts_at=story.STARTS_AT + datetime.timedelta(days=1))
    return convene_conference(
        family=told.family, children=rows, reason="Another", booking=later, by=told.coordinator, now=AFTER_CANCELLING
    )


def test_the_brothers_conference_asks_too(told, discussed):
    first = about(told, told.robin)
    keep_out(told, first, told.dale)
    second = about_later(told, told.baby)
    assert story.on_list(second, told.dale).status == ParticipantStatus.AWAITING_CHAIR


def test_another_relative_who_was_never_on_the_list_is_asked_about_nobody(told, booked):
    keep_out(told, booked, told.dale)
    cancel(told, booked)
    again = story.booked(told)
    assert list(again.exclusion_requests.values_list("participant__person", flat=True)) == [told.dale.pk]


def test_a_professional_can_be_kept_out_as_lastingly(told, booked):
    gp = told.posts["gp"].person
    keep_out(told, booked, gp)
    cancel(told, booked)
    again = story.booked(told)
    invite_everyone(told, again)
    assert story.on_list(again, gp).status == ParticipantStatus.AWAITING_CHAIR
    assert not reached(gp)


def test_the_new_list_asks_with_what_was_decided_and_why(client, told, booked):
    before = keep_out(told, booked, told.dale)
    cancel(told, booked)
    again = story.booked(told)
    asked = story.on_list(again, told.dale).exclusion_requests.get()
    assert (asked.ground, asked.goes_on_from, asked.asked_for) == (RequestGround.KEPT_OUT_BEFORE, before, told.hazel)
    client.force_login(told.coordinator)
    for page in ("people", "change-list", "check-invitations"):
        text = client.get(reverse(f"conferences:{page}", args=[again.pk])).content.decode()
        assert SAID in text, page
    client.force_login(told.chair)
    text = client.get(reverse("conferences:decide-request", args=[again.pk, asked.pk])).content.decode()
    assert (SAID in text, REASON in text, booked.reference in text) == (True, True, True)


def test_the_next_chair_keeps_him_out_again_and_the_list_after_it_asks_again(told, booked):
    keep_out(told, booked, told.dale)
    cancel(told, booked)
    second = story.booked(told)
    decide(told, story.on_list(second, told.dale), now=AFTER_CANCELLING)
    assert story.on_list(second, told.dale).status == ParticipantStatus.KEPT_OUT
    cancel(told, second, now=AFTER_CANCELLING)
    third = story.booked(told)
    assert story.on_list(third, told.dale).status == ParticipantStatus.AWAITING_CHAIR


def test_once_a_chair_lets_him_in_the_next_list_does_not_ask(told, booked):
    keep_out(told, booked, told.dale)
    cancel(told, booked)
    second = story.booked(told)
    decide(told, story.on_list(second, told.dale), HowToAttend.WHOLE, now=AFTER_CANCELLING)
    invite_everyone(told, second)
    assert reached(told.dale)
    with time_machine.travel(AFTER_CANCELLING + datetime.timedelta(hours=1), tick=False):
        cancel(told, second, now=AFTER_CANCELLING + datetime.timedelta(hours=1))
        third = story.booked(told)
    assert story.on_list(third, told.dale).status == ParticipantStatus.PROPOSED


def test_being_let_in_about_one_child_lets_nobody_in_about_the_other(told, discussed):
    first = about(told, told.robin)
    keep_out(told, first, told.dale)
    second = about_later(told, told.baby)
    decide(told, story.on_list(second, told.dale), HowToAttend.WHOLE, now=AFTER_CANCELLING)
    cancel(told, first, now=AFTER_CANCELLING)
    with time_machine.travel(AFTER_CANCELLING + datetime.timedelta(hours=1), tick=False):
        again = about(told, told.robin)
    assert story.on_list(again, told.dale).status == ParticipantStatus.AWAITING_CHAIR


def test_looking_again_asks_once(told, booked):
    keep_out(told, booked, told.dale)
    cancel(told, booked)
    again = story.booked(told)
    for _ in range(2):
        propose_participants(conference=again, by=told.coordinator, now=AFTER_CANCELLING)
        invite_everyone(told, again)
    assert again.exclusion_requests.count() == 1


def test_whether_a_child_is_old_enough_is_asked_by_its_own_rule_each_time(told, booked):
    robin = story.on_list(booked, told.robin.person)
    ask(told, robin, ground=RequestGround.BY_UNDERSTANDING, asked_for=None)
    decide(told, robin)
    cancel(told, booked)
    again = story.booked(told)
    assert story.on_list(again, told.robin.person).status == ParticipantStatus.PROPOSED


def test_asking_takes_as_many_queries_for_one_as_for_ten(told, booked, django_assert_num_queries):
    keep_out(told, booked, told.dale)
    cancel(told, booked)
    again = story.booked(told)
    everyone = list(again.participants.select_related("person"))
    for rows in ([row for row in everyone if row.person_id == told.dale.pk], everyone):
        with django_assert_num_queries(4):
            kept_out_before(again, rows)
