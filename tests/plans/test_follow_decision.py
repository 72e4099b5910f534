from __future__ import annotations

import datetime

import pytest

from conferences.enums import ConferenceKind, Outcome
from families.enums import Answer
from meetings.models import DecisionConsent, OutlineAction
from meetings.services.closing import has_cp_decision
from plans.enums import EndReason, PlanKind
from plans.models import Plan
from plans.services.plans import follow_decision
from tests.factories import (
    ENDING,
    ChildFactory,
    ConferenceChildFactory,
    DecisionFactory,
    FamilyFactory,
    PersonFactory,
    PlanFactory,
    SittingFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 22, 13, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 12, 22)


def outline(conference_child, *children, what="See her every Monday"):
    action = OutlineAction.objects.create(
        conference=conference_child.conference,
        why="She needs somebody to talk to",
        what=what,
        who_else="School",
        by_when_words="from Monday",
        created_by=UserFactory(),
        created_at=NOW,
    )
    action.children.set(children)
    return action


def test_a_child_protection_decision_begins_a_plan_on_that_day():
    decision = DecisionFactory(categories=["EMO", "NEG"])
    follow_decision(decision, NOW)
    plan = Plan.objects.get(decision=decision)
    assert (plan.kind, plan.starts_on, plan.initial_category, plan.visit_every_working_days) == ("cp", DAY, "EMO", 10)
    assert [(row.category, row.also) for row in plan.categories.all()] == [("EMO", "NEG")]
    assert [row.user for row in plan.key_workers.all()] == [decision.key_worker]


def test_following_a_decision_twice_creates_one_plan():
    decision = DecisionFactory()
    follow_decision(decision, NOW)
    follow_decision(decision, NOW)
    assert Plan.objects.filter(child=decision.conference_child.child).count() == 1


def test_the_plan_takes_the_actions_for_this_child_and_for_all():
    decision = DecisionFactory()
    mine = decision.conference_child
    sibling = ConferenceChildFactory(conference=mine.conference)
    outline(mine, what="For all")
    outline(mine, mine, what="For this child")
    outline(mine, sibling, what="For the sibling")
    withdrawn = outline(mine, mine, what="Withdrawn")
    OutlineAction.objects.filter(pk=withdrawn.pk).update(withdrawn_at=NOW, withdrawn_because="Said twice")
    follow_decision(decision, NOW)
    assert [action.what for action in Plan.objects.get().actions.all()] == ["For all", "For this child"]


def test_the_outline_is_the_plans_first_version_and_one_thread_for_brothers_and_sisters():
    decision = DecisionFactory()
    sibling = ConferenceChildFactory(conference=decision.conference_child.conference)
    outline(decision.conference_child)
    for row in (decision, DecisionFactory(conference_child=sibling, sitting=decision.sitting)):
        follow_decision(row, NOW)
    one, other = Plan.objects.order_by("pk")
    version = one.versions.get()
    assert (version.number, version.occasion, version.decision, version.made_by) == (
        1,
        "conference",
        decision,
        decision.decided_by,
    )
    assert one.actions.get().since == version
    assert one.actions.get().thread == other.actions.get().thread


def test_an_actions_private_information_marks_are_copied():
    decision = DecisionFactory()
    person = PersonFactory(authority=decision.conference_child.conference.authority)
    outline(decision.conference_child).private_to.add(person)
    follow_decision(decision, NOW)
    assert list(Plan.objects.get().actions.get().private_to.all()) == [person]


def test_a_child_in_need_decision_begins_a_plan_with_its_consents():
    decision = DecisionFactory(outcome=Outcome.CIN_PLAN, main_category="", categories=[])
    mother = PersonFactory(authority=decision.conference_child.conference.authority)
    DecisionConsent.objects.create(decision=decision, person=mother, answer=Answer.YES)
    follow_decision(decision, NOW)
    plan = Plan.objects.get()
    assert (plan.kind, plan.initial_category) == ("cin", "")
    assert [(row.person, row.answer, row.answered_on) for row in plan.consents.all()] == [(mother, "yes", DAY)]


def test_a_child_protection_plan_ends_an_open_child_in_need_plan_the_same_day():
    decision = DecisionFactory()
    child = decision.conference_child.child
    cin = PlanFactory(child=child, kind=PlanKind.CIN, starts_on=datetime.date(2026, 9, 1), initial_category="")
    follow_decision(decision, NOW)
    cin.refresh_from_db()
    assert (cin.ends_on, cin.end_reason) == (DAY, EndReason.STEPPED_UP)
    assert Plan.objects.get(child=child, ends_on__isnull=True).kind == PlanKind.CP


LOWERING = {"outcome": Outcome.CIN_PLAN, "main_category": "", "categories": [], **ENDING}


def a_plan():
    family = FamilyFactory()
    return PlanFactory(child=ChildFactory(authority=family.authority, family=family))


def review_of(plan, **fields):
    sitting = SittingFactory(
        conference__family=plan.child.person.memberships.get().family,
        starts_at=datetime.datetime(2027, 3, 16, 10, tzinfo=datetime.UTC),
    )
    conference_child = ConferenceChildFactory(
        conference=sitting.conference, child=plan.child, kind=ConferenceKind.REVIEW, enquiry=None
    )
    return DecisionFactory(conference_child=conference_child, sitting=sitting, **fields)


def test_a_continuing_review_keeps_the_plan_and_updates_its_category():
    plan = a_plan()
    follow_decision(review_of(plan, main_category="NEG", categories=["NEG"]), NOW)
    assert Plan.objects.get(child=plan.child) == plan
    assert [row.category for row in plan.categories.all()] == ["NEG"]
    assert plan.initial_category == "EMO"


def test_a_review_that_steps_down_ends_one_plan_and_begins_the_other_on_that_day():
    plan = a_plan()
    follow_decision(review_of(plan, **{**LOWERING, "on_plan": "lowered"}), NOW)
    plan.refresh_from_db()
    assert (plan.ends_on, plan.end_reason) == (datetime.date(2027, 3, 16), EndReason.STEPPED_DOWN)
    assert Plan.objects.get(child=plan.child, kind=PlanKind.CIN).starts_on == datetime.date(2027, 3, 16)


def test_a_review_that_finds_no_continuing_risk_ends_the_plan_and_its_key_worker():
    plan = a_plan()
    plan.key_workers.create(user=UserFactory(), starts_on=plan.starts_on)
    follow_decision(review_of(plan, outcome=Outcome.PLAN_ENDS, main_category="", categories=[], **ENDING), NOW)
    plan.refresh_from_db()
    assert (plan.ends_on, plan.end_reason) == (datetime.date(2027, 3, 16), EndReason.NO_LONGER_AT_RISK)
    assert plan.key_workers.get().ends_on == datetime.date(2027, 3, 16)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome not in {"cp_plan", "plan_ends"}])
@pytest.mark.parametrize("on_plan", ["", "goes_on"])
def test_nothing_ends_or_lowers_a_plan_that_the_decision_does_not_record_so(outcome, on_plan):
    plan = a_plan()
    decision = review_of(plan, outcome=outcome, main_category="", categories=[], on_plan=on_plan)
    follow_decision(decision, NOW)
    assert list(Plan.objects.filter(child=plan.child)) == [plan]
    assert Plan.objects.get().is_open


def test_other_outcomes_create_no_plan():
    decision = DecisionFactory(outcome=Outcome.NOTHING, main_category="", categories=[])
    follow_decision(decision, NOW)
    assert not Plan.objects.exists()
    assert not has_cp_decision(decision.conference_child.conference)
