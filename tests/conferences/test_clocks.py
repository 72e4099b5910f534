"""The time limit of the first conference, and the limits counted from its end: the rules easy to get wrong."""

from __future__ import annotations

import datetime
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from conferences.enums import ConferenceKind, ConferenceStatus, Outcome, SittingState
from conferences.models import Conference, ConferenceChild
from conferences.services.enquiries import record_strategy_discussion
from deadlines.enums import State, WhyMoved
from deadlines.models import RecountedDeadline
from deadlines.services import add_closed_day
from deadlines.services.recounting import recount_deadlines
from deadlines.working_days.arithmetic import civil_day
from families.models import Pregnancy
from families.services.people import PersonFacts
from families.services.pregnancies import Birth, record_birth
from tests.case_events import CaseEvents, at
from tests.conferences import story
from tests.factories import AuthorityFactory, ParticipantFactory, policy_in_force, procedures_with
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

DISCUSSED = date(2026, 12, 8)
LAST_DAY = date(2026, 12, 31)
HELD = date(2026, 12, 22)
KIND = "initial-conference"
BORN_BEFORE = "Born before the conference, which became an ordinary initial one."


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def child(life):
    """A child about whom a strategy discussion was held on 8 December 2026: 15 working days end on the 31st."""
    child = life.child()
    life.discussed(child, DISCUSSED)
    return child


def discuss(life, *children, held_at, recorded_at=None):
    return record_strategy_discussion(
        family=life.family,
        children=children,
        held_at=held_at,
        reason="Bruises that nobody explains.",
        agencies_present="Police",
        by=life.worker,
        now=recorded_at or held_at,
    )


# The day from which it runs


@pytest.mark.parametrize(
    ("held_at", "started", "last"),
    [
        (at(date(2026, 12, 14), "23:50"), date(2026, 12, 14), date(2027, 1, 7)),
        (at(date(2026, 12, 15), "00:10"), date(2026, 12, 15), date(2027, 1, 8)),
        # In summer the day in London begins an hour before the day in UTC.
        (at(date(2027, 6, 14), "23:50"), date(2027, 6, 14), date(2027, 7, 5)),
        (at(date(2027, 6, 15), "00:10"), date(2027, 6, 15), date(2027, 7, 6)),
        (at(date(2026, 12, 25)), date(2026, 12, 25), date(2027, 1, 19)),
        (at(date(2026, 12, 24), "23:50"), date(2026, 12, 24), date(2027, 1, 19)),
        # The two nights in which the clocks change.
        (at(date(2026, 10, 25), "01:30"), date(2026, 10, 25), date(2026, 11, 13)),
        (at(date(2026, 10, 25), "01:30").replace(fold=1), date(2026, 10, 25), date(2026, 11, 13)),
        (at(date(2027, 3, 28), "00:30"), date(2027, 3, 28), date(2027, 4, 19)),
        (at(date(2027, 3, 28), "03:30"), date(2027, 3, 28), date(2027, 4, 19)),
    ],
)
def test_the_discussions_london_date_is_day_0(life, held_at, started, last):
    discuss(life, life.child(), held_at=held_at)
    (row,) = life.rows(KIND)
    assert (row.starts_on, row.due_on) == (started, last)
    life.count()


def test_a_discussion_recorded_afterwards_counts_from_its_own_day(life):
    discuss(life, life.child(), held_at=at(DISCUSSED), recorded_at=at(date(2027, 1, 4)))
    (row,) = life.rows(KIND)
    assert (row.due_on, row.state(at(date(2027, 1, 4)))) == (LAST_DAY, State.LATE)
    life.count()


def test_siblings_discussed_on_different_days_each_have_their_own_limit(life, child):
    sibling = life.child()
    life.discussed(sibling, date(2026, 12, 14))
    life.held([child, sibling], date(2027, 1, 5))
    life.count()
    assert life.dates(KIND, child) == [(LAST_DAY, date(2027, 1, 5))]
    assert life.dates(KIND, sibling) == [(date(2027, 1, 7), date(2027, 1, 5))]
    states = [life.rows(KIND, row)[0].state(at(date(2027, 1, 6))) for row in (child, sibling)]
    assert states == [State.MET_LATE, State.MET]


