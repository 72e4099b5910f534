"""What the tables of plans have to allow and to refuse (T11, T12, T13, T17 and the rules enforced by the database)."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from accounts.constraint_errors import refused_by_database
from families.enums import Answer, DatePrecision, LegalStatusKind
from families.models import LegalStatus
from plans.enums import EndReason, PlanKind
from plans.models import Consent, Plan, PlanCategory
from tests.factories import (
    ChildFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    DecisionFactory,
    PersonFactory,
    PlanFactory,
    SittingFactory,
)

pytestmark = pytest.mark.django_db

SPRING = datetime.date(2026, 4, 1)
SUMMER = datetime.date(2026, 7, 1)
AUTUMN = datetime.date(2026, 10, 1)


def refusal(**fields: object) -> list[str]:
    """Return the database's message for a plan with these fields."""
    with pytest.raises(ValidationError) as caught, refused_by_database():
        PlanFactory(**fields)
    return list(caught.value.messages)


def test_several_past_plans_here_and_elsewhere_with_or_without_exact_dates() -> None:
    """T11"""
    child = ChildFactory(previous_plans_elsewhere=2)
    PlanFactory(child=child, starts_on=SPRING, ends_on=SUMMER, end_reason=EndReason.NO_LONGER_AT_RISK)
    PlanFactory(
        child=child,
        starts_on=SPRING,
        ends_on=SUMMER,
        end_reason=EndReason.MOVED,
        held_elsewhere="Another council",
        dates=DatePrecision.ESTIMATED,
    )
    PlanFactory(child=child, starts_on=AUTUMN)
    assert child.plans.count() == 3
    assert child.previous_plans_elsewhere == 2


def test_a_second_own_open_plan_is_refused_in_words() -> None:
    first = PlanFactory(starts_on=SPRING)
    assert refusal(child=first.child, starts_on=AUTUMN) == [
        "This child already has a child protection plan for these dates."
    ]


def test_own_plans_never_overlap_not_even_on_one_day() -> None:
    first = PlanFactory(starts_on=SPRING, ends_on=SUMMER, end_reason=EndReason.NO_LONGER_AT_RISK)
    assert refusal(child=first.child, starts_on=SUMMER) == [
        "This child already has a child protection plan for these dates."
    ]


def test_a_child_may_be_live_on_a_plan_of_another_council_too() -> None:
    """T12"""
    own = PlanFactory(starts_on=SPRING)
    PlanFactory(child=own.child, starts_on=SPRING, held_elsewhere="Another council")
    assert Plan.objects.filter(child=own.child, ends_on__isnull=True).count() == 2


def test_child_protection_may_end_and_child_in_need_begin_on_one_day() -> None:
    """T11"""
    ended = PlanFactory(starts_on=SPRING, ends_on=SUMMER, end_reason=EndReason.STEPPED_DOWN)
    begun = PlanFactory(child=ended.child, kind=PlanKind.CIN, starts_on=SUMMER)
    assert begun.starts_on == ended.ends_on


def test_a_child_protection_plan_never_begins_and_ends_on_one_day() -> None:
    """T11"""
    assert refusal(starts_on=SPRING, ends_on=SPRING, end_reason=EndReason.NO_LONGER_AT_RISK) == [
        "A child protection plan can't start and end on the same day."
    ]


def test_a_plan_ends_only_with_a_reason() -> None:
    assert refusal(starts_on=SPRING, ends_on=SUMMER) == ["Choose why the plan ends."]


def test_no_new_plan_from_the_eighteenth_birthday_on() -> None:
    child = ChildFactory(person__birth_date=datetime.date(2008, 4, 1))
    assert refusal(child=child, starts_on=SPRING) == [
        "This person is 18 or older on that day. A new plan can't start. Use adult services."
    ]
    assert PlanFactory(child=child, starts_on=SPRING - datetime.timedelta(days=1)).pk


def test_the_history_of_a_child_who_turned_18_is_kept() -> None:
    """T20"""
    plan = PlanFactory(child__person__birth_date=datetime.date(2008, 4, 2), starts_on=SPRING)
    plan.ends_on = SUMMER
    plan.end_reason = EndReason.EIGHTEEN
    plan.save()
    assert Plan.objects.get(pk=plan.pk).end_reason == EndReason.EIGHTEEN


def test_the_plan_starts_on_the_day_of_the_sitting_that_decided() -> None:
    """T7"""
    decision = DecisionFactory()
    with pytest.raises(ValidationError) as caught, refused_by_database():
        PlanFactory(child=decision.conference_child.child, decision=decision, starts_on=datetime.date(2026, 12, 23))
    assert caught.value.messages == ["A child protection plan starts on the day of the sitting that decided it."]


def test_a_child_decided_in_the_second_sitting_has_a_plan_from_that_day() -> None:
    """T7"""
    conference = ConferenceFactory()
    SittingFactory(conference=conference, state="adjourned")
    second = SittingFactory(
        conference=conference, number=2, starts_at=datetime.datetime(2027, 1, 5, 10, tzinfo=datetime.UTC)
    )
    child = ConferenceChildFactory(conference=conference)
    decision = DecisionFactory(conference_child=child, sitting=second)
    plan = PlanFactory(child=child.child, decision=decision, starts_on=datetime.date(2027, 1, 5))
    assert plan.starts_on == second.day


def test_the_category_changes_and_the_first_stays_known() -> None:
    """T11"""
    plan = PlanFactory(initial_category="EMO")
    PlanCategory.objects.create(plan=plan, category="EMO", starts_on=plan.starts_on)
    PlanCategory.objects.create(plan=plan, category="NEG", starts_on=datetime.date(2027, 3, 16))
    assert [row.category for row in plan.categories.all()] == ["EMO", "NEG"]
    assert plan.initial_category == "EMO"


def test_a_legal_status_coexists_with_the_plan_and_ends_nothing() -> None:
    """T13"""
    plan = PlanFactory()
    LegalStatus.objects.create(
        child=plan.child, status=LegalStatusKind.INTERIM_CARE_ORDER, starts_on=datetime.date(2027, 1, 4)
    )
    assert Plan.objects.get(pk=plan.pk).is_open


def test_two_parents_may_disagree_about_a_child_in_need_plan() -> None:
    """T17"""
    plan = PlanFactory(kind=PlanKind.CIN)
    for answer in (Answer.YES, Answer.REFUSED):
        Consent.objects.create(
            plan=plan, person=PersonFactory(authority=plan.authority), answer=answer, answered_on=plan.starts_on
        )
    assert sorted(plan.consents.values_list("answer", flat=True)) == ["refused", "yes"]


def test_a_young_person_may_answer_for_themselves_and_change_their_mind() -> None:
    """T17"""
    plan = PlanFactory(kind=PlanKind.CIN, child__person__birth_date=datetime.date(2010, 3, 1))
    first = Consent.objects.create(plan=plan, person=plan.child.person, answer=Answer.YES, answered_on=plan.starts_on)
    first.withdrawn_on = datetime.date(2027, 2, 1)
    first.save()
    Consent.objects.create(plan=plan, person=plan.child.person, answer=Answer.NO, answered_on=first.withdrawn_on)
    assert plan.consents.filter(withdrawn_on__isnull=True).get().answer == Answer.NO


def test_a_plan_is_never_deleted() -> None:
    plan = PlanFactory()
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        plan.delete()


def test_history_keeps_a_plan_changed_in_bulk() -> None:
    plan = PlanFactory()
    Plan.objects.filter(pk=plan.pk).update(contingency="Ring the social worker")
    assert [event.contingency for event in plan.events.order_by("pgh_id")] == ["", "Ring the social worker"]
