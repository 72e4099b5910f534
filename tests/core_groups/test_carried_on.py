"""One core group from review to review, and groups that reviews once formed anew becoming one."""

from __future__ import annotations

import importlib
from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Capacity, ConferenceKind
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.core_groups import open_groups
from core_groups.services.meetings import plan_first_meeting
from deadlines.models import Deadline
from plans.models import Plan
from tests.case_events import CaseEvents, at
from tests.factories import ParticipantFactory, PostFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HELD, REVIEWED, AGAIN = date(2026, 12, 22), date(2027, 3, 15), date(2027, 9, 6)
joining = importlib.import_module("core_groups.migrations.0003_join_groups_formed_anew")


@once_per_module()
def life():
    """Two children with plans since 22 December 2026."""
    life = CaseEvents()
    life.robin, life.wren = life.child(), life.child()
    life.first = life.held([life.robin, life.wren], HELD)
    return life


def review(life, children=None, *, chosen=(), on=REVIEWED, also=()):
    """Hold a review that continues the children's plans and chooses these members, from a list with ``also``."""
    children = children or [life.robin, life.wren]
    conference = life.booked(children, on, kind=ConferenceKind.REVIEW)
    rows = [
        ParticipantFactory(
            conference=conference, person=member.person, post=member.post, capacity=Capacity.PROFESSIONAL
        )
        for member in (*chosen, *also)
    ]
    for child in children:
        life.decides(conference, child, core_group=rows[: len(chosen)])
    return life.closes(conference)


def member(group, *plans):
    post = PostFactory(agency__authority=group.authority)
    made = CoreGroupMember.objects.create(core_group=group, person=post.person, post=post, starts_on=HELD)
    made.plans.set(plans or group.plans.all())
    return made


def test_a_review_carries_on_the_one_group(life):
    group = CoreGroup.objects.get()
    review(life)
    assert list(open_groups()) == [group] == list(CoreGroup.objects.all())


def test_a_review_lets_members_in_and_lets_go_of_those_on_its_list_whom_it_does_not_choose(life):
    group = CoreGroup.objects.get()
    stays, goes, unasked = member(group), member(group), member(group)
    review(life, chosen=[stays], also=[goes])
    for one in (stays, goes, unasked):
        one.refresh_from_db()
    assert [(one.ends_on, one.left_because.replace("\xa0", " ")) for one in (stays, goes, unasked)] == [
        (None, ""), (REVIEWED, "Not chosen at the review of 15 March 2027"), (None, ""),
    ]  # fmt: skip


def test_whoever_is_let_go_for_one_child_stays_for_the_other(life):
    group = CoreGroup.objects.get()
    one = member(group)
    review(life, [life.robin], also=[one])
    now, over = CoreGroupMember.objects.filter(person=one.person).order_by("pk")
    wren = Plan.objects.get(child=life.wren)
    assert (now.ends_on, list(now.plans.all())) == (None, [wren])
    assert (over.starts_on, over.ends_on, [plan.child for plan in over.plans.all()]) == (HELD, REVIEWED, [life.robin])


def test_a_newborns_plan_joins_the_siblings_group(life):
    newborn = life.child(person__birth_date=date(2027, 2, 20))
    conference = life.booked([newborn], REVIEWED)
    life.joins(conference, life.robin, ConferenceKind.REVIEW)
    life.decides(conference, newborn, life.robin)
    group = CoreGroup.objects.get()
    assert {plan.child for plan in group.plans.all()} == {life.robin, life.wren, newborn}


def test_the_group_goes_on_while_one_plan_is_open(life):
    life.reviewed([life.robin], REVIEWED, outcome="plan_ends")
    assert open_groups().count() == 1
    life.reviewed([life.wren], AGAIN, outcome="plan_ends")
    assert open_groups().count() == 0


def test_a_new_plan_after_all_have_ended_has_a_new_group(life):
    life.reviewed([life.robin, life.wren], REVIEWED, outcome="plan_ends")
    life.held([life.robin], AGAIN)
    assert CoreGroup.objects.count() == 2
    assert [plan.starts_on for plan in open_groups().get().plans.all()] == [AGAIN]


def test_closing_a_review_plans_the_meeting_agreed_there_and_moves_the_one_agreed_before(life):
    group = CoreGroup.objects.get()
    CoreGroupMeeting.objects.create(core_group=group, number=1, planned_at=at(date(2027, 3, 30)), place="Library")
    conference = review(life)
    conference.first_core_group_at, conference.first_core_group_place = at(date(2027, 3, 22)), "Mulberry House"
    for _ in range(2):
        plan_first_meeting(conference, conference.closed_at)
    meeting = group.meetings.get()
    assert (meeting.planned_at, meeting.place) == (at(date(2027, 3, 22)), "Mulberry House")


