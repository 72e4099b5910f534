"""A booked conference takes another child in, lets one go and puts one back, and all that it has stays."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from conferences.enums import ConferenceKind, ParticipantStatus, WithdrawalGround
from conferences.models import ConferenceChild
from conferences.services.children import add_child
from conferences.services.guards import EditedMeanwhile
from conferences.services.kinds import correct_kind
from conferences.services.withdrawing import Withdrawal, withdraw_child
from deadlines.models import Deadline
from deadlines.services import reconcile
from notifications.models import Message
from notifications.services.outbox import send_due
from plans.enums import PlanKind
from plans.models import Plan
from tests.conferences import story
from tests.conferences.story import NOW
from tests.factories import (
    AgencyInvolvementFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    DecisionFactory,
    FamilyFactory,
    FamilyMemberFactory,
)

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=2)
WORDS = "You do not need to come any more. Ring Amara on 01632 960 001."
NOT_THE_WORDS = ("Robin", "Wren", "Brambley", "unborn", "baby")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


def add(told, conference, child, *, kind=ConferenceKind.INITIAL, now=LATER, **changes):
    facts = {"because": "She was hurt too.", "by": told.coordinator, **changes}
    return add_child(conference=conference, child=child, kind=kind, now=now, **facts)


def withdraw(told, conference, child, *, ground=WithdrawalGround.OTHER_COUNCIL, now=LATER, by=None, **changes):
    facts = {
        "because": "Martin’s council holds it.", "decided_by": told.chair, "told_text": WORDS, "words_agreed": True,
        **changes,
    }  # fmt: skip
    return withdraw_child(
        conference_child=conference.children.get(child=child),
        withdrawal=Withdrawal(ground=ground, **facts),
        by=by or told.coordinator,
        now=now,
    )


def coming(conference, *, but=()):
    """Return everyone on the list with status and children, in words that two conferences share."""
    return {
        (row.person.full_name, row.capacity): (
            row.status, row.reports, row.because, tuple(sorted(one.child.person_id for one in row.children.all())),
        )
        for row in conference.participants.select_related("person").prefetch_related("children__child")
        if row.status not in but
    }  # fmt: skip


def duties(conference):
    """Return every time limit of the family by what it is about, without the ids that two conferences don't share."""
    names = dict(conference.participants.values_list("pk", "person__given_name"))
    children = dict(ConferenceChild.objects.values_list("child_id", "child__person__given_name"))
    return sorted(
        (
            row.kind, names.get(row.fact_id, "") if row.kind.startswith("report-") else "", children.get(row.child_id, ""), str(row.due_on), row.what,
            str(row.met_at), row.not_needed, row.limit_key, row.other_limit_key, tuple(row.responsible_ids),
            row.conference_id == conference.pk,
        )
        for row in Deadline.objects.filter(family_id=conference.family_id)
    )  # fmt: skip


def undone(tell):
    """Return what ``tell`` returns, with everything that it wrote taken back."""
    with transaction.atomic():
        found = tell()
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(
    ("first", "then"),
    [(["robin"], ["wren"]), (["robin"], ["baby"]), (["wren"], ["robin", "baby"]), (["robin", "wren"], ["baby"])],
    ids=str,
)
def test_added_withdrawn_and_added_again_is_as_if_booked_so_at_the_start(told, discussed, first, then):
    def kind(child):
        return ConferenceKind.PRE_BIRTH if child.is_unborn else ConferenceKind.INITIAL

    def at_the_start():
        conference = story.booked_for(told, *(getattr(told, name) for name in (*first, *then)))
        return coming(conference), duties(conference)

    def bit_by_bit():
        conference = story.booked_for(told, *(getattr(told, name) for name in first))
        for name in then:
            child = getattr(told, name)
            add(told, conference, child, kind=kind(child), now=NOW)
            withdraw(told, conference, child, now=NOW)
            add(told, conference, child, kind=kind(child), now=NOW)
        written = reconcile(now=NOW)
        assert (written.written, written.problems) == (0, [])
        return coming(conference), duties(conference)

    wanted, found = undone(at_the_start), undone(bit_by_bit)
    assert found[0] == wanted[0]
    assert found[1] == wanted[1]


