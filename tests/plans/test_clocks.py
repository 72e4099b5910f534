"""Reviews, births and visits: the rules that are easy to get wrong."""

from __future__ import annotations

import datetime
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import ConferenceKind, Outcome, SittingState
from conferences.models import ConferenceChild, Decision
from deadlines.enums import State, WhyMoved
from families.models import Pregnancy
from families.services.people import PersonFacts
from families.services.pregnancies import Birth, record_birth
from plans.enums import WhyNotSeen
from plans.models import Plan
from plans.selectors.plans import plan_page
from plans.services.visits import Occasion, Seen, record_visit
from tests.case_events import CaseEvents, at
from tests.factories import AuthorityFactory, policy_in_force, procedures_with
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 12, 22)
EXPECTED = date(2027, 3, 10)


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def baby(life):
    """An unborn child with a plan since 22 December 2026; the first review is due on 22 March 2027."""
    (baby,) = life.unborn(EXPECTED)
    life.discussed(baby, date(2026, 12, 8))
    life.held([baby], BEGAN, kind=ConferenceKind.PRE_BIRTH)
    return baby


# A birth


def test_born_early_brings_the_review_forward(life, baby):
    life.born(baby, date(2027, 1, 4))
    life.count()
    assert life.dates("after-birth") == [(date(2027, 2, 1), None)]
    assert life.dates("first-review") == [(date(2027, 3, 22), None)]


def test_the_three_months_count_where_they_end_earlier(life, baby):
    life.born(baby, EXPECTED)
    life.count()
    (row,) = life.rows("after-birth")
    assert (row.due_on, row.limit_key, row.starts_on) == (date(2027, 3, 22), "first-review", BEGAN)
    assert (row.other_due_on, row.other_limit_key, row.other_starts_on) == (date(2027, 4, 9), "after-birth", EXPECTED)


def test_born_on_the_last_day_of_the_three_months_the_review_is_due_that_day(life, baby):
    life.born(baby, date(2027, 3, 22))
    life.count()
    assert life.dates("after-birth") == [(date(2027, 3, 22), None)]


def test_three_months_that_ended_before_a_late_birth_are_dropped_and_never_met(life, baby):
    life.born(baby, date(2027, 4, 1))
    life.count()
    (row,) = life.rows("after-birth")
    assert (row.due_on, row.limit_key, row.met_at) == (date(2027, 4, 29), "after-birth", None)
    (first,) = life.rows("first-review")
    assert (first.due_on, first.state(at(date(2027, 4, 2)))) == (date(2027, 3, 22), State.LATE)


def test_a_review_before_the_birth_does_not_meet_it(life, baby):
    life.reviewed([baby], date(2027, 3, 1))
    life.born(baby, EXPECTED)
    life.count()
    assert life.dates("first-review") == [(date(2027, 3, 22), date(2027, 3, 1))]
    assert life.dates("after-birth") == [(date(2027, 4, 9), None)]
    assert life.dates("next-review") == [(date(2027, 9, 1), None)]


@pytest.mark.parametrize("held", [EXPECTED, date(2027, 3, 17)])
def test_a_review_on_the_day_of_birth_or_later_meets_it(life, baby, held):
    life.born(baby, EXPECTED)
    life.reviewed([baby], held)
    life.count()
    assert life.dates("after-birth") == [(date(2027, 3, 22), held)]
    assert life.dates("first-review") == [(date(2027, 3, 22), held)]


def test_two_reviews_of_which_only_the_second_followed_the_birth(life, baby):
    life.reviewed([baby], date(2027, 3, 1))
    life.born(baby, EXPECTED)
    life.reviewed([baby], date(2027, 4, 6))
    life.count()
    assert life.dates("after-birth") == [(date(2027, 4, 9), date(2027, 4, 6))]
    assert life.dates("next-review") == [(date(2027, 9, 1), date(2027, 4, 6)), (date(2027, 10, 6), None)]


