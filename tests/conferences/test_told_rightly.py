"""Where one way of telling takes the place of another, nobody is told twice, never, or what does not hold any more."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import HowToAttend, Occasion, ParticipantStatus, RequestGround
from conferences.selectors.letters import LINK_GIVEN
from conferences.services.deputies import confirm_deputy, name_deputy, take_back_deputy
from conferences.services.exclusions import decide_request, open_request
from conferences.services.handing_over import hand_on
from conferences.services.invitations import change_list
from conferences.services.new_links import send_new_link
from conferences.services.scheduling import move_sitting
from conferences.services.telling import send_by_email_instead, tell_people
from families.models import ContactPoint
from families.services.posts import change_post, end_post
from notifications.enums import MessageState, Subject
from notifications.models import Message, Notice
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences import test_told_in_the_chairs_words as chair
from tests.conferences import test_told_otherwise as hand
from tests.conferences.story import NOW
from tests.conferences.test_children_come_and_go import withdraw
from tests.conferences.test_told_otherwise import HOUR, LATER
from tests.factories import PostFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
WORDS = "You come at three, by the side door."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@once_per_module(at=NOW)
def knowing(told):
    """Another telling of the same: all are invited by e-mail, and it has left."""
    conference = story.invited(told)
    send_due(now=NOW, limit=200)
    return conference


def newest(person):
    return Message.objects.filter(person_id=person.pk).latest("pk")


def send():
    send_due(now=LATER, limit=200)


# told by someone before it ended, and recorded after


@pytest.mark.parametrize(
    ("then", "occasion"), [("cancelled", Occasion.CANCELLED), ("left off", Occasion.TAKEN_OFF)], ids=str
)
def test_whoever_turns_out_to_have_been_told_hears_what_came_after(told, otherwise, then, occasion):
    first = hand.open_rows(otherwise)[0]
    if then == "cancelled":
        hand.cancel(told, otherwise)
    else:
        request = hand.asked_about(told, otherwise)
        hand.decide(told, request, told_text="")
    with pytest.raises(ValidationError, match="give the time"):
        hand.tick(told, first, at=LATER + HOUR, now=LATER + HOUR)
    hand.tick(told, first, at=NOW + HOUR, now=LATER + HOUR)
    assert hand.occasions(otherwise) == [occasion]
    hand.tick(told, first, at=NOW + HOUR, now=LATER + HOUR)
    assert hand.occasions(otherwise) == [occasion]


def test_the_chair_knows_of_a_telling_before_the_question_was_asked(told, otherwise):
    first = hand.open_rows(otherwise)[0]
    request = hand.asked_about(told, otherwise)
    with pytest.raises(ValidationError, match="Wait for the chair"):
        hand.tick(told, first, at=LATER, now=LATER + HOUR)
    hand.tick(told, first, at=NOW + HOUR, now=LATER + HOUR)
    assert hand.dale_of(told, otherwise).status == ParticipantStatus.AWAITING_CHAIR
    with pytest.raises(ValidationError) as refused:
        hand.decide(told, request, told_text="")
    assert set(refused.value.message_dict) == {"told_text"}


def test_the_page_takes_a_telling_before_it_ended(client, told, otherwise):
    first = hand.open_rows(otherwise)[0]
    hand.cancel(told, otherwise)
    client.force_login(told.coordinator)
    page = reverse("conferences:record-telling", args=[otherwise.pk, first.pk])
    listed = client.get(reverse("conferences:to-tell", args=[otherwise.pk])).content.decode()
    assert ("No longer to be told" in listed, page in listed) == (True, True)
    asked = client.get(page)
    assert "Say nothing to them now" in asked.content.decode()
    assert "22 December" not in asked.content.decode()


# the cancellation


def test_whoever_was_taken_off_before_a_cancellation_hears_so(told, otherwise):
    hand.tick(told, hand.open_rows(otherwise)[0])
    hand.decide(told, hand.asked_about(told, otherwise))
    hand.cancel(told, otherwise)
    rows = hand.list_of_those_to_tell(otherwise, on=LATER.date())
    assert [(row.to_tell.occasion, "You are not asked to come." in row.words) for row in rows] == [
        (Occasion.TAKEN_OFF, True)
    ]


def test_an_unsent_word_that_someone_does_not_come_leaves_after_a_cancellation(told, knowing):
    chair.decide(told, chair.ask(told, story.on_list(knowing, told.dale)))
    hand.cancel(told, knowing)
    send()
    message = newest(told.dale)
    assert (message.state, chair.TOLD in message.body) == (MessageState.SENT, True)


# words written for one person


def waiting_words(told, conference):
    tell_people(
        conference=conference,
        people=[hand.dale_of(told, conference)],
        subject=Subject.PLACE,
        sitting=conference.sittings.get(),
        told=WORDS,
        now=LATER,
    )


def move(told, conference):
    hand.move(told, conference)


def give_address(told, conference):
    row = hand.dale_of(told, conference)
    email = "dale@home.example" if not row.email else "dale@work.example"
    ContactPoint.objects.get_or_create(person=told.dale, kind="email", value=email, defaults={"is_safe": True})
    change = story.as_listed(row, email=email, invited_how="")
    change_list(conference=conference, changes=[change], by=told.coordinator, now=LATER)


def take_address(told, conference):
    change = story.as_listed(hand.dale_of(told, conference), email="", invited_how="By hand")
    change_list(conference=conference, changes=[change], by=told.coordinator, now=LATER)


def new_link(told, conference):
    send_new_link(participant=hand.dale_of(told, conference), because="Lost", by=told.coordinator, now=LATER)


@pytest.mark.parametrize("act", [move, give_address, take_address, new_link])
def test_what_was_written_for_someone_and_has_not_left_goes_with_the_next_message(told, knowing, act):
    waiting_words(told, knowing)
    act(told, knowing)
    send()
    listed = [row.words for row in hand.open_rows(knowing)]
    said = listed[0] if listed else newest(told.dale).body
    assert said.count(WORDS) == 1
    assert ("has changed" in said) == (act == move)


def test_what_someone_had_to_tell_is_said_by_the_email_that_takes_its_place(told, otherwise):
    hand.tick(told, hand.open_rows(otherwise)[0])
    waiting_words(told, otherwise)
    give_address(told, otherwise)
    assert (WORDS in newest(told.dale).body, hand.open_rows(otherwise)) == (True, [])


def test_what_a_later_decision_replaces_is_told_to_nobody(told, otherwise):
    hand.tick(told, hand.open_rows(otherwise)[0])
    hand.decide(told, hand.asked_about(told, otherwise), how=HowToAttend.PART, told_text=WORDS)
    hand.decide(told, hand.asked_about(told, otherwise), how=HowToAttend.VIDEO, told_text="You join by video.")
    assert [row.words for row in hand.open_rows(otherwise)] == ["You join by video."]
    hand.decide(told, hand.asked_about(told, otherwise))
    hand.decide(told, hand.asked_about(told, otherwise), how=HowToAttend.WHOLE, told_text="")
    assert "not asked" not in hand.open_rows(otherwise)[0].words


def test_an_email_in_place_of_telling_names_who_runs_the_meeting(told, knowing):
    ContactPoint.objects.filter(person=told.dale).update(is_safe=False)
    erin = user_with_role(Role.CHAIR, authority=told.authority, name="Erin Nightjar")
    hand_on(conference=knowing, chair=erin, reason="Ill", by=told.coordinator, now=LATER)
    send()
    ContactPoint.objects.filter(person=told.dale).update(is_safe=True)
    [row] = hand.open_rows(knowing)
    send_by_email_instead(to_tell=row, now=LATER)
    body = newest(told.dale).body
    assert ("Erin Nightjar" in body, "[" in body.replace("[the link for you alone]", "")) == (True, False)


# mailboxes


@pytest.mark.parametrize("message", ["change", "answer"])
def test_nothing_leaves_for_a_mailbox_that_someone_else_has_by_then(told, knowing, message):
    request = chair.ask(told, story.on_list(knowing, told.dale))
    mailbox = story.on_list(knowing, told.hazel).email
    if message == "answer":
        chair.decide(told, request)
    else:
        hand.move(told, knowing)
    ContactPoint.objects.create(person=told.dale, kind="email", value=mailbox, is_safe=True)
    send()
    assert (newest(told.hazel).state, newest(told.hazel).withdrawn_because) == (
        MessageState.WITHDRAWN,
        "Someone else has this e-mail address too.",
    )
    assert {row.participant.person for row in hand.open_rows(knowing)} == {told.hazel}


def test_a_worker_whose_message_can_go_to_no_mailbox_has_to_be_told(told, invited):
    post = told.posts["academy"]
    change_post(post=post, title=post.title, email="dale@home.example", phone="", because="x", by=told.coordinator, now=LATER)  # fmt: skip
    shazia = story.on_list(invited, post.person)
    assert (shazia.status, shazia.email) == (ParticipantStatus.TO_INVITE, "")
    assert [(row.participant, row.occasion) for row in hand.open_rows(invited)] == [(shazia, Occasion.INVITATION)]
    assert hand.clock_of(invited).met_at is None


# the clock of the invitations


def test_the_clock_is_met_once_the_last_one_waits_for_the_chair(told, otherwise):
    assert hand.clock_of(otherwise).met_at is None
    hand.asked_about(told, otherwise)
    assert hand.clock_of(otherwise).met_at == LATER


def test_the_clock_is_met_once_the_last_one_has_left_the_post(told, invited):
    post = told.posts["academy"]
    change_post(post=post, title=post.title, email="", phone="", because="x", by=told.coordinator, now=LATER)
    assert hand.clock_of(invited).met_at is None
    end_post(post=post, on=LATER.date(), because="Left", by=told.coordinator, now=LATER)
    assert hand.clock_of(invited).met_at == LATER


# whoever came for a child who is withdrawn while they wait for the chair


@pytest.mark.parametrize("how", [HowToAttend.PART, HowToAttend.WHOLE])
def test_whoever_comes_for_no_child_any_more_is_not_let_in(told, knowing, how):
    martin = story.on_list(knowing, told.martin)
    request = open_request(participant=martin, ground=RequestGround.ASKED, reason="Fear", by=told.social_worker, now=LATER)  # fmt: skip
    withdraw(told, knowing, told.wren)
    words = "" if how == HowToAttend.WHOLE else WORDS
    decide_request(request=request, by=told.chair, how=how, reason="Safe", views_through=None, told_text=words, now=LATER)  # fmt: skip
    martin.refresh_from_db()
    send()
    message = newest(told.martin)
    assert (martin.status, message.key.endswith(":cancel")) == (ParticipantStatus.WITHDRAWN, True)
    assert (WORDS in message.body, "Day:" in message.body) == (False, False)


# who brings the views of someone kept out


def unheard(told, conference):
    """Keep Dale out, with his views through the general practitioner."""
    chair.decide(told, chair.ask(told, story.on_list(conference, told.dale)))
    return told.posts["gp"]


def warned(told):
    return {row.user.name for row in Notice.objects.filter(text__contains="bring someone’s views")}


def test_chair_and_coordinator_hear_that_nobody_brings_the_views_of_someone_kept_out(told, knowing):
    post = unheard(told, knowing)
    change = story.as_listed(story.on_list(knowing, post.person), wanted=False, reason="On leave")
    change_list(conference=knowing, changes=[change], by=told.coordinator, now=LATER)
    assert warned(told) == {"Tomasz Kestrel", "Joan Plover"}


def test_they_hear_it_too_where_the_chair_keeps_the_bearer_out(told, knowing):
    bearer = story.on_list(knowing, unheard(told, knowing).person)
    decide_request(
        request=chair.ask(told, bearer), by=told.chair, how=HowToAttend.NOT_AT_ALL, reason="Knows him too well.",
        views_through=story.on_list(knowing, told.posts["academy"].person), told_text=chair.TOLD,
        answer_text=chair.ANSWER, now=LATER,
    )  # fmt: skip
    assert warned(told) == {"Tomasz Kestrel", "Joan Plover"}


def test_a_successor_in_a_post_brings_the_views_that_the_one_before_was_to_bring(told, knowing):
    post = unheard(told, knowing)
    successor = PostFactory(agency=post.agency, email="new@agency.example")
    end_post(post=post, on=LATER.date(), because="Left", successor=successor, by=told.coordinator, now=LATER)
    assert story.on_list(knowing, told.dale).views_brought_by.post == successor


def test_whoever_was_a_deputy_once_comes_later_in_their_own_place(told, knowing):
    post = told.posts["academy"]
    named = name_deputy(
        participant=story.on_list(knowing, post.person), given_name="Ada", family_name="Wren", title="Deputy head",
        email="ada@agency.example", by=told.coordinator, now=LATER,
    )  # fmt: skip
    ada = confirm_deputy(deputy=named, how_confirmed="Rang", by=told.coordinator, now=LATER)
    take_back_deputy(deputy=named, because="Comes herself", by=told.coordinator, now=LATER)
    end_post(post=post, on=LATER.date(), because="Left", successor=ada.post, by=told.coordinator, now=LATER)
    ada.refresh_from_db()
    assert (ada.status, ada.is_deputy) == (ParticipantStatus.INVITED, False)


def test_neither_are_they_lost_where_the_meeting_is_moved_there_and_back(told, knowing):
    waiting_words(told, knowing)
    hand.move(told, knowing)
    move_sitting(
        sitting=knowing.sittings.get(), booking=story.booking(told), reason="Well again", by=told.coordinator, now=LATER
    )
    send()
    assert WORDS in newest(told.dale).body


def test_what_goes_with_the_link_for_those_online_is_in_no_other_message(told, knowing):
    dale = hand.dale_of(told, knowing)
    sitting = knowing.sittings.get()
    facts = {"conference": knowing, "sitting": sitting, "subject": Subject.PLACE, "now": LATER}
    tell_people(people=[dale], told=LINK_GIVEN, **facts)
    hand.move(told, knowing)
    assert LINK_GIVEN not in newest(told.dale).body


def test_nor_is_the_name_of_a_chair_who_was_replaced_meanwhile(told, knowing):
    waiting_words(told, knowing)
    for name in ("Erin Nightjar", "Nora Swift"):
        chosen = user_with_role(Role.CHAIR, authority=told.authority, name=name)
        hand_on(conference=knowing, chair=chosen, reason="Ill", by=told.coordinator, now=LATER)
        new_link(told, knowing)
    body = newest(told.dale).body
    assert (WORDS in body, "Erin" in body, body.count("Nora Swift now leads")) == (True, False, 1)
