"""Visits, child in need reviews, progress of actions, and endings that need no conference."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from conferences.enums import ConferenceKind
from deadlines.models import Deadline
from deadlines.services import reconcile
from families.enums import Answer
from families.models import Person
from plans.enums import EndReason, PlanKind, Progress, WhyNotSeen
from plans.services.cin import hold_cin_review
from plans.services.plans import follow_decision, record_progress
from plans.services.visits import Occasion, Seen, record_visit
from tests.factories import (
    ChildFactory,
    ConferenceChildFactory,
    DecisionFactory,
    FamilyFactory,
    PlanActionFactory,
    PlanFactory,
    SittingFactory,
    UserFactory,
    policy_version_of,
    user_with_role,
)

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
SEEN = Seen(child_seen=True, seen_alone=Answer.YES, bedroom_seen=Answer.NO)
NOT_SEEN = Seen(child_seen=False, not_seen_because=WhyNotSeen.NO_ANSWER, next_try_on=NOW.date())


def a_plan(**fields):
    family = FamilyFactory()
    child = ChildFactory(authority=family.authority, family=family)
    return PlanFactory(child=child, policy_version_id=policy_version_of(family.authority), **fields)


def review(plan, day, by):
    return hold_cin_review(
        plan=plan, held_on=day, progress="Most of it", note="It helps.", next_on=day + datetime.timedelta(weeks=6),
        came=[(plan.child.person, None)], by=by, now=NOW,
    )  # fmt: skip


def visit(plan, day, *, seen=True, by=None):
    by = by or user_with_role(Role.SOCIAL_WORKER, authority=plan.authority)
    return record_visit(
        plan=plan,
        occasion=Occasion(made_at=datetime.datetime(2027, 1, day, 15, tzinfo=datetime.UTC), made_by=by),
        seen=SEEN if seen else NOT_SEEN,
        by=by,
        now=NOW,
    )


def visits_due(plan):
    return [
        (row.starts_on, row.due_on, row.met_at is not None)
        for row in Deadline.objects.filter(kind="visit", child_id=plan.child_id).order_by("starts_on")
    ]


def test_a_visit_at_which_the_child_was_seen_meets_the_clock():
    plan = a_plan()
    visit(plan, 5)
    assert visits_due(plan) == [
        (datetime.date(2026, 12, 22), datetime.date(2027, 1, 8), True),
        (datetime.date(2027, 1, 5), datetime.date(2027, 1, 19), False),
    ]


def test_a_visit_without_sight_of_the_child_is_recorded_and_moves_nothing():
    plan = a_plan()
    visit(plan, 5, seen=False)
    assert visits_due(plan) == [(datetime.date(2026, 12, 22), datetime.date(2027, 1, 8), False)]
    assert plan.visits.count() == 1


def test_recording_the_same_visit_twice_makes_one():
    plan = a_plan()
    by = user_with_role(Role.SOCIAL_WORKER, authority=plan.authority)
    assert visit(plan, 5, by=by) == visit(plan, 5, by=by)


@pytest.mark.parametrize(("day", "message"), [(21, "This visit is in the future. Record it once you have made it.")])
def test_a_visit_in_the_future_is_refused(day, message):
    with pytest.raises(ValidationError) as caught:
        visit(a_plan(), day)
    assert caught.value.message_dict == {"made_on": [message]}


def test_a_visit_before_the_plan_began_is_refused():
    plan = a_plan(starts_on=datetime.date(2027, 1, 10))
    with pytest.raises(ValidationError) as caught:
        visit(plan, 9)
    assert caught.value.message_dict == {"made_on": ["The plan had not started on that day."]}


def test_an_ended_plan_takes_no_visit():
    plan = a_plan(ends_on=datetime.date(2027, 1, 15), end_reason=EndReason.MOVED)
    with pytest.raises(ValidationError, match="This plan has ended"):
        visit(plan, 12)


def test_a_child_in_need_review_starts_the_next_twelve_weeks():
    plan = a_plan(kind=PlanKind.CIN, initial_category="")
    by = user_with_role(Role.SOCIAL_WORKER, authority=plan.authority)
    review(plan, datetime.date(2027, 1, 12), by)
    rows = Deadline.objects.filter(kind="cin-plan-review", child_id=plan.child_id).order_by("starts_on")
    assert [(row.starts_on, row.due_on, row.met_at is None) for row in rows] == [
        (datetime.date(2026, 12, 22), datetime.date(2027, 3, 16), False),
        (datetime.date(2027, 1, 12), datetime.date(2027, 4, 6), True),
    ]


@pytest.mark.parametrize("day", [datetime.date(2026, 12, 22), NOW.date()])
def test_a_review_may_be_held_on_the_plans_first_day_or_today(day):
    plan = a_plan(kind=PlanKind.CIN, initial_category="")
    by = user_with_role(Role.SOCIAL_WORKER, authority=plan.authority)
    assert review(plan, day, by).held_on == day


@pytest.mark.parametrize(
    ("fields", "day", "said"),
    [
        ({}, datetime.date(2026, 12, 21), "The plan had not started on that day."),
        ({}, datetime.date(2027, 1, 21), "This day is in the future. Record the review once it has been held."),
        (
            {"ends_on": datetime.date(2027, 1, 15), "end_reason": EndReason.MOVED},
            datetime.date(2027, 1, 12),
            "Only an open child in need plan of this council is worked on here.",
        ),
    ],
)
def test_a_review_of_another_day_or_plan_is_refused(fields, day, said):
    plan = a_plan(**{"kind": PlanKind.CIN, "initial_category": "", **fields})
    by = user_with_role(Role.SOCIAL_WORKER, authority=plan.authority)
    with pytest.raises(ValidationError) as caught:
        review(plan, day, by)
    assert caught.value.messages == [said]


def test_the_first_review_is_due_three_months_after_the_conference():
    plan = a_plan()
    visit(plan, 5)
    row = Deadline.objects.get(kind="first-review", child_id=plan.child_id)
    assert row.due_on == datetime.date(2027, 3, 22)


def test_a_birth_brings_a_review_forward_whatever_the_three_months_say():
    conference = SittingFactory().conference
    unborn = ChildFactory(authority=conference.authority, family=conference.family, person__birth_date=None)
    conference_child = ConferenceChildFactory(conference=conference, child=unborn, kind=ConferenceKind.PRE_BIRTH)
    decision = DecisionFactory(conference_child=conference_child)
    follow_decision(decision, NOW)
    family = conference_child.conference.family
    reconcile(family_ids=[family.pk], now=NOW)
    assert not Deadline.objects.filter(kind="after-birth").exists()
    Person.objects.filter(pk=conference_child.child.person_id).update(birth_date=datetime.date(2027, 1, 4))
    reconcile(family_ids=[family.pk], now=NOW)
    due = dict(Deadline.objects.filter(kind__in=["after-birth", "first-review"]).values_list("kind", "due_on"))
    assert due == {"after-birth": datetime.date(2027, 2, 1), "first-review": datetime.date(2027, 3, 22)}


def test_concurrent_progress_updates_see_each_other():
    action = PlanActionFactory(plan=a_plan())
    entered = {"by": UserFactory(), "now": NOW}
    record_progress(action=action, progress=Progress.UNDER_WAY, note="First talk held", version=1, **entered)
    with pytest.raises(ValidationError, match=r"It now says: Going on\. First talk held"):
        record_progress(action=action, progress=Progress.DONE, note="Mine", version=1, **entered)


def test_progress_says_who_entered_it_and_why_something_was_not_done():
    action, worker = PlanActionFactory(plan=a_plan()), UserFactory()
    with pytest.raises(ValidationError, match="Say why"):
        record_progress(action=action, progress=Progress.NOT_DONE, note=" ", version=1, by=worker, now=NOW)
    record_progress(action=action, progress=Progress.GIVEN_UP, note="She moved", version=1, by=worker, now=NOW)
    row = action.progress_rows.get()
    assert (row.progress, row.note, row.entered_by, row.at) == (Progress.GIVEN_UP, "She moved", worker, NOW)