def test_the_day_is_chosen_by_the_earliest_of_the_siblings_limits(client):
    told = story.tell()
    for children, day in (([told.wren], date(2026, 12, 9)), ([told.robin], DISCUSSED)):
        record_strategy_discussion(
            family=told.family, children=children, held_at=at(day), reason="Bruises", agencies_present="",
            by=told.social_worker, now=story.NOW,
        )  # fmt: skip
    with time_machine.travel(story.NOW, tick=False):
        client.force_login(told.coordinator)
        page = client.get(reverse("conferences:schedule", args=[told.family.pk]))
    assert (page.context["start"], page.context["last"]) == (DISCUSSED, LAST_DAY)


# What leaves it running


def test_a_moved_conference_leaves_it_running(life, child):
    conference = life.booked([child], date(2026, 12, 21))
    life.count()
    life.breaks_off(conference, SittingState.CANCELLED)
    life.sits(conference, at(date(2027, 1, 5)))
    life.count()
    (row,) = life.rows(KIND)
    assert (row.due_on, row.met_at, row.changes.count()) == (LAST_DAY, None, 0)
    assert row.state(at(date(2027, 1, 4))) == State.LATE


@pytest.mark.parametrize("state", [SittingState.ADJOURNED, SittingState.INQUORATE])
def test_a_conference_adjourned_without_a_decision_leaves_it_running(life, child, state):
    conference = life.booked([child], date(2026, 12, 21))
    life.breaks_off(conference, state)
    life.count()
    assert life.dates(KIND) == [(LAST_DAY, None)]
    life.sits(conference, at(date(2027, 1, 5)))
    life.decides(conference, child)
    life.closes(conference)
    life.count()
    assert life.dates(KIND) == [(LAST_DAY, date(2027, 1, 5))]
    assert life.rows(KIND)[0].state(at(date(2027, 1, 6))) == State.MET_LATE


def test_a_cancelled_conference_leaves_it_running_and_the_next_one_meets_it(life, child):
    conference = life.booked([child], date(2026, 12, 21))
    Conference.objects.filter(pk=conference.pk).update(
        status=ConferenceStatus.CANCELLED, cancelled_because="The chair is ill."
    )
    life.breaks_off(conference, SittingState.CANCELLED)
    life.count()
    assert life.dates(KIND) == [(LAST_DAY, None)]
    life.held([child], date(2026, 12, 30))
    life.count()
    assert life.dates(KIND) == [(LAST_DAY, date(2026, 12, 30))]


def test_a_child_withdrawn_from_the_conference_still_waits_for_one(life, child):
    sibling = life.child()
    life.discussed(sibling, DISCUSSED)
    conference = life.booked([child, sibling], HELD)
    ConferenceChild.objects.filter(conference=conference, child=child).update(
        withdrawn_at=at(HELD), withdrawn_because="Lives with his father."
    )
    life.decides(conference, sibling)
    life.closes(conference)
    life.count()
    assert (life.dates(KIND, child), life.dates(KIND, sibling)) == ([(LAST_DAY, None)], [(LAST_DAY, HELD)])


def test_the_first_sitting_meets_it_only_for_the_child_decided_there(life, child):
    sibling = life.child()
    life.discussed(sibling, DISCUSSED)
    conference = life.booked([child, sibling], HELD)
    life.decides(conference, child)
    life.breaks_off(conference)
    life.count()
    assert (life.dates(KIND, child), life.dates(KIND, sibling)) == ([(LAST_DAY, HELD)], [(LAST_DAY, None)])
    life.sits(conference, at(date(2027, 1, 6)))
    life.decides(conference, sibling)
    life.closes(conference)
    life.count()
    assert life.dates(KIND, sibling) == [(LAST_DAY, date(2027, 1, 6))]


