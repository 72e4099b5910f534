from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.enums import ConferenceKind, ConferenceStatus, Outcome, ParticipantStatus
from conferences.models import Decision
from conferences.selectors.enquiries import counted, last_day_for, states_of, waiting_enquiries
from conferences.services.enquiries import (
    choose_starting_discussion,
    end_without_conference,
    record_strategy_discussion,
)
from deadlines.models import Deadline
from deadlines.services import reconcile
from families.enums import PregnancyOutcome
from families.models import Enquiry, FamilyMember
from families.services import Birth, PersonFacts, end_pregnancy, record_birth
from notifications.enums import MessageState
from notifications.models import Message
from tests.conferences import story
from tests.conferences.story import HELD_AT, LAST_DAY, LONDON, NOW
from tests.factories import ChildFactory, PersonFactory, procedures_with

pytestmark = pytest.mark.django_db


def discuss(told, *, held_at=HELD_AT, children=None, now=NOW, reason="Bruises"):
    return record_strategy_discussion(
        family=told.family,
        children=told.children if children is None else children,
        held_at=held_at,
        reason=reason,
        agencies_present="",
        by=told.social_worker,
        now=now,
    )


def test_the_last_day_is_counted_from_the_day_of_the_discussion(told):
    discussion = discuss(told)
    found = counted(discussion, authority_id=told.authority.pk, today=NOW.date())
    assert (found.last_day, found.plan_for, found.day_today) == (LAST_DAY, LAST_DAY, 2)
    assert "Christmas Day (Fri\xa025\xa0Dec)" in found.skipped


def test_a_discussion_just_before_midnight_counts_from_that_day_in_london(told):
    late = datetime.datetime(2026, 7, 6, 23, 50, tzinfo=LONDON)
    discuss(told, held_at=late, children=[told.wren, told.baby])
    assert late.astimezone(datetime.UTC).date() == datetime.date(2026, 7, 6)
    assert set(Enquiry.objects.values_list("started_on", flat=True)) == {datetime.date(2026, 7, 6)}
    after_midnight_in_london = datetime.datetime(2026, 7, 6, 23, 30, tzinfo=datetime.UTC)
    discuss(told, held_at=after_midnight_in_london, children=[told.robin])
    assert Enquiry.objects.order_by("pk").last().started_on == datetime.date(2026, 7, 7)


def test_each_child_gets_an_enquiry_under_the_policy_of_that_day(told):
    discuss(told)
    rows = Enquiry.objects.order_by("pk")
    assert [row.child for row in rows] == told.children
    assert all(row.policy_version_id for row in rows)


def test_recording_the_same_discussion_twice_makes_one(told):
    assert discuss(told) == discuss(told)
    assert Enquiry.objects.count() == 3


@pytest.mark.parametrize("field", ["held_on", "reason", "children"])
def test_refuses_impossible_values(told, field):
    wrong = {
        "held_on": {"held_at": NOW + datetime.timedelta(minutes=1)},
        "reason": {"reason": "  "},
        "children": {"children": [ChildFactory(authority=told.authority)]},
    }[field]
    with pytest.raises(ValidationError) as raised:
        discuss(told, **wrong)
    assert list(raised.value.message_dict) == [field]


def test_refuses_an_eighteen_year_old(told):
    adult = ChildFactory(
        authority=told.authority,
        family=told.family,
        person=PersonFactory(authority=told.authority, birth_date=datetime.date(2008, 12, 8)),
    )
    with pytest.raises(ValidationError) as raised:
        discuss(told, children=[adult])
    assert raised.value.message_dict == {"children": ["Someone you chose was 18 or over on that day."]}


def test_refuses_a_day_for_which_the_council_has_no_policy(told):
    with pytest.raises(ValidationError, match="no procedures in force"):
        discuss(told, held_at=datetime.datetime(2015, 1, 5, 10, tzinfo=LONDON))


def test_siblings_on_different_days_go_by_the_earliest(told):
    discuss(told, children=[told.robin])
    discuss(told, children=[told.wren], held_at=HELD_AT + datetime.timedelta(days=1))
    waiting = waiting_enquiries(told.family)
    assert [row.child for row in waiting] == [told.robin, told.wren]
    assert last_day_for(waiting, authority_id=told.authority.pk) == LAST_DAY