def test_another_child_brings_who_knows_the_child_and_asks_those_invited(told, for_one):
    before = coming(for_one)
    already = set(Message.objects.values_list("pk", flat=True))
    row = add(told, for_one, told.wren)
    assert (row.added_at, row.joined_because, row.enquiry) == (LATER, "She was hurt too.", told.wren.enquiries.get())
    after = coming(for_one)
    martin, callum = ("Martin Alder", "parent"), ("Callum Reed", "professional")
    assert {key: value[0] for key, value in after.items() if key not in before} == {
        martin: ParticipantStatus.PROPOSED, callum: ParticipantStatus.PROPOSED,
    }  # fmt: skip
    assert {key: value[:2] for key, value in before.items()} == {key: after[key][:2] for key in before}
    assert after["Hazel Brambley", "parent"][3] == (told.robin.person_id, told.wren.person_id)
    assert after["Dale Ashdown", "parent"][3] == (told.robin.person_id,)
    send_due(now=LATER, limit=200)
    news = Message.objects.exclude(pk__in=already)
    assert {(row.person_id, row.state) for row in news} == {
        (told.hazel.pk, "sent"), (told.dale.pk, "sent"), (told.robin.person_id, "sent"),
    }  # fmt: skip
    for message in news:
        assert "is now about another child as well" in message.body
        assert message.subject == f"About a meeting you are invited to: {for_one.reference}"
        assert [word for word in NOT_THE_WORDS if word in message.body + message.subject] == []
    assert reconcile(now=LATER).written == 0


def test_whoever_was_invited_for_another_child_is_asked_to_report_about_this_one_too(told, for_one):
    AgencyInvolvementFactory(child=told.wren, agency=told.posts["gp"].agency, post=told.posts["gp"])
    add(told, for_one, told.wren)
    send_due(now=LATER, limit=200)
    message = Message.objects.filter(person_id=told.posts["gp"].person_id).latest("pk")
    assert message.state == "sent"
    assert "Please write about this child in your report too" in message.body


def test_the_same_child_twice_is_one(told, for_one):
    assert add(told, for_one, told.wren) == add(told, for_one, told.wren)
    assert for_one.children.filter(child=told.wren).count() == 1


def refused(act):
    """Return what an act is refused with, by field, and that it left nothing behind."""
    with pytest.raises(ValidationError) as refusal:
        act()
    return refusal.value.message_dict if hasattr(refusal.value, "error_dict") else refusal.value.messages


def test_a_late_strategy_discussion_asks_for_agreement_and_holds_nothing_up(told, for_one):
    enquiry = told.wren.enquiries.get()
    enquiry.started_on = datetime.date(2026, 11, 27)
    enquiry.save()
    add(told, for_one, told.wren)
    asked = for_one.late_agreements.filter(superseded_at__isnull=True)
    assert {row.party for row in asked} == {"manager", "chair"}
    withdraw(told, for_one, told.wren)
    assert not for_one.late_agreements.filter(superseded_at__isnull=True).exists()