@pytest.mark.parametrize("reviewed", [False, True])
@pytest.mark.parametrize(
    "day", [date(2026, 12, 23), date(2027, 2, 3), date(2027, 3, 22), date(2027, 4, 1), date(2027, 8, 30)]
)
def test_a_birth_never_puts_a_review_back(life, baby, day, reviewed):
    if reviewed:
        life.reviewed([baby], date(2026, 12, 23))

    def next_review():
        life.count()
        kinds = ("first-review", "next-review", "after-birth")
        return min(due for kind in kinds for due, met in life.dates(kind) if met is None)

    before = next_review()
    life.born(baby, day)
    assert next_review() <= before


def test_each_twin_has_its_own_date(life):
    twins = life.unborn(EXPECTED, number=2)
    life.held(twins, BEGAN, kind=ConferenceKind.PRE_BIRTH)
    life.born(twins[0], date(2027, 1, 31))
    life.count()
    assert [life.dates("after-birth", twin) for twin in twins] == [[(date(2027, 2, 26), None)], []]
    life.born(twins[1], date(2027, 2, 1))
    life.count()
    assert [life.dates("after-birth", twin) for twin in twins] == [
        [(date(2027, 2, 26), None)],
        [(date(2027, 3, 1), None)],
    ]
    life.reviewed(twins[:1], date(2027, 2, 15))
    life.count()
    assert [life.dates("after-birth", twin) for twin in twins] == [
        [(date(2027, 2, 26), date(2027, 2, 15))],
        [(date(2027, 3, 1), None)],
    ]


def test_a_plan_made_after_the_birth_needs_no_review_for_it(life):
    (baby,) = life.unborn(EXPECTED)
    life.discussed(baby, date(2026, 12, 8))
    life.born(baby, date(2026, 12, 15))
    life.held([baby], BEGAN)
    life.count()
    assert life.rows("after-birth") == []
    assert life.dates("first-review") == [(date(2027, 3, 22), None)]


@pytest.mark.parametrize(
    ("kind", "dates"), [(ConferenceKind.PRE_BIRTH, [(date(2027, 1, 22), None)]), (ConferenceKind.INITIAL, [])]
)
def test_born_on_the_day_of_the_conference_it_depends_on_which_it_was(life, kind, dates):
    (baby,) = life.unborn(EXPECTED)
    life.held([baby], BEGAN, kind=kind)
    life.born(baby, BEGAN)
    life.count()
    assert life.dates("after-birth") == dates


def recorded_birth(life, baby, on, *, now):
    facts = PersonFacts(given_name="Fern", birth_date=on)
    record_birth(pregnancy=baby.pregnancy, births=[Birth(child=baby, facts=facts)], by=life.worker, now=now)


def test_a_birth_recorded_late_counts_from_the_day_of_birth(life, baby):
    recorded_birth(life, baby, date(2027, 1, 4), now=at(date(2027, 2, 20)))
    (row,) = life.rows("after-birth")
    assert (row.due_on, row.state(at(date(2027, 2, 20)))) == (date(2027, 2, 1), State.LATE)
    life.count()


def test_a_review_held_between_birth_and_its_recording_meets_it(life, baby):
    life.reviewed([baby], date(2027, 1, 19))
    recorded_birth(life, baby, date(2027, 1, 4), now=at(date(2027, 2, 20)))
    assert life.dates("after-birth") == [(date(2027, 2, 1), date(2027, 1, 19))]


def test_a_corrected_date_of_birth_moves_it_and_the_history_says_why(life, baby):
    life.born(baby, date(2027, 1, 4))
    life.count()
    life.born(baby, date(2027, 1, 2))
    life.count()
    (row,) = life.rows("after-birth")
    (change,) = row.changes.all()
    assert (change.why_moved, change.due_on_before, change.due_on_after) == (
        WhyMoved.EVENT,
        date(2027, 2, 1),
        date(2027, 1, 29),
    )
    assert (change.starts_on_before, change.starts_on_after) == (date(2027, 1, 4), date(2027, 1, 2))


def test_another_expected_date_moves_nothing_after_the_conference(life, baby):
    life.count()
    Pregnancy.objects.update(expected_on=date(2027, 4, 30))
    life.count()
    assert life.rows("after-birth") == []
    assert life.dates("first-review") == [(date(2027, 3, 22), None)]


