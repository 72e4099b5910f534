"""Core groups before and after a review: which meeting is the first, and from which the next one counts."""

from __future__ import annotations

from datetime import date

import pytest

from conferences.enums import ConferenceKind
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from tests.case_events import CaseEvents, at
from tests.factories import PlanFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HELD = date(2026, 12, 22)
REVIEWED = date(2027, 3, 15)


@once_per_module()
def life():
    return CaseEvents()


@once_per_module()
def child(life):
    """A child with a plan since 22 December 2026: the first core group is due on 1 January."""
    child = life.child()
    life.held([child], HELD)
    return child


def meet(group, on):
    return CoreGroupMeeting.objects.create(
        core_group=group, number=group.meetings.count() + 1, state=MeetingState.HELD, planned_at=at(on), held_at=at(on)
    )


def test_siblings_of_one_conference_share_one_first_core_group(life):
    life.held([life.child(), life.child()], HELD)
    life.count()
    assert life.dates("first-core-group") == [(date(2027, 1, 1), None)]


def test_a_review_that_continues_the_plan_starts_no_second_first_core_group(life, child):
    meet(CoreGroup.objects.get(), date(2026, 12, 31))
    life.reviewed([child], REVIEWED)
    life.count()
    assert life.dates("first-core-group") == [(date(2027, 1, 1), date(2026, 12, 31))]
    assert life.dates("next-core-group") == [(date(2027, 2, 11), None)]


def test_the_core_group_after_the_review_is_next_after_the_one_before_it(life, child):
    meet(CoreGroup.objects.get(), date(2026, 12, 31))
    meet(CoreGroup.objects.get(), date(2027, 2, 9))
    life.reviewed([child], REVIEWED)
    meet(CoreGroup.objects.latest("pk"), date(2027, 3, 22))
    life.count()
    assert life.dates("first-core-group") == [(date(2027, 1, 1), date(2026, 12, 31))]
    assert life.dates("next-core-group") == [
        (date(2027, 2, 11), date(2027, 2, 9)),
        (date(2027, 3, 23), date(2027, 3, 22)),
        (date(2027, 5, 3), None),
    ]


def test_a_first_core_group_not_held_before_the_review_is_met_after_it(life, child):
    life.reviewed([child], REVIEWED)
    meet(CoreGroup.objects.latest("pk"), date(2027, 3, 22))
    life.count()
    assert life.dates("first-core-group") == [(date(2027, 1, 1), date(2027, 3, 22))]
    assert life.dates("next-core-group") == [(date(2027, 5, 3), None)]


def test_a_plan_made_at_a_siblings_review_has_a_first_core_group(life, child):
    meet(CoreGroup.objects.get(), date(2027, 3, 1))
    newborn = life.child(person__birth_date=date(2027, 2, 20))
    conference = life.booked([newborn], REVIEWED)
    life.joins(conference, child, ConferenceKind.REVIEW)
    life.decides(conference, newborn, child)
    life.closes(conference)
    life.count()
    assert life.dates("first-core-group") == [(date(2027, 1, 1), date(2027, 3, 1)), (date(2027, 3, 25), None)]
    meet(CoreGroup.objects.latest("pk"), date(2027, 3, 22))
    life.count()
    assert life.dates("first-core-group")[1] == (date(2027, 3, 25), date(2027, 3, 22))
    assert life.dates("next-core-group") == [(date(2027, 4, 12), date(2027, 3, 22)), (date(2027, 5, 3), None)]


def test_a_transferred_plan_has_its_first_core_group_here_after_a_review(life):
    child = life.child()
    PlanFactory(child=child, authority=life.authority, starts_on=date(2026, 9, 1))
    life.reviewed([child], REVIEWED)
    life.count()
    assert life.dates("first-core-group") == [(date(2027, 3, 25), None)]


def test_when_the_plan_ends_at_a_review_no_core_group_is_due(life, child):
    meet(CoreGroup.objects.get(), date(2026, 12, 31))
    life.reviewed([child], REVIEWED, outcome="plan_ends")
    life.count()
    assert life.dates("next-core-group") == []