def test_the_address_of_a_review_leads_to_the_group_that_goes_on(client, life):
    conference = review(life)
    client.force_login(user_with_role(Role.SERVICE_MANAGER, authority=life.authority))
    answer = client.get(reverse("core_groups:of-conference", args=[conference.pk]))
    assert answer["Location"] == reverse("core_groups:core-group", args=[CoreGroup.objects.get().pk])


# Groups formed anew by each review, as they were made before


def formed_anew(life, conference, plans, members=()):
    group = CoreGroup.objects.create(
        authority=life.authority, family=life.family, conference=conference, formed_on=conference.sittings.first().day
    )
    group.plans.set(plans)
    for one in members:
        made = CoreGroupMember.objects.create(
            core_group=group, person=one.person, post=one.post, starts_on=group.formed_on
        )
        made.plans.set(plans)
    return group


def held(group, on, number, *present):
    meeting = CoreGroupMeeting.objects.create(
        core_group=group, number=number, state=MeetingState.HELD, planned_at=at(on), held_at=at(on)
    )
    meeting.present.set(present)
    return meeting


def old_rows(life):
    """The first group with two meetings, one formed anew by a review that also made a newborn's plan, and a third."""
    first = CoreGroup.objects.get()
    stays, goes = member(first), member(first)
    held(first, date(2026, 12, 30), 1, stays, goes)
    held(first, date(2027, 2, 8), 2, stays)
    newborn = life.child(person__birth_date=date(2027, 2, 20))
    conference = life.booked([newborn], REVIEWED)
    life.joins(conference, life.robin, ConferenceKind.REVIEW)
    life.decides(conference, newborn, life.robin)
    ParticipantFactory(conference=conference, person=goes.person, post=goes.post)
    new = Plan.objects.get(child=newborn)
    first.plans.remove(new)
    robins, wrens = first.plans.get(child=life.robin), first.plans.get(child=life.wren)
    second = formed_anew(life, conference, [robins, new], [stays])
    held(second, date(2027, 3, 24), 1, second.members.get())
    third = formed_anew(life, life.booked([life.robin], AGAIN, kind=ConferenceKind.REVIEW), [robins])
    CoreGroupMeeting.objects.create(core_group=third, number=1, planned_at=at(date(2027, 9, 20)), place="Library")
    return first, second, third, stays, goes, new, wrens


def join():
    joining.join_groups_formed_anew(apps, None)


def test_groups_formed_anew_become_the_first_one(life):
    first, second, third, *_, new, _ = old_rows(life)
    join()
    assert list(CoreGroup.objects.order_by("pk").values_list("goes_on_in", flat=True)) == [None, first.pk, first.pk]
    assert (second.plans.count(), third.plans.count()) == (2, 1)
    assert new in first.plans.all()
    assert [(row.number, row.planned_at) for row in first.meetings.order_by("number")] == [
        (1, at(date(2026, 12, 30))), (2, at(date(2027, 2, 8))), (3, at(date(2027, 3, 24))), (4, at(date(2027, 9, 20))),
    ]  # fmt: skip


def test_members_go_on_in_one_row_and_whom_the_review_did_not_choose_is_let_go(life):
    first, second, _, stays, goes, _new, wrens = old_rows(life)
    join()
    assert set(CoreGroupMember.objects.get(pk=stays.pk).plans.all()) == set(first.plans.all())
    assert list(first.meetings.get(number=3).present.all()) == [stays]
    assert second.members.get().left_because == joining.GOES_ON
    assert list(CoreGroupMember.objects.get(pk=goes.pk).plans.all()) == [wrens]


def test_the_ledger_stays_as_it_was(life):
    _, second, *_, new, _ = old_rows(life)
    life.count()
    of_the_newborn = Deadline.objects.get(kind="first-core-group", fact_id=second.pk)
    join()
    life.count()
    assert life.dates("first-core-group") == [
        (date(2027, 1, 1), date(2026, 12, 30)), (date(2027, 3, 25), date(2027, 3, 24)),
    ]  # fmt: skip
    kept = Deadline.objects.get(pk=of_the_newborn.pk)
    assert (kept.fact_id, kept.conference_id) == (-new.pk, second.conference_id)
    assert life.dates("next-core-group") == [
        (date(2027, 2, 10), date(2027, 2, 8)), (date(2027, 3, 22), date(2027, 3, 24)), (date(2027, 5, 5), None),
    ]  # fmt: skip


def test_joining_again_changes_nothing(life):
    old_rows(life)
    join()
    before = list(CoreGroupMember.objects.order_by("pk").values())
    join()
    assert list(CoreGroupMember.objects.order_by("pk").values()) == before