def test_a_conference_before_an_enquiry_does_not_meet_the_enquirys_limit(life, child):
    life.held([child], HELD, outcome=Outcome.NOTHING)
    life.discussed(child, date(2027, 2, 1))
    life.count()
    assert life.dates(KIND) == [(LAST_DAY, HELD), (date(2027, 2, 22), None)]


def test_any_outcome_meets_it(life):
    # Only a review ends a plan.
    outcomes = [outcome for outcome in Outcome if outcome != Outcome.PLAN_ENDS]
    children = [life.child() for _ in outcomes]
    for child, outcome in zip(children, outcomes, strict=True):
        life.discussed(child, DISCUSSED)
        life.held([child], HELD, outcome=outcome)
    life.count()
    assert life.dates(KIND) == [(LAST_DAY, HELD)] * len(children)


def test_a_decision_superseded_by_another_keeps_it_met(life, child):
    conference = life.held([child], HELD, outcome=Outcome.NOTHING)
    wrong = conference.children.get().decisions.get()
    wrong.superseded_by_id = wrong.pk
    wrong.save()
    life.decides(conference, child, outcome=Outcome.OTHER_SUPPORT)
    wrong.superseded_by = conference.children.get().decisions.latest("pk")
    wrong.superseded_because = "The wrong box was ticked."
    wrong.save()
    life.count()
    assert life.dates(KIND) == [(LAST_DAY, HELD)]


# What runs from the end


def ends(life, kind="decisions-sent"):
    return [row.due_at for row in life.rows(kind)]


def test_decisions_and_minutes_run_from_the_end_of_the_last_part(life, child):
    conference = life.booked([child], HELD)
    life.decides(conference, child)
    life.closes(conference, ended_at=at(HELD, "15:40"))
    life.count()
    assert ends(life) == [at(date(2026, 12, 23), "15:40")]
    assert life.dates("minutes-sent") == [(date(2027, 1, 19), None)]


def test_with_two_sittings_they_run_from_the_end_of_the_second(life, child):
    sibling = life.child()
    conference = life.booked([child, sibling], HELD)
    life.decides(conference, child)
    life.breaks_off(conference)
    life.count()
    assert (life.rows("decisions-sent"), life.rows("minutes-sent")) == ([], [])
    life.sits(conference, at(date(2027, 1, 6), "13:00"))
    life.decides(conference, sibling)
    life.closes(conference)
    life.count()
    assert ends(life) == [at(date(2027, 1, 7), "15:00")]
    assert life.dates("minutes-sent") == [(date(2027, 2, 3), None)]


def test_a_conference_that_ends_after_midnight(life, child):
    conference = life.booked([child], at(HELD, "21:30"))
    life.decides(conference, child)
    life.closes(conference, ended_at=at(date(2026, 12, 23), "00:20"))
    life.count()
    assert ends(life) == [at(date(2026, 12, 24), "00:20")]
    assert [row.starts_on for row in life.rows("minutes-sent")] == [date(2026, 12, 23)]
    assert life.dates("minutes-sent") == [(date(2027, 1, 20), None)]
    # The plan is that of the sitting, which began the day before.
    assert life.dates("first-review") == [(date(2027, 3, 22), None)]


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        # The clocks go forward on 28 March 2027 and back on 25 October 2026.
        (at(date(2027, 3, 27), "16:00"), at(date(2027, 3, 28), "17:00")),
        (at(date(2027, 3, 27), "01:30"), at(date(2027, 3, 28), "02:30")),
        (at(date(2026, 10, 24), "16:00"), at(date(2026, 10, 25), "15:00")),
        (at(date(2026, 10, 24), "02:30"), at(date(2026, 10, 25), "01:30").replace(fold=1)),
        (at(date(2026, 10, 24), "01:30"), at(date(2026, 10, 25), "01:30")),
    ],
)
def test_twenty_four_hours_are_elapsed_hours_when_the_clocks_change(life, ended, due):
    child = life.child()
    conference = life.booked([child], ended - datetime.timedelta(hours=3), kind=ConferenceKind.REVIEW)
    life.decides(conference, child)
    life.closes(conference, ended_at=ended)
    life.count()
    (row,) = life.rows("decisions-sent")
    assert row.due_at == due.astimezone(datetime.UTC)
    assert row.due_at - row.starts_at == datetime.timedelta(hours=24)
    assert row.due_on == civil_day(due)


