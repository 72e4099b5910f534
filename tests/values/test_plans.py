"""What a council's procedures change after a conference: core groups, visits and births."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from allegations.selectors.referrals import due_on
from conferences.enums import ConferenceKind
from core_groups.enums import LedBy, MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.services.held import Led, counted
from core_groups.services.planning import conferences_about
from families.enums import Answer
from meetings.selectors.next_dates import is_straight_after_conference
from notifications.models import Notice
from plans.enums import WhyNotSeen
from plans.models import Plan
from plans.services.visits import Occasion, Seen, record_visit
from tests.allegations.story import referred
from tests.case_events import CaseEvents, at
from tests.factories import AuthorityFactory, PersonFactory, procedures_with, user_with_role

pytestmark = pytest.mark.django_db
BEGAN = date(2026, 12, 22)
EXPECTED = date(2027, 3, 10)


def life_under(**values):
    authority = AuthorityFactory()
    written = {key.replace("_", "-"): value for key, value in values.items()}
    procedures_with(authority, since=date(2020, 1, 1), values=written)
    return CaseEvents(authority)


def group_of(life):
    child = life.child()
    life.discussed(child, date(2026, 12, 8))
    life.held([child], BEGAN)
    return CoreGroup.objects.get(plans__child=child)


@pytest.mark.value("core-group-others-needed")
@pytest.mark.parametrize(("needed", "counts"), [(1, True), (2, False)])
def test_a_core_group_counts_with_as_many_as_the_council_needs(needed, counts):
    life = life_under(core_group_others_needed=needed)
    group = group_of(life)
    one = CoreGroupMember.objects.create(core_group=group, person=PersonFactory(authority=life.authority))
    plans = list(group.plans.all())
    led = {plan.pk: Led(LedBy.KEY_WORKER) for plan in plans}
    assert counted(group, plans, led, {one.person_id}, on=BEGAN) == {plan.pk: counts for plan in plans}


@pytest.mark.value("core-group-straight-after-conference")
@pytest.mark.parametrize(("words", "refused"), [("allowed", False), ("never", True)])
def test_a_core_group_on_the_day_of_the_conference(words, refused):
    group = group_of(life_under(core_group_straight_after_conference=words))
    found = is_straight_after_conference(at(BEGAN, "15:00"), conferences_about(group), authority_id=group.authority_id)
    assert found is refused


def said_visit(life, child, day, seen):
    plan = Plan.objects.get(child=child)
    occasion = Occasion(made_at=at(day, "15:00"), made_by=life.worker)
    return record_visit(plan=plan, occasion=occasion, seen=seen, by=life.worker, now=at(date(2027, 3, 1)))


def planned_child(life, **fields):
    child = life.child(**fields)
    life.discussed(child, date(2026, 12, 8))
    life.held([child], BEGAN)
    return child


@pytest.mark.value("visits-alone-from-age")
def test_below_the_councils_age_being_seen_alone_may_not_apply():
    seen = Seen(child_seen=True, seen_alone=Answer.DOES_NOT_APPLY, bedroom_seen=Answer.YES)
    born = {"person__birth_date": date(2024, 1, 1)}
    older = life_under(visits_alone_from_age=5)
    assert said_visit(older, planned_child(older, **born), date(2027, 1, 5), seen).pk
    younger = life_under(visits_alone_from_age=1)
    with pytest.raises(ValidationError) as refused:
        said_visit(younger, planned_child(younger, **born), date(2027, 1, 5), seen)
    assert any(name.startswith("seen_alone") for name in refused.value.message_dict)


@pytest.mark.value("failed-visits-told-at")
@pytest.mark.parametrize(("told_at", "told"), [(1, True), (3, False)])
def test_managers_are_told_of_visits_in_vain_at_the_councils_count(told_at, told):
    life = life_under(failed_visits_told_at=told_at)
    manager = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    seen = Seen(child_seen=False, not_seen_because=WhyNotSeen.NO_ANSWER, next_try_on=date(2027, 1, 6))
    said_visit(life, planned_child(life), date(2027, 1, 5), seen)
    assert Notice.objects.filter(user=manager, key__startswith="visit-failed").exists() is told


@pytest.mark.value("allegation-referred-within")
@pytest.mark.parametrize(("days", "due"), [(0, date(2027, 3, 5)), (1, date(2027, 3, 8))])
def test_the_designated_officer_has_an_allegation_within_the_councils_days(days, due):
    life = life_under(allegation_referred_within=days)
    life.kid = life.child()
    user_with_role(Role.DESIGNATED_OFFICER, authority=life.authority)
    found = referred(life)
    assert due_on(found) == {found.pk: due}


@pytest.mark.value("birth-review-by-core-group")
@pytest.mark.parametrize(("serves", "met"), [(False, None), (True, date(2027, 1, 12))])
def test_a_core_group_serves_as_the_review_after_a_birth(serves, met):
    life = life_under(birth_review_by_core_group=serves)
    (baby,) = life.unborn(EXPECTED)
    life.discussed(baby, date(2026, 12, 8))
    life.held([baby], BEGAN, kind=ConferenceKind.PRE_BIRTH)
    life.born(baby, date(2027, 1, 4))
    group = CoreGroup.objects.get(plans__child=baby)
    for number, day in enumerate((date(2026, 12, 30), date(2027, 1, 12)), start=11):
        CoreGroupMeeting.objects.create(
            core_group=group, number=number, state=MeetingState.HELD, counts=True, held_at=at(day), planned_at=at(day),
            led_by=LedBy.KEY_WORKER, recorded_by=life.worker,
        )  # fmt: skip
    life.count()
    assert life.dates("after-birth") == [(date(2027, 2, 1), met)]
    assert life.dates("first-review") == [(date(2027, 3, 22), None)]