def test_a_later_discussion_about_a_child_starts_no_second_enquiry_and_no_second_limit(told):
    discuss(told, children=[told.robin])
    later = discuss(told, children=[told.robin], held_at=HELD_AT + datetime.timedelta(days=1))
    enquiry = told.robin.enquiries.get()
    assert (enquiry.started_on, [row.discussion for row in enquiry.further.all()]) == (HELD_AT.date(), [later])
    assert [row.started_on for row in waiting_enquiries(told.family)] == [HELD_AT.date()]
    assert Deadline.objects.filter(kind="initial-conference").count() == 1
    assert discuss(told, children=[told.robin], held_at=HELD_AT + datetime.timedelta(days=1)) == later


def test_an_earlier_discussion_recorded_later_becomes_the_start_of_the_enquiry(told):
    first_known = discuss(told, children=[told.robin])
    before = HELD_AT - datetime.timedelta(days=1)
    earlier = discuss(told, children=[told.robin], held_at=before)
    enquiry = told.robin.enquiries.get()
    assert (enquiry.discussion, enquiry.started_on) == (earlier, before.date())
    assert [row.discussion for row in enquiry.further.all()] == [first_known]


def test_recording_an_earlier_discussion_locks_the_enquiry_and_its_conference(told, booked):
    with CaptureQueriesContext(connection) as queries:
        discuss(told, held_at=HELD_AT - datetime.timedelta(days=1))
    locked = [
        query["sql"].split(" FROM ")[1].split()[0].strip('"')
        for query in queries
        if "FOR NO KEY UPDATE" in query["sql"]
    ]
    assert locked == ["families_family", "families_enquiry", "conferences_conference"]


def test_choosing_the_starting_discussion_locks_in_the_same_order(told, booked):
    procedures_with(told.authority, since=datetime.date(2026, 12, 1), values={"starting-discussion": "the last"})
    later = discuss(told, children=[told.robin], held_at=HELD_AT + datetime.timedelta(days=1))
    with CaptureQueriesContext(connection) as queries:
        choose_starting_discussion(
            enquiry=told.robin.enquiries.get(), discussion=later, reason="x", by=told.manager, now=NOW
        )
    locked = [
        query["sql"].split(" FROM ")[1].split()[0].strip('"')
        for query in queries
        if "FOR NO KEY UPDATE" in query["sql"]
    ]
    assert locked == ["families_family", "families_enquiry", "conferences_conference"]


def test_after_an_enquiry_has_ended_a_discussion_starts_another(told):
    discuss(told, children=[told.robin])
    end_without_conference(enquiry=told.robin.enquiries.get(), reason="A fall", by=told.manager, now=NOW)
    discuss(told, children=[told.robin], held_at=HELD_AT + datetime.timedelta(days=1))
    assert [row.started_on for row in told.robin.enquiries.order_by("pk")] == [
        HELD_AT.date(),
        HELD_AT.date() + datetime.timedelta(days=1),
    ]


def test_a_child_who_left_the_family_is_refused(told):
    FamilyMember.objects.filter(person=told.wren.person).update(ends_on=datetime.date(2026, 12, 1))
    with pytest.raises(ValidationError) as raised:
        discuss(told)
    assert raised.value.message_dict == {"children": ["Choose children who belong to this family."]}


def test_an_enquiry_ends_without_a_conference_and_its_clock_stops(told):
    discuss(told)
    enquiry = told.wren.enquiries.get()
    with pytest.raises(ValidationError):
        end_without_conference(enquiry=enquiry, reason=" ", by=told.manager, now=NOW)
    end_without_conference(enquiry=enquiry, reason="A fall that was seen", by=told.manager, now=NOW)
    row = Deadline.objects.get(kind="initial-conference", child_id=told.wren.pk)
    assert row.not_needed == "The enquiries ended without a conference."
    enquiry.refresh_from_db()
    state = states_of([enquiry])[enquiry.pk]
    assert (state.needs_conference, state.words) == (False, "No conference needed")


def test_an_enquiry_with_an_arranged_conference_cannot_end_without_one(told, booked):
    with pytest.raises(ValidationError, match="Cancel first"):
        end_without_conference(enquiry=told.wren.enquiries.get(), reason="x", by=told.manager, now=NOW)


# clocks


def clocks(kind):
    rows = Deadline.objects.filter(kind=kind).order_by("child_id")
    return [(row.child_id, row.due_on, row.met_at, row.not_needed) for row in rows]


