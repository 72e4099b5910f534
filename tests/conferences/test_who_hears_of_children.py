"""Who is told, and how, that a child comes to a conference or comes no more."""

from __future__ import annotations

import datetime

import pytest
import time_machine

from conferences.enums import ConferenceKind, HowToAttend, ParticipantStatus, RequestGround, WithdrawalGround
from conferences.models import Participant
from conferences.services.exclusions import decide_request, hold_undecided, open_request
from families.models import ContactRisk
from notifications.models import Message, Notice
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import NOW
from tests.conferences.test_children_come_and_go import LATER, WORDS, add, refused, withdraw
from tests.factories import ConferenceChildFactory, ConferenceFactory, family_participant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


def test_after_a_death_nobody_is_sent_anything(told, for_all):
    told.wren.person.death_date = datetime.date(2026, 12, 9)
    told.wren.person.save()
    already = set(Message.objects.values_list("pk", flat=True))
    withdraw(told, for_all, told.wren, ground=WithdrawalGround.DIED, decided_by=None, told_text="", words_agreed=False)
    assert not Message.objects.exclude(pk__in=already).exists()
    assert for_all.participants.get(person=told.martin).status == ParticipantStatus.WITHDRAWN
    [said] = refused(lambda: add(told, for_all, told.wren))
    assert said == "This child has died."


def test_the_last_child_is_not_withdrawn(told, for_one):
    [said] = refused(lambda: withdraw(told, for_one, told.robin))
    assert said == "This is the only child of the conference. Cancel the conference instead."


def test_whoever_waits_for_the_chair_or_is_kept_out_hears_of_no_child(told, for_one):
    from tests.conferences.test_told_in_the_chairs_words import ask, decide  # noqa: PLC0415

    decide(told, ask(told, story.on_list(for_one, told.dale)))
    already = set(Message.objects.values_list("pk", flat=True))
    add(told, for_one, told.baby, kind=ConferenceKind.PRE_BIRTH)
    assert told.dale.pk not in set(Message.objects.exclude(pk__in=already).values_list("person_id", flat=True))
    assert story.on_list(for_one, told.dale).status == ParticipantStatus.KEPT_OUT


def test_whom_no_mail_reaches_is_to_be_told_another_way(told, for_one):
    for_one.participants.filter(person=told.dale).update(email="", invited_how="By the social worker")
    add(told, for_one, told.wren)
    row = for_one.to_tell.get(told_at=None, ended_at=None)
    assert (row.participant.person, "is now about another child" in row.words) == (told.dale, True)


def test_an_agencys_worker_who_is_taken_off_is_told_why_and_that_nothing_more_is_needed(told, for_all):
    Participant.objects.filter(person=told.posts["primary"].person).update(reports=True)
    withdraw(told, for_all, told.wren)
    body = Message.objects.filter(person_id=told.posts["primary"].person_id).latest("pk").body
    assert "no longer about the child your agency knows" in body
    assert "Nothing more is needed from you" in body
    assert (WORDS in body, "Wren" in body) == (False, False)


def test_whoever_is_taken_off_and_has_no_mailbox_is_told_so_in_the_chairs_words(told, for_all):
    for_all.participants.filter(person=told.martin).update(email="", invited_how="By the social worker")
    withdraw(told, for_all, told.wren)
    row = for_all.to_tell.get(told_at=None, ended_at=None)
    assert (row.participant.person, row.occasion, row.words) == (told.martin, "taken_off", WORDS)


def test_news_that_is_overtaken_does_not_leave(told, for_one):
    add(told, for_one, told.wren)
    withdraw(told, for_one, told.wren)
    send_due(now=LATER, limit=200)
    states = set(Message.objects.filter(key__contains="child-news").values_list("body", "state"))
    assert {state for body, state in states if "another child" in body} == {"withdrawn"}


def test_council_staff_are_told_once_and_not_whoever_did_it(told, for_one):
    add(told, for_one, told.wren)
    about = Notice.objects.filter(text__contains="about another child")
    assert {row.user for row in about} == {told.chair, told.social_worker, told.manager}


def test_a_decision_about_someone_does_not_speak_of_a_risk_to_a_child_who_is_added_after_it(told, for_one):
    risk = ContactRisk.objects.create(
        person=told.dale, ground="other", detail="Threatened her.", recorded_by=told.social_worker, recorded_at=NOW,
    )  # fmt: skip
    risk.children.set([told.wren])
    hold_undecided(conference=for_one, by=told.coordinator, now=NOW)
    let_in(told, for_one.exclusion_requests.get())
    assert story.on_list(for_one, told.dale).status == ParticipantStatus.INVITED
    add(told, for_one, told.baby, kind=ConferenceKind.PRE_BIRTH)
    assert story.on_list(for_one, told.dale).status == ParticipantStatus.INVITED
    add(told, for_one, told.wren)
    assert story.on_list(for_one, told.dale).status == ParticipantStatus.AWAITING_CHAIR


def test_nor_of_his_being_kept_away_from_that_child_before(told, for_one):
    earlier = ConferenceFactory(family=told.family, reference="CC26-0777", authority=told.authority)
    row = ConferenceChildFactory(conference=earlier, child=told.wren, withdrawn_at=NOW, withdrawn_because="Held.")
    him = family_participant(earlier, "parent", person=told.dale, children=(row,))
    request = open_request(
        participant=him, ground=RequestGround.ASKED, reason="Wren is afraid.", by=told.social_worker, now=NOW
    )
    decide_out(told, request)
    hold_undecided(conference=for_one, by=told.coordinator, now=NOW)
    let_in(told, for_one.exclusion_requests.get())
    add(told, for_one, told.wren)
    assert story.on_list(for_one, told.dale).status == ParticipantStatus.AWAITING_CHAIR


def let_in(told, request):
    """Decide, an hour before anything is added, that somebody comes to the whole meeting."""
    decide_request(
        request=request, by=told.chair, how=HowToAttend.WHOLE, reason="No danger there.", views_through=None,
        now=NOW + datetime.timedelta(hours=1),
    )  # fmt: skip


def decide_out(told, request):
    views = family_participant(request.conference, "parent", person=told.hazel)
    decide_request(
        request=request, by=request.conference.chair, how=HowToAttend.NOT_AT_ALL, reason="Afraid.", views_through=views, now=NOW,
        told_text="Do not come.",
    )  # fmt: skip