def test_a_child_of_another_conference_or_of_a_restricted_record_is_refused_in_words(told, for_one):
    other = ConferenceFactory(family=FamilyFactory(team=told.team), reference="CC26-0999")
    ConferenceChildFactory(conference=other, child=told.wren)
    [said] = refused(lambda: add(told, for_one, told.wren))
    assert said.startswith("Already in conference CC26-0999")
    FamilyMemberFactory(person=told.baby.person, family=FamilyFactory(team=told.team, restricted=True))
    [said] = refused(lambda: add(told, for_one, told.baby, kind=ConferenceKind.PRE_BIRTH))
    assert "restricted" in said


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("wren", ConferenceKind.PRE_BIRTH, "has been born"),
        ("wren", ConferenceKind.REVIEW, "nothing to review"),
        ("wren", ConferenceKind.TRANSFER_IN, "who told us about the move"),
        ("baby", ConferenceKind.INITIAL, "unborn baby it is a pre-birth"),
        ("wren", "other", "Choose what"),
    ],
)
def test_a_kind_that_does_not_fit_the_child_is_refused_when_adding_and_when_correcting(told, for_one, name, kind, says):
    child = getattr(told, name)
    [said] = refused(lambda: add(told, for_one, child, kind=kind))["kind"]
    assert says in said
    row = add(told, for_one, child, kind=ConferenceKind.PRE_BIRTH if child.is_unborn else ConferenceKind.INITIAL)
    [said] = refused(
        lambda: correct_kind(conference_child=row, kind=kind, because="Wrong", by=told.coordinator, now=LATER)
    )["kind"]
    assert says in said


def test_a_child_with_a_plan_has_a_review_and_its_limits_follow(told, for_one):
    row = add(told, for_one, told.wren)
    Plan.objects.create(
        authority=told.authority, child=told.wren, kind=PlanKind.CP, starts_on=datetime.date(2026, 9, 1),
        initial_category="NEG", created_at=NOW,
    )  # fmt: skip
    [said] = refused(lambda: add(told, told_elsewhere(told), told.wren))
    assert "Already in conference" in said
    before = {row.fact_id: row for row in Deadline.objects.filter(kind="report-shared-with-family")}
    stays = {(row.person_id, row.status, row.reply) for row in for_one.participants.all()}
    corrected = correct_kind(
        conference_child=row, kind=ConferenceKind.REVIEW, because="There is a plan.", by=told.coordinator,
        version=row.version, now=LATER,
    )  # fmt: skip
    assert (corrected.kind, corrected.kind_because, corrected.version) == ("review", "There is a plan.", 2)
    after = {row.fact_id: row for row in Deadline.objects.filter(kind="report-shared-with-family")}
    assert {row.other_limit_key for row in before.values()} == {""}
    assert {row.limit_key for row in after.values()} | {row.other_limit_key for row in after.values()} == {
        "report-shared-with-family", "report-shared-with-family:review",
    }  # fmt: skip
    assert stays == {(row.person_id, row.status, row.reply) for row in for_one.participants.all()}
    assert reconcile(now=LATER).written == 0
    assert not Message.objects.filter(created_at__gte=LATER, key__contains="kind").exists()
    with pytest.raises(EditedMeanwhile):
        correct_kind(
            conference_child=row, kind=ConferenceKind.INITIAL, because="No plan.", by=told.coordinator, version=1,
            now=LATER,
        )  # fmt: skip


def told_elsewhere(told):
    return ConferenceFactory(family=told.family, reference="CC26-0777", authority=told.authority)


def test_what_is_decided_is_neither_corrected_nor_withdrawn(told, for_one):
    add(told, for_one, told.wren)
    row = for_one.children.get(child=told.robin)
    DecisionFactory(conference_child=row, sitting=for_one.sittings.get())
    said = refused(
        lambda: correct_kind(
            conference_child=row, kind=ConferenceKind.REVIEW, because="Wrong", by=told.coordinator, now=LATER
        )
    )
    assert said == ["The chair has already decided for this child, so what kind of conference it was stays as it is."]
    assert refused(lambda: withdraw(told, for_one, told.robin)) == ["The chair has already decided for this child."]