def test_a_conference_recorded_afterwards_counts_from_its_true_end(life, child):
    conference = life.booked([child], HELD)
    conference.sittings.update(recorded_afterwards_reason="The network was down.", opened_at=at(HELD))
    life.decides(conference, child)
    life.closes(conference)
    life.count()
    assert ends(life) == [at(date(2026, 12, 23), "12:00")]
    assert life.rows("decisions-sent")[0].state(at(date(2027, 1, 4))) == State.LATE
    assert life.dates(KIND) == [(LAST_DAY, HELD)]


def test_the_first_core_group_counts_from_the_sitting_that_made_the_plan(life, child):
    sibling = life.child()
    conference = life.booked([child, sibling], HELD)
    life.decides(conference, sibling, outcome=Outcome.OTHER_SUPPORT)
    life.breaks_off(conference)
    life.sits(conference, at(date(2027, 1, 6)))
    life.decides(conference, child)
    life.closes(conference)
    life.count()
    assert life.dates("first-core-group") == [(date(2027, 1, 16), None)]
    assert life.dates("visit") == [(date(2027, 1, 20), None)]


# Before a birth


def test_a_birth_before_the_conference_stops_only_the_pre_birth_clock(life):
    (baby,) = life.unborn(date(2027, 5, 20))
    life.discussed(baby, DISCUSSED)
    life.count()
    assert life.dates("pre-birth-conference") == [(date(2027, 2, 20), None)]
    life.born(baby, date(2026, 12, 15))
    life.count()
    assert [row.not_needed for row in life.rows("pre-birth-conference")] == [BORN_BEFORE]
    assert life.dates(KIND) == [(LAST_DAY, None)]
    life.held([baby], HELD)
    life.count()
    assert life.dates(KIND) == [(LAST_DAY, HELD)]
    assert [(row.met_at, row.not_needed) for row in life.rows("pre-birth-conference")] == [(None, BORN_BEFORE)]


def test_a_birth_before_the_pre_birth_conference_that_is_recorded_after_it(life):
    (baby,) = life.unborn(date(2027, 5, 20))
    life.discussed(baby, DISCUSSED)
    life.held([baby], HELD, kind=ConferenceKind.PRE_BIRTH)
    life.count()
    assert life.dates("pre-birth-conference") == [(date(2027, 2, 20), HELD)]
    life.born(baby, date(2026, 12, 20))
    life.count()
    assert [(row.met_at, row.not_needed) for row in life.rows("pre-birth-conference")] == [(None, BORN_BEFORE)]
    assert life.dates(KIND) == [(LAST_DAY, HELD)]
    assert life.rows("after-birth") == []


@pytest.mark.parametrize("born", [HELD, date(2027, 5, 20)])
def test_a_birth_after_the_pre_birth_conference_leaves_it_met(life, born):
    (baby,) = life.unborn(date(2027, 5, 20))
    life.discussed(baby, DISCUSSED)
    life.held([baby], HELD, kind=ConferenceKind.PRE_BIRTH)
    life.born(baby, born)
    life.count()
    assert life.dates("pre-birth-conference") == [(date(2027, 2, 20), HELD)]


def test_only_the_twin_born_before_the_conference_loses_the_clock(life):
    first, second = life.unborn(date(2027, 5, 20), number=2)
    for twin in (first, second):
        life.discussed(twin, DISCUSSED)
    facts = PersonFacts(given_name="Fern", birth_date=date(2026, 12, 15))
    record_birth(
        pregnancy=first.pregnancy, births=[Birth(child=first, facts=facts)], by=life.worker, now=at(date(2026, 12, 16))
    )
    assert life.dates("pre-birth-conference") == [(date(2027, 2, 20), None)]
    assert [row.not_needed for row in life.rows("pre-birth-conference", first)] == [BORN_BEFORE]
    assert life.dates(KIND) == [(LAST_DAY, None)] * 2
    life.count()


