"""The demonstration shows a plan that lasts long, a second plan, a child abroad, and a young mother beside her baby."""

from __future__ import annotations

import datetime
import random

import pytest
import time_machine

from core_groups.models import CoreGroupMeeting
from core_groups.selectors.held import held_for
from deadlines.models import Deadline
from deadlines.working_days.calendars import calendar_for
from demo import meeting
from demo.cast import CAST, Stage
from demo.council import build_council
from demo.story import HAD_ONE_BEFORE, YOUNG_MOTHER, tell
from families.models import Loss
from plans.models import MidPointCheck, Plan
from plans.selectors.apart import stands_apart
from plans.selectors.drift import marks_of
from plans.selectors.listed_children import listed_children
from plans.selectors.plans import plan_page
from transfers.models import TravelAbroad

TODAY = datetime.date(2027, 3, 10)


def marks(name):
    plan = plan_page(Plan.objects.get(child__person__given_name=name, ends_on__isnull=True), on=TODAY)
    return marks_of([plan], on=TODAY)[plan.pk]


@pytest.mark.django_db
def test_it_shows_plans_over_time():
    now = meeting.at(TODAY, 11)
    with time_machine.travel(now, tick=False):
        council = build_council(now=now)
        calendar = calendar_for(council.authority.pk)
        for name in ("Orchardson", HAD_ONE_BEFORE, YOUNG_MOTHER):
            cast = next(row for row in CAST if row.name == name)
            tell(council, cast, calendar=calendar, today=TODAY, now=now, dice=random.Random(name))
    assert marks("Gentian").over_months == 15
    assert (marks("Bay").number, marks("Bay").soon_within) == (2, 24)
    assert marks("Peony").number == 1
    assert MidPointCheck.objects.get().waits_for_manager
    late = Deadline.objects.open().filter(
        child_id=Plan.objects.get(child__person__given_name="Gentian").child_id, late_from__lte=now
    )
    assert [row.kind for row in late] == []
    assert TravelAbroad.objects.get().plan.child.person.given_name == "Peony"
    baby = Plan.objects.get(child__pregnancy__isnull=False)
    (apart,) = stands_apart([baby.child_id], council.user("Owen Dipper"), on=TODAY)
    assert apart.words.endswith("Melissa, has a plan of her own: it stands apart.")
    # One worker carries the family's plans: the page says that the baby's needs another.
    assert apart.same == ["Both have the same key worker, Owen Dipper."]


@pytest.mark.django_db
def test_it_shows_a_plan_that_a_review_lowered_and_a_death_with_a_sister_whose_plan_goes_on():
    now = meeting.at(TODAY, 11)
    with time_machine.travel(now, tick=False):
        council = build_council(now=now)
        calendar = calendar_for(council.authority.pk)
        for stage in (Stage.LOWERED, Stage.DIED):
            cast = next(row for row in CAST if row.stage == stage)
            tell(council, cast, calendar=calendar, today=TODAY, now=now, dice=random.Random(cast.name))
    plans = Plan.objects.values_list("child__person__given_name", "kind", "end_reason")
    assert set(plans) == {
        ("Betony", "cp", "stepped_down"), ("Betony", "cin", ""), ("Larkspur", "cp", ""),
        ("Sundew", "cp", "died"), ("Celandine", "cp", ""),
    }  # fmt: skip
    # One core group counts for the brother alone, and another worker stood in for the key worker of both.
    between = CoreGroupMeeting.objects.get(held_for__isnull=False, held_for__counts=False)
    assert {(row.plan.child.person.given_name, row.stood_in, row.counts) for row in held_for(between)} == {
        ("Betony", "Owen Dipper", False), ("Larkspur", "Owen Dipper", True),
    }  # fmt: skip
    numbers = CoreGroupMeeting.objects.filter(core_group=between.core_group).order_by("held_at")
    assert [row.number for row in numbers] == list(range(1, len(numbers) + 1))
    lowered = Plan.objects.get(kind="cin")
    assert lowered.entries.standing().filter(kind="wishes").exists()
    assert lowered.actions.standing().exists()
    assert set(lowered.cin_members.values_list("state", flat=True)) == {"proposed", "in"}
    late = Deadline.objects.open().filter(late_from__lte=now, kind__in=("visit", "next-core-group", "next-review"))
    assert list(late.values_list("kind", "starts_on", "due_on")) == []
    listed = listed_children([council.authority.pk], on=TODAY)
    assert {child.person.given_name for child in listed} == {"Larkspur", "Celandine"}
    assert Loss.objects.get().person.given_name == "Sundew"