# Reviews


@once_per_module()
def child(life):
    """A child with a plan since 22 December 2026."""
    child = life.child()
    life.discussed(child, date(2026, 12, 8))
    life.held([child], BEGAN)
    return child


def living_by(preset):
    authority = AuthorityFactory()
    policy_in_force(authority, preset=preset)
    return CaseEvents(authority)


def test_a_review_held_early_moves_the_next_one_earlier(life, child):
    life.reviewed([child], date(2027, 2, 1))
    life.count()
    assert life.dates("first-review") == [(date(2027, 3, 22), date(2027, 2, 1))]
    assert life.dates("next-review") == [(date(2027, 8, 1), None)]


def test_a_review_held_late_is_met_late_and_the_next_counts_from_it(life, child):
    life.reviewed([child], date(2027, 4, 6))
    life.count()
    assert life.rows("first-review")[0].state(at(date(2027, 5, 1))) == State.MET_LATE
    assert life.dates("next-review") == [(date(2027, 10, 6), None)]


@pytest.mark.parametrize("preset", ["baseline", "buckinghamshire", "city-of-london", "south-gloucestershire"])
def test_the_second_review_counts_from_the_last_one(preset):
    life = living_by(preset)
    child = life.child()
    life.held([child], BEGAN)
    life.reviewed([child], date(2027, 3, 15))
    life.count()
    (row,) = life.rows("next-review")
    assert (row.due_on, row.limit_key) == (date(2027, 9, 15), "next-review")


@pytest.mark.parametrize("preset", ["families-guide", "hartlepool"])
def test_the_second_review_counts_from_the_first_conference_where_the_council_says_so(preset):
    life = living_by(preset)
    child = life.child()
    life.held([child], BEGAN)
    life.reviewed([child], date(2027, 3, 15))
    life.count()
    (row,) = life.rows("next-review")
    assert (row.due_on, row.limit_key, row.starts_on) == (date(2027, 6, 22), "second-review", BEGAN)
    assert (row.other_due_on, row.other_limit_key) == (date(2027, 9, 15), "next-review")


@pytest.mark.parametrize("preset", ["families-guide", "hartlepool"])
def test_the_third_review_counts_from_the_last_one_everywhere(preset):
    life = living_by(preset)
    child = life.child()
    life.held([child], BEGAN)
    life.reviewed([child], date(2027, 3, 15))
    life.reviewed([child], date(2027, 6, 8))
    life.count()
    assert life.dates("next-review") == [(date(2027, 6, 22), date(2027, 6, 8)), (date(2027, 12, 8), None)]


@pytest.mark.parametrize(
    ("first", "second"),
    [(date(2027, 6, 21), date(2027, 6, 22)), (date(2027, 6, 22), date(2027, 12, 22)), (date(2027, 7, 1), date(2028, 1, 1))],
)  # fmt: skip
def test_after_a_first_review_past_six_months_only_the_limit_from_it_counts(first, second):
    life = living_by("hartlepool")
    child = life.child()
    life.held([child], BEGAN)
    life.reviewed([child], first)
    life.count()
    assert life.dates("next-review") == [(second, None)]


def test_the_second_review_is_never_later_than_six_months_after_the_first():
    authority = AuthorityFactory()
    procedures_with(
        authority,
        since=date(2020, 1, 1),
        values={"second-review-anchor": "first conference"},
        limits={"second-review": {"amount": 9}},
    )
    life = CaseEvents(authority)
    child = life.child()
    life.held([child], BEGAN)
    life.reviewed([child], date(2027, 1, 19))
    life.count()
    (row,) = life.rows("next-review")
    assert (row.due_on, row.limit_key) == (date(2027, 7, 19), "next-review")
    assert (row.other_due_on, row.other_limit_key) == (date(2027, 9, 22), "second-review")