def test_each_child_has_a_clock_and_the_worker_is_responsible(told):
    discuss(told)
    assert clocks("initial-conference") == [(child.pk, LAST_DAY, None, "") for child in told.children]
    rows = Deadline.objects.filter(kind="initial-conference")
    assert {tuple(row.responsible_ids) for row in rows} == {(told.social_worker.pk,)}


def test_booking_adds_chair_and_coordinator_and_names_the_conference(told, booked):
    row = Deadline.objects.filter(kind="initial-conference").first()
    assert row.conference_id == booked.pk
    assert sorted(row.responsible_ids) == sorted([told.social_worker.pk, told.coordinator.pk, told.chair.pk])


def test_the_pre_birth_clock_runs_beside_the_fifteen_days(told):
    discuss(told)
    assert clocks("pre-birth-conference") == [(told.baby.pk, datetime.date(2027, 2, 20), None, "")]


def test_a_pregnancy_known_too_late_for_the_window_has_no_pre_birth_clock(told):
    told.baby.pregnancy.expected_on = datetime.date(2027, 1, 20)
    told.baby.pregnancy.save()
    discuss(told)
    assert clocks("pre-birth-conference") == []


def decide(conference, child, *, decided_at=datetime.datetime(2026, 12, 22, 12, tzinfo=LONDON)):
    conference.opened_at = conference.sittings.get().starts_at
    conference.save()
    return Decision.objects.create(
        conference_child=conference.children.get(child=child),
        sitting=conference.sittings.get(),
        outcome=Outcome.NOTHING,
        rationale="Safe",
        decided_by=conference.chair,
        decided_at=decided_at,
    )


def test_the_clock_is_met_only_for_the_child_who_was_decided(told, booked):
    decision = decide(booked, told.robin)
    reconcile(family_ids=[told.family.pk], now=NOW)
    assert [(child, met) for child, _, met, _ in clocks("initial-conference")] == [
        (told.robin.pk, decision.decided_at),
        (told.wren.pk, None),
        (told.baby.pk, None),
    ]


def test_a_conference_recorded_afterwards_met_the_clock_when_it_was_held(told):
    held = datetime.datetime(2026, 12, 9, 10, tzinfo=LONDON)
    conference = story.booked(told, starts_at=held, recorded_afterwards_reason="The system was down")
    decide(conference, told.robin)
    reconcile(family_ids=[told.family.pk], now=NOW)
    assert clocks("initial-conference")[0][2] == held


def test_a_decision_after_midnight_in_london_belongs_to_that_day(told, booked):
    # Half past midnight in summer is still the previous day in UTC.
    decide(booked, told.robin, decided_at=datetime.datetime(2027, 7, 1, 0, 30, tzinfo=LONDON))
    enquiry = told.robin.enquiries.get()
    enquiry.started_on = datetime.date(2027, 7, 1)
    assert states_of([enquiry])[enquiry.pk].decided is True


def test_facts_for_one_family_and_for_all_are_the_same(booked):
    story.booked(story.tell())
    before = list(Deadline.objects.order_by("pk").values())
    reconcile(now=NOW)
    assert list(Deadline.objects.order_by("pk").values()) == before


# births and ended pregnancies


def test_the_end_of_a_pregnancy_stops_everything_about_that_child(told, invited):
    end_pregnancy(
        pregnancy=told.baby.pregnancy,
        outcome=PregnancyOutcome.STILLBIRTH,
        ended_on=NOW.date(),
        by=told.social_worker,
        now=NOW,
    )
    row = invited.children.get(child=told.baby)
    assert row.withdrawn_because == "The pregnancy ended."
    midwife = story.on_list(invited, told.posts["midwife"].person)
    assert midwife.status == ParticipantStatus.WITHDRAWN
    assert Message.objects.get(person_id=midwife.person_id).state == MessageState.WITHDRAWN
    assert story.on_list(invited, told.hazel).status == ParticipantStatus.INVITED
    assert clocks("initial-conference")[2][3] == "The pregnancy ended."
    assert clocks("pre-birth-conference")[0][3] == "The pregnancy ended."


def test_a_birth_before_the_conference_makes_it_an_ordinary_initial_one(told, booked):
    record_birth(
        pregnancy=told.baby.pregnancy,
        births=[Birth(child=told.baby, facts=PersonFacts(given_name="Bryony", birth_date=NOW.date()))],
        by=told.social_worker,
        now=NOW,
    )
    assert booked.status == ConferenceStatus.SCHEDULED
    assert booked.children.get(child=told.baby).kind == ConferenceKind.INITIAL