def test_the_expected_date_moves_the_clock_and_a_missed_window_drops_it(life):
    (baby,) = life.unborn(date(2027, 5, 20))
    life.discussed(baby, DISCUSSED)
    life.count()
    Pregnancy.objects.update(expected_on=date(2027, 5, 31))
    life.count()
    (row,) = life.rows("pre-birth-conference")
    assert row.due_on == date(2027, 2, 28)
    assert [change.why_moved for change in row.changes.all()] == [WhyMoved.EVENT]
    Pregnancy.objects.update(expected_on=date(2027, 3, 7))
    life.count()
    assert life.dates("pre-birth-conference") == []
    Pregnancy.objects.update(expected_on=date(2027, 3, 8))
    life.count()
    assert life.dates("pre-birth-conference") == [(DISCUSSED, None)]


# First conference and review in one


@once_per_module()
def mixed(life, child):
    """A child with a plan since 22 December is reviewed on 15 March, with a newborn's first conference."""
    newborn = life.child(person__birth_date=date(2027, 2, 20))
    life.held([child], HELD)
    life.discussed(newborn, date(2027, 3, 1))
    conference = life.booked([newborn], date(2027, 3, 15))
    life.joins(conference, child, ConferenceKind.REVIEW)
    ParticipantFactory(conference=conference, children=conference.children.all())
    life.newborn, life.conference = newborn, conference
    return life


def of_conference(life, kind):
    return [row.due_on for row in life.rows(kind) if row.conference_id == life.conference.pk]


REPORTS = ("report-submitted", "report-shared-with-family", "chair-has-reports")


def test_reports_for_both_are_due_at_the_stricter_time(mixed):
    mixed.count()
    assert [of_conference(mixed, kind) for kind in REPORTS] == [
        [date(2027, 3, 8)],
        [date(2027, 3, 8)],
        [date(2027, 3, 11)],
    ]
    (row,) = mixed.rows("report-submitted")
    assert (row.limit_key, row.other_limit_key, row.other_due_on) == (
        "report-submitted:review",
        "report-submitted",
        date(2027, 3, 11),
    )


@pytest.mark.parametrize(("left", "due"), [("newborn", date(2027, 3, 11)), ("child", date(2027, 3, 8))])
def test_with_one_child_withdrawn_the_others_limit_counts(mixed, child, left, due):
    gone = child if left == "newborn" else mixed.newborn
    ConferenceChild.objects.filter(conference=mixed.conference, child=gone).update(
        withdrawn_at=at(date(2027, 3, 9)), withdrawn_because="Not needed."
    )
    mixed.count()
    assert of_conference(mixed, "report-submitted") == [due]


@pytest.mark.parametrize(
    ("preset", "shared", "submitted"),
    [
        # Two and five plain days, for handing in and for sharing: Saturday 13 and Wednesday 10 March.
        ("hartlepool", date(2027, 3, 10), date(2027, 3, 10)),
        ("city-of-london", date(2027, 3, 10), date(2027, 3, 10)),
        ("buckinghamshire", date(2027, 3, 8), date(2027, 3, 8)),
    ],
)
def test_each_council_has_its_own_stricter_time(preset, shared, submitted):
    authority = AuthorityFactory()
    policy_in_force(authority, preset=preset)
    life = CaseEvents(authority)
    first, second = life.child(), life.child()
    life.conference = life.booked([first], date(2027, 3, 15))
    life.joins(life.conference, second, ConferenceKind.REVIEW)
    ParticipantFactory(conference=life.conference, children=life.conference.children.all())
    life.count()
    assert [of_conference(life, kind) for kind in REPORTS[:2]] == [[submitted], [shared]]