def test_months_from_a_31st_end_on_the_last_day_of_a_shorter_month(life):
    child = life.child()
    life.held([child], date(2026, 11, 30))
    life.reviewed([child], date(2027, 8, 31))
    life.count()
    assert life.dates("first-review") == [(date(2027, 2, 28), date(2027, 8, 31))]
    assert life.dates("next-review") == [(date(2028, 2, 29), None)]


def test_a_review_adjourned_without_decision_meets_nothing(life, child):
    review = life.booked([child], date(2027, 3, 15), kind=ConferenceKind.REVIEW)
    life.breaks_off(review)
    life.count()
    assert life.dates("first-review") == [(date(2027, 3, 22), None)]
    assert life.rows("next-review") == []


def test_the_next_review_counts_from_the_sitting_that_decided_for_this_child(life, child):
    sibling = life.child()
    life.held([sibling], BEGAN)
    review = life.booked([child, sibling], date(2027, 3, 15), kind=ConferenceKind.REVIEW)
    life.decides(review, child)
    life.breaks_off(review)
    life.sits(review, at(date(2027, 3, 24)))
    life.decides(review, sibling)
    life.closes(review)
    life.count()
    assert life.dates("first-review", child) == [(date(2027, 3, 22), date(2027, 3, 15))]
    assert life.dates("first-review", sibling) == [(date(2027, 3, 22), date(2027, 3, 24))]
    assert life.dates("next-review", child) == [(date(2027, 9, 15), None)]
    assert life.dates("next-review", sibling) == [(date(2027, 9, 24), None)]


def test_a_review_that_ends_the_plan_meets_its_clock_and_starts_no_next(life, child):
    life.reviewed([child], date(2027, 3, 15), outcome=Outcome.PLAN_ENDS)
    life.count()
    assert life.dates("first-review") == [(date(2027, 3, 22), date(2027, 3, 15))]
    assert life.rows("next-review") == []


def test_a_review_that_leaves_the_plan_in_force_starts_the_next(life, child):
    life.reviewed([child], date(2027, 3, 15), outcome=Outcome.FURTHER_ASSESSMENT)
    life.count()
    assert life.dates("first-review") == [(date(2027, 3, 22), date(2027, 3, 15))]
    assert life.dates("next-review") == [(date(2027, 9, 15), None)]


def test_a_child_withdrawn_from_a_review_was_not_reviewed(life, child):
    sibling = life.child()
    life.held([sibling], BEGAN)
    review = life.booked([child, sibling], date(2027, 3, 15), kind=ConferenceKind.REVIEW)
    ConferenceChild.objects.filter(conference=review, child=child).update(
        withdrawn_at=at(date(2027, 3, 15)), withdrawn_because="Ill that day."
    )
    life.decides(review, sibling)
    life.closes(review)
    life.count()
    assert life.dates("first-review", child) == [(date(2027, 3, 22), None)]


def test_siblings_with_plans_from_different_days_have_separate_reviews(life, child):
    sibling = life.child()
    life.held([sibling], date(2027, 1, 12))
    life.count()
    assert life.dates("first-review", child) == [(date(2027, 3, 22), None)]
    assert life.dates("first-review", sibling) == [(date(2027, 4, 12), None)]


def test_a_plan_made_in_the_second_sitting_starts_on_its_day(life):
    first, second = life.child(), life.child()
    conference = life.booked([first, second], BEGAN)
    life.decides(conference, first)
    life.breaks_off(conference, SittingState.ADJOURNED)
    life.sits(conference, at(date(2027, 1, 6)))
    life.decides(conference, second)
    life.closes(conference)
    life.count()
    assert [plan.starts_on for plan in Plan.objects.order_by("pk")] == [BEGAN, date(2027, 1, 6)]
    assert life.dates("first-review", first) == [(date(2027, 3, 22), None)]
    assert life.dates("first-review", second) == [(date(2027, 4, 6), None)]


# Visits


def see(life, child, day, *, seen=True):
    return record_visit(
        plan=Plan.objects.get(child=child),
        occasion=Occasion(made_at=at(day, "15:00"), made_by=life.worker),
        seen=Seen(child_seen=True, seen_alone="yes", bedroom_seen="yes")
        if seen
        else Seen(child_seen=False, not_seen_because=WhyNotSeen.NO_ANSWER, next_try_on=day),
        by=life.worker,
        now=at(date(2027, 3, 1)),
    )


