"""The demonstration's plans have needs, outcomes, progress, contingency and a changed version."""

from __future__ import annotations

import datetime

import pytest

from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from demo.families import DemoFamily
from demo.planning import find_better_way, go_on, write_detailed_plan
from plans.selectors.document import document_of
from plans.selectors.versions import versions_of
from tests.factories import (
    ChildFactory,
    ConferenceFactory,
    FamilyFactory,
    PersonFactory,
    PlanActionFactory,
    PlanFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 4, 16, tzinfo=datetime.UTC)
LATER = datetime.datetime(2027, 2, 1, 16, tzinfo=datetime.UTC)


def test_core_groups_make_the_outline_into_a_plan_and_change_it():
    family = FamilyFactory()
    children = [ChildFactory(authority=family.authority, family=family) for _ in range(2)]
    plans = [PlanFactory(child=child) for child in children]
    PlanActionFactory(plan=plans[0])
    group = CoreGroup.objects.create(
        authority=family.authority, family=family, conference=ConferenceFactory(family=family), formed_on=NOW.date()
    )
    group.plans.set(plans)
    mother, father = (PersonFactory(authority=family.authority) for _ in range(2))
    demo = DemoFamily(family=family, social_worker=UserFactory(), mother=mother, father=father)
    for number, (at, write) in enumerate(((NOW, write_detailed_plan), (LATER, go_on)), start=1):
        meeting = CoreGroupMeeting.objects.create(
            core_group=group, number=number, state=MeetingState.HELD, planned_at=at, held_at=at,
            recorded_by=demo.social_worker,
        )  # fmt: skip
        more = [demo] if number == 1 else []
        write(plans, *more, at=meeting, by=demo.social_worker, now=at)
    find_better_way(plans, by=demo.social_worker, now=LATER + datetime.timedelta(days=3))
    document = document_of(plans)
    assert [len(part) for part in (document.wishes, document.needs, document.visiting, document.contingency)] == [
        2,
        1,
        1,
        2,
    ]
    assert {row.progress for line in document.actions for row in line.rows} == {"done", "under_way"}
    assert [row.version.because for row in versions_of(plans[1])] == ["better_way", "circumstances"]