def test_a_child_withdrawn_takes_those_off_who_came_for_no_other_in_the_chairs_words(told, for_all):
    already = set(Message.objects.values_list("pk", flat=True))
    row = withdraw(told, for_all, told.wren)
    assert (row.withdrawn_ground, row.withdrawal_decided_by, row.withdrawn_told) == (
        WithdrawalGround.OTHER_COUNCIL, told.chair, WORDS,
    )  # fmt: skip
    gone = {"Martin Alder", "Callum Reed"}
    assert {row.person.full_name for row in for_all.participants.filter(status=ParticipantStatus.WITHDRAWN)} == gone
    send_due(now=LATER, limit=200)
    news = {row.person_id: row for row in Message.objects.exclude(pk__in=already)}
    martin, callum = news.pop(told.martin.pk), news.pop(told.posts["primary"].person_id)
    assert (WORDS in martin.body, WORDS in callum.body) == (True, False)
    assert {martin.subject, callum.subject} == {f"About your place at a meeting: {for_all.reference}"}
    assert set(news) == {told.hazel.pk}
    assert "no longer about one of the children" in news[told.hazel.pk].body
    everything = " ".join(row.subject + row.body for row in (martin, callum, *news.values()))
    assert [word for word in NOT_THE_WORDS if word in everything] == []
    assert for_all.participants.get(person=told.dale).status == ParticipantStatus.INVITED
    assert reconcile(now=LATER).written == 0
    running = Deadline.objects.get(kind="initial-conference", child_id=told.wren.pk)
    assert (running.is_open, running.conference_id) == (True, None)


def test_the_words_to_those_taken_off_give_away_no_place_that_is_hidden_from_them(told, for_all):
    knows = AgencyInvolvementFactory(child=told.wren, agency=told.posts["primary"].agency, confidential=True)
    knows.hidden_from.add(told.martin)
    said = refused(lambda: withdraw(told, for_all, told.wren, told_text=f"{WORDS} Ask Callum Reed."))
    assert said == {"told_text": ["This gives away something that is confidential from them. Write it without that."]}
    assert withdraw(told, for_all, told.wren).withdrawn_told == WORDS


def test_put_back_proposes_those_taken_off_and_keeps_the_rest(told, for_all):
    withdraw(told, for_all, told.wren)
    row = add(told, for_all, told.wren)
    assert (row.withdrawn_at, row.away_from, row.away_until, row.withdrawn_because) == (None, LATER, LATER, "")
    back = {row.person.full_name for row in for_all.participants.filter(status=ParticipantStatus.PROPOSED)}
    assert back == {"Martin Alder", "Callum Reed"}


def test_those_who_stay_come_for_the_others(told, for_all):
    callum = for_all.participants.get(person=told.posts["primary"].person)
    withdraw(told, for_all, told.wren, staying=[callum.pk])
    callum.refresh_from_db()
    assert callum.status == ParticipantStatus.INVITED
    assert {row.child for row in callum.children.present()} == {told.robin, told.baby}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"because": " "}, "because"),
        ({"ground": "x"}, "ground"),
        ({"decided_by": None}, "decided_by"),
        ({"told_text": " "}, "told_text"),
        ({"told_text": "You need not come. [Whom to ask.]"}, "told_text"),
        ({"words_agreed": False}, "words_agreed"),
        ({"ground": WithdrawalGround.DIED}, "ground"),
    ],
    ids=str,
)
def test_a_withdrawal_says_why_who_decided_and_what_those_who_knew_are_told(told, for_all, changes, field):
    assert set(refused(lambda: withdraw(told, for_all, told.wren, **changes))) == {field}
    assert for_all.children.present().count() == 3


def test_whoever_is_no_manager_of_the_case_did_not_decide(told, for_all):
    assert set(refused(lambda: withdraw(told, for_all, told.wren, decided_by=told.social_worker))) == {"decided_by"}
    assert withdraw(told, for_all, told.wren, decided_by=told.manager).withdrawal_decided_by == told.manager


def test_the_chairs_own_words_need_no_agreement(told, for_all):
    assert withdraw(told, for_all, told.wren, words_agreed=False, by=told.chair).withdrawn_at == LATER