def test_a_siblings_visit_moves_nothing(life, child):
    sibling = life.child()
    life.held([sibling], BEGAN)
    see(life, sibling, date(2027, 1, 5))
    see(life, child, date(2027, 1, 5), seen=False)
    assert life.dates("visit", child) == [(date(2027, 1, 8), None)]
    assert life.dates("visit", sibling) == [(date(2027, 1, 8), date(2027, 1, 5)), (date(2027, 1, 19), None)]
    life.count()


def test_visits_recorded_out_of_order_count_in_the_order_made(life, child):
    in_order = [
        (date(2027, 1, 8), date(2027, 1, 5)),
        (date(2027, 1, 19), date(2027, 1, 13)),
        (date(2027, 1, 27), date(2027, 1, 26)),
        (date(2027, 2, 9), None),
    ]
    for day in (date(2027, 1, 13), date(2027, 1, 5), date(2027, 1, 26)):
        see(life, child, day)
    assert life.dates("visit") == in_order
    life.count()


def test_a_visit_recorded_later_corrects_an_apparent_delay(life, child):
    see(life, child, date(2027, 1, 13))
    assert life.rows("visit")[0].state(at(date(2027, 1, 14))) == State.MET_LATE
    see(life, child, date(2027, 1, 5))
    assert [row.state(at(date(2027, 1, 14))) for row in life.rows("visit")[:2]] == [State.MET, State.MET]


def test_a_visit_on_the_plans_first_day_starts_the_next(life, child):
    see(life, child, BEGAN)
    assert life.dates("visit") == [(date(2027, 1, 8), BEGAN), (date(2027, 1, 8), None)]


@pytest.mark.parametrize(
    ("own", "first", "then"),
    [
        (None, date(2027, 1, 8), date(2027, 1, 19)),
        (1, date(2026, 12, 23), date(2027, 1, 6)),
        (5, date(2026, 12, 31), date(2027, 1, 12)),
        # Above the four weeks that need no reason; the chair gave one with the decision.
        (30, date(2027, 2, 5), date(2027, 2, 16)),
    ],
)
def test_a_plan_has_its_own_figure_or_the_councils(life, child, own, first, then):
    Plan.objects.update(visit_every_working_days=own)
    see(life, child, date(2027, 1, 5))
    assert life.dates("visit") == [(first, date(2027, 1, 5)), (then, None)]
    life.count()


def test_a_changed_figure_moves_the_due_visit_and_says_why(life, child):
    life.count()
    Plan.objects.update(visit_every_working_days=5)
    life.count()
    (row,) = life.rows("visit")
    assert row.due_on == date(2026, 12, 31)
    assert [change.why_moved for change in row.changes.all()] == [WhyMoved.OWN_FIGURE]


def decided_otherwise(child, on, every):
    decision = Decision.objects.get(conference_child__child=child, sitting__starts_at__date=on)
    Decision.objects.filter(pk=decision.pk).update(visit_every_working_days=every)


def test_a_frequency_set_at_a_review_applies_from_the_next_visit(life, child):
    for day in (date(2027, 1, 5), date(2027, 1, 19)):
        see(life, child, day)
    life.count()
    before = life.dates("visit")
    life.reviewed([child], date(2027, 1, 25))
    decided_otherwise(child, date(2027, 1, 25), 5)
    life.count()
    assert (
        life.dates("visit")
        == before
        == [(date(2027, 1, 8), date(2027, 1, 5)), (date(2027, 1, 19), date(2027, 1, 19)), (date(2027, 2, 2), None)]
    )
    see(life, child, date(2027, 1, 29))
    life.count()
    assert life.dates("visit") == [*before[:2], (date(2027, 2, 2), date(2027, 1, 29)), (date(2027, 2, 5), None)]
    plan = Plan.objects.get(child=child)
    assert [plan_page(plan, on=day).visits_every for day in (date(2027, 1, 24), date(2027, 1, 25))] == [10, 5]


