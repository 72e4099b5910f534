"""A child's death closes that child's plan at once, and leaves the brothers' and sisters' alone."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.models import User
from conferences.enums import ConferenceKind
from deadlines.models import Deadline, DeadlineNotice
from deadlines.selectors.my_notices import notices_for
from deadlines.services import sweep
from families.enums import PregnancyOutcome
from families.models import Child, Loss
from families.services import end_pregnancy, record_death, withdraw_loss
from families.words import child_line
from notifications.models import Notice
from plans.enums import EndReason
from plans.models import Plan
from plans.selectors.listed_children import listed_children
from tests.case_events import CaseEvents, at
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

BEGAN = date(2026, 12, 22)
DIED = date(2027, 1, 11)
SEEN = date(2027, 1, 5)


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def children(life):
    """Two children with plans from one conference, the first seen since."""
    one, other = life.child(), life.child()
    for child in (one, other):
        life.discussed(child, date(2026, 12, 8))
    life.closes(life.held([one, other], BEGAN))
    life.visited(one, SEEN)
    life.count()
    return one, other


def plan_of(child):
    return Plan.objects.get(child=child)


def waiting(child):
    """Return the kinds of deadlines that still ask for something about this child."""
    return {row.kind for row in rows(child)}


def rows(child):
    return Deadline.objects.filter(child_id=child.pk, met_at__isnull=True, not_needed="")


def dies(life, child, on=DIED):
    return record_death(person=child.person, died_on=on, source="Police", by=life.worker, now=at(on, "16:00"))


def test_the_plan_is_closed_the_list_cleared_and_nobody_is_told_to_visit(life, children):
    one, _ = children
    dies(life, one)
    plan = plan_of(one)
    assert (plan.ends_on, plan.end_reason, plan.ended_by) == (DIED, EndReason.DIED, life.worker)
    assert not plan.key_workers.filter(ends_on__isnull=True).exists()
    assert one not in listed_children([life.authority.pk], on=DIED)
    assert waiting(one) & {"visit", "first-review", "next-review", "initial-conference"} == set()


def test_notices_about_the_child_are_taken_back_and_those_about_the_others_stay(life, children):
    one, other = children
    sweep(now=at(date(2027, 3, 1)))
    told = dict(Deadline.objects.filter(kind="visit").values_list("child_id", "notices__pk"))
    assert set(told) == {one.pk, other.pk}
    assert None not in told.values()
    record_death(person=one.person, died_on=DIED, source="Police", by=life.worker, now=at(date(2027, 3, 2)))
    with time_machine.travel(at(date(2027, 3, 2)), tick=False):
        shown = {pk for user in User.objects.filter(is_active=True) for line in notices_for(user) for pk in line.ids}
    still = set(Notice.objects.filter(pk__in=shown).values_list("key", flat=True))
    about = {
        child.pk: {
            f"deadline:{pk}"
            for pk in DeadlineNotice.objects.filter(deadline__child_id=child.pk).values_list("pk", flat=True)
        }
        for child in children
    }
    assert about[one.pk] & still == set()
    assert about[other.pk] & still


def test_the_brothers_and_sisters_plans_visits_clocks_and_places_on_the_list_go_on(life, children):
    one, other = children
    before = waiting(other)
    assert {"visit", "first-review"} <= before
    dies(life, one)
    assert plan_of(other).is_open
    assert other in listed_children([life.authority.pk], on=DIED)
    assert before <= waiting(other)


@pytest.mark.parametrize("on", [BEGAN, date(2026, 12, 20)], ids=["on its first day", "before anyone knew"])
def test_a_plan_is_closed_on_its_first_day_where_the_child_died_by_then(life, children, on):
    one, _ = children
    record_death(person=one.person, died_on=on, source="Hospital", by=life.worker, now=at(DIED))
    assert (plan_of(one).ends_on, plan_of(one).end_reason) == (BEGAN, EndReason.DIED)


def test_an_error_is_corrected_in_the_open_and_everything_goes_on_without_a_gap(life, children):
    one, _ = children
    before = set(rows(one).values_list("kind", "fact_id", "due_on"))
    worker = plan_of(one).key_workers.get()
    death = dies(life, one)
    withdraw_loss(loss=death, because="Another child of that name", by=life.worker, now=at(DIED, "17:00"))
    plan = plan_of(one)
    assert (plan.ends_on, plan.end_reason, plan.ended_by) == (None, "", None)
    assert plan.key_workers.get(ends_on__isnull=True) == worker
    assert one in listed_children([life.authority.pk], on=DIED)
    assert set(rows(one).values_list("kind", "fact_id", "due_on")) >= before
    kept = Loss.objects.get()
    assert (kept.source, kept.withdrawn_because, kept.withdrawn_by) == (
        "Police",
        "Another child of that name",
        life.worker,
    )
    one.person.refresh_from_db()
    assert one.person.death_date is None


def test_a_death_is_recorded_once(life, children):
    one, _ = children
    first = dies(life, one)
    assert dies(life, one) == first
    with pytest.raises(ValidationError):
        dies(life, one, on=date(2027, 1, 10))


@pytest.mark.parametrize("wrong", [{"died_on": date(2027, 1, 12)}, {"died_on": date(1990, 1, 1)}, {"source": " "}])
def test_what_can_not_be_is_refused(life, children, wrong):
    one, _ = children
    given = {"person": one.person, "died_on": DIED, "source": "Police", "by": life.worker, "now": at(DIED)}
    with pytest.raises(ValidationError) as refused:
        record_death(**{**given, **wrong})
    assert list(refused.value.message_dict) == list(wrong)


def test_an_unborn_child_has_no_date_of_death(life, children):
    (baby,) = life.unborn(date(2027, 3, 10))
    with pytest.raises(ValidationError):
        dies(life, baby)


@once_per_module()
def twins(life):
    """Two unborn children of one pregnancy, each with a plan."""
    twins = life.unborn(date(2027, 3, 10), number=2)
    for child in twins:
        life.discussed(child, date(2026, 12, 8))
    life.closes(life.held(twins, BEGAN, kind=ConferenceKind.PRE_BIRTH))
    life.count()
    return twins


def loses(life, pregnancy, *children):
    return end_pregnancy(
        pregnancy=pregnancy,
        outcome=PregnancyOutcome.MISCARRIAGE,
        ended_on=DIED,
        children=children or None,
        source="Midwife",
        by=life.worker,
        now=at(DIED, "16:00"),
    )


def test_the_loss_of_one_of_several_unborn_children_closes_that_one_only(life, twins):
    lost, other = twins
    assert loses(life, lost.pregnancy, lost).outcome == PregnancyOutcome.EXPECTING
    assert (plan_of(lost).ends_on, plan_of(lost).end_reason) == (DIED, EndReason.PREGNANCY_ENDED)
    assert plan_of(other).is_open
    lost, other = (Child.objects.get(pk=child.pk) for child in (lost, other))
    assert [lost.is_unborn, other.is_unborn] == [False, True]
    assert child_line(lost, on=DIED) == "The pregnancy has ended"
    assert waiting(lost) & {"visit", "first-review"} == set()
    loses(life, lost.pregnancy, lost)
    assert Loss.objects.count() == 1


def test_the_loss_of_the_last_ends_the_pregnancy(life, twins):
    first, second = twins
    loses(life, first.pregnancy, first)
    assert loses(life, first.pregnancy, second).outcome == PregnancyOutcome.MISCARRIAGE
    assert not Plan.objects.filter(child__in=twins, ends_on__isnull=True).exists()


def test_a_pregnancy_recorded_as_ended_in_error_goes_on(life, twins):
    first, second = twins
    loses(life, first.pregnancy)
    for loss in Loss.objects.all():
        withdraw_loss(loss=loss, because="Another patient", by=life.worker, now=at(DIED, "17:00"))
    assert all(plan_of(child).is_open for child in twins)
    assert all(Child.objects.get(pk=child.pk).is_unborn for child in twins)
    assert {"visit", "first-review"} <= waiting(first) & waiting(second)