def test_one_conference_meets_each_childs_own_limit(mixed, child):
    mixed.decides(mixed.conference, mixed.newborn, child)
    mixed.closes(mixed.conference)
    mixed.count()
    held = date(2027, 3, 15)
    assert mixed.dates(KIND, mixed.newborn) == [(date(2027, 3, 22), held)]
    assert mixed.dates("first-review", child) == [(date(2027, 3, 22), held)]
    assert mixed.dates("next-review", child) == [(date(2027, 9, 15), None)]
    assert mixed.dates("first-review", mixed.newborn) == [(date(2027, 6, 15), None)]
    assert mixed.dates("next-review", mixed.newborn) == []


def test_a_moved_conference_takes_its_reports_with_it(mixed):
    mixed.count()
    mixed.breaks_off(mixed.conference, SittingState.CANCELLED)
    mixed.sits(mixed.conference, at(date(2027, 3, 17)))
    mixed.count()
    assert of_conference(mixed, "report-submitted") == [date(2027, 3, 10)]
    assert mixed.dates(KIND, mixed.newborn) == [(date(2027, 3, 22), None)]


# Which procedures count


def test_an_enquiry_is_counted_under_the_procedures_of_the_day_it_started(life, child):
    changed = procedures_with(life.authority, since=date(2026, 12, 15), limits={KIND: {"amount": 10}})
    later = life.child()
    life.discussed(later, date(2026, 12, 15))
    life.count()
    assert life.dates(KIND, child) == [(LAST_DAY, None)]
    assert life.dates(KIND, later) == [(date(2026, 12, 31), None)]
    (row,) = life.rows(KIND, later)
    assert row.policy_version_id == changed.pk


def test_later_procedures_do_not_change_the_version_kept_with_the_enquiry(life):
    discuss(life, life.child(), held_at=at(date(2026, 12, 15)))
    procedures_with(life.authority, since=date(2026, 12, 15), limits={KIND: {"amount": 10}})
    life.count()
    assert life.dates(KIND) == [(date(2027, 1, 8), None)]


def test_recounting_moves_only_open_deadlines_and_is_logged(life, child):
    sibling = life.child()
    life.discussed(sibling, DISCUSSED)
    life.held([sibling], HELD)
    life.count()
    changed = procedures_with(life.authority, since=date(2026, 12, 9), limits={KIND: {"amount": 10}})
    (row,) = life.rows(KIND, child)
    recount_deadlines(
        version=changed, deadline_ids=[row.pk], by=life.worker, reason="Agreed", now=at(date(2026, 12, 10))
    )
    assert life.dates(KIND, child) == [(HELD, None)]
    assert life.dates(KIND, sibling) == [(LAST_DAY, HELD)]
    assert [(row.due_on_before, row.due_on_after) for row in RecountedDeadline.objects.all()] == [(LAST_DAY, HELD)]
    assert [change.why_moved for change in row.changes.all()] == [WhyMoved.PROCEDURES]
    life.count()
    assert life.dates(KIND, child) == [(HELD, None)]


def test_procedures_that_make_the_last_day_a_past_one_give_a_late_deadline(life, child):
    life.count()
    now = at(date(2026, 12, 30))
    short = {"amount": 1, "unit": "days", "warn": {"amount": 0, "unit": "working days"}}
    changed = procedures_with(life.authority, since=date(2026, 12, 9), limits={KIND: short})
    (row,) = life.rows(KIND)
    recount_deadlines(version=changed, deadline_ids=[row.pk], by=life.worker, reason="Agreed", now=now)
    (row,) = life.rows(KIND)
    assert (row.due_on, row.state(now)) == (date(2026, 12, 9), State.LATE)
    life.count()


def test_a_proclaimed_holiday_recounts_open_and_met_deadlines(life, child):
    sibling = life.child()
    life.discussed(sibling, DISCUSSED)
    life.held([sibling], HELD)
    life.count()
    add_closed_day(authority=None, day=date(2026, 12, 16), name="A day of thanks", by=None, now=at(date(2026, 12, 10)))
    assert life.dates(KIND, child) == [(date(2027, 1, 4), None)]
    (row,) = life.rows(KIND, child)
    assert [change.why_moved for change in row.changes.all()] == [WhyMoved.CALENDAR]
    life.count()