def test_a_visit_on_the_day_of_the_review_is_followed_by_the_new_figure(life, child):
    life.reviewed([child], date(2027, 1, 5))
    decided_otherwise(child, date(2027, 1, 5), 5)
    see(life, child, date(2027, 1, 5))
    life.count()
    assert life.dates("visit") == [(date(2027, 1, 8), date(2027, 1, 5)), (date(2027, 1, 12), None)]


def test_a_council_may_count_visits_in_weeks_where_the_plan_has_no_figure():
    authority = AuthorityFactory()
    procedures_with(authority, since=date(2020, 1, 1), limits={"visit": {"amount": 2, "unit": "weeks"}})
    life = CaseEvents(authority)
    life.held([life.child()], BEGAN)
    Plan.objects.update(visit_every_working_days=None)
    life.count()
    assert life.dates("visit") == [(date(2027, 1, 5), None)]
    Plan.objects.update(visit_every_working_days=10)
    life.count()
    assert life.dates("visit") == [(date(2027, 1, 8), None)]


def test_seeing_the_mother_counts_before_the_birth_and_the_child_after_it(life, baby):
    see(life, baby, date(2027, 1, 5))
    life.born(baby, date(2027, 1, 6))
    see(life, baby, date(2027, 1, 12), seen=False)
    assert life.dates("visit") == [(date(2027, 1, 8), date(2027, 1, 5)), (date(2027, 1, 19), None)]


def test_a_visit_in_the_future_is_refused_and_moves_nothing(life, child):
    with pytest.raises(ValidationError, match="in the future"):
        see(life, child, date(2027, 3, 2))
    life.count()
    assert life.dates("visit") == [(date(2027, 1, 8), None)]


# Which procedures count


def test_new_procedures_touch_only_clocks_that_start_under_them(life, child):
    changed = procedures_with(
        life.authority,
        since=date(2027, 2, 1),
        limits={"first-review": {"amount": 2}, "next-review": {"amount": 4}, "visit": {"amount": 3}},
    )
    Plan.objects.update(visit_every_working_days=None)
    for day in (date(2027, 1, 12), date(2027, 2, 1)):
        see(life, child, day)
    life.reviewed([child], date(2027, 3, 15))
    life.count()
    assert life.dates("first-review") == [(date(2027, 3, 22), date(2027, 3, 15))]
    assert life.dates("next-review") == [(date(2027, 7, 15), None)]
    assert life.dates("visit") == [
        (date(2027, 1, 8), date(2027, 1, 12)),
        (date(2027, 1, 26), date(2027, 2, 1)),
        (date(2027, 2, 4), None),
    ]
    under = [row.policy_version_id == changed.pk for kind in ("first-review", "next-review") for row in life.rows(kind)]
    assert under == [False, True]


def test_the_review_after_a_birth_counts_under_the_procedures_of_the_day_of_birth(life, baby):
    procedures_with(life.authority, since=date(2027, 1, 4), limits={"after-birth": {"amount": 10, "unit": "days"}})
    life.born(baby, date(2027, 1, 4))
    life.count()
    assert life.dates("after-birth") == [(date(2027, 1, 14), None)]
    life.born(baby, date(2027, 1, 3))
    life.count()
    assert life.dates("after-birth") == [(date(2027, 1, 29), None)]


def test_a_limit_already_past_when_first_counted_is_late_not_refused():
    authority = AuthorityFactory()
    on_the_day = {"amount": 0, "unit": "working days"}
    soon = {"amount": 1, "unit": "days", "warn": on_the_day}
    procedures_with(authority, since=date(2020, 1, 1), limits={"first-review": soon})
    life = CaseEvents(authority)
    life.held([life.child()], BEGAN)
    life.count()
    (row,) = life.rows("first-review")
    assert (row.due_on, row.state(datetime.datetime(2027, 6, 1, tzinfo=datetime.UTC))) == (
        date(2026, 12, 23),
        State.LATE,
    )
