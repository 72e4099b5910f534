"""One meeting serves several children: for which of them it counts as held, who stood in, whose clock runs on."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Capacity, ConferenceKind
from core_groups.enums import LedBy
from core_groups.models import CoreGroup, HeldForChild
from core_groups.selectors.since_last import since_last
from core_groups.services.attendance import WhoCame, change_who_came
from core_groups.services.core_groups import form_core_group
from core_groups.services.held import Led
from core_groups.services.meetings import record_meeting
from deadlines.models import Deadline
from deadlines.services import reconcile
from plans.models import KeyWorker
from plans.services.plans import follow_decision
from reports.content.core_groups import content_of_core_group
from tests.case_events import CaseEvents
from tests.factories import (
    ConferenceChildFactory,
    DecisionFactory,
    ParticipantFactory,
    family_participant,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC)
FIRST, SECOND, THIRD = (datetime.datetime(2027, *day, 14, tzinfo=datetime.UTC) for day in ((1, 1), (1, 19), (2, 9)))
MADE = datetime.date(2026, 12, 22)


@pytest.fixture(autouse=True)
def _in_march_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def group():
    """Robin and Wren each have a key worker of their own; mother and nurse are in it for both, the teacher for Robin."""
    robin = ConferenceChildFactory()
    conference = robin.conference
    wren = ConferenceChildFactory(conference=conference)
    mother = family_participant(conference, Capacity.PARENT)
    nurse, teacher = (ParticipantFactory(conference=conference) for _ in range(2))
    for row, name in ((robin, "Robin"), (wren, "Wren")):
        row.child.person.given_name = name
        row.child.person.save()
        decision = DecisionFactory(conference_child=row)
        decision.core_group.set([mother, nurse] if row == wren else [mother, nurse, teacher])
        follow_decision(decision, NOW)
        form_core_group(decision, NOW)
    group = CoreGroup.objects.get()
    group.robin, group.wren = group.plans.order_by("pk")
    group.mother, group.nurse, group.teacher = (
        group.members.get(person=one.person) for one in (mother, nurse, teacher)
    )
    group.worker, group.colleague, group.stand_in = (
        user_with_role(Role.SOCIAL_WORKER, team=group.family.team) for _ in range(3)
    )
    for plan, user in ((group.robin, group.worker), (group.wren, group.colleague)):
        KeyWorker.objects.filter(plan=plan).update(user=user)
    return group


def hold(group, at, *present, **changes):
    facts = {
        "core_group": group, "meeting": None, "held_at": at, "present": present, "next_at": None, "next_place": "",
        "by": group.worker, "now": NOW,
    }  # fmt: skip
    return record_meeting(**{**facts, **changes})


def for_both(group, *present, at=FIRST):
    return hold(group, at, *(present or [group.mother]))


def for_robin_alone(group, at=FIRST):
    """Wren's key worker did not come, and no one stood in."""
    led = {group.robin.pk: Led(LedBy.KEY_WORKER), group.wren.pk: Led(LedBy.NO_ONE)}
    return hold(group, at, group.mother, of_plans=led)


def counted(meeting):
    return {row.plan.child.person.given_name: row.counts for row in meeting.held_for.all()}


def clocks(group, kind, child=None):
    reconcile(family_ids=[group.family_id], now=NOW)
    rows = Deadline.objects.filter(family_id=group.family_id, kind=kind, not_needed="").order_by("starts_on", "due_on")
    return [(row.due_on, row.met_at and row.met_at.date()) for row in rows.filter(child_id=child and child.pk)]


def test_it_counts_for_the_child_whose_key_worker_was_there(group):
    meeting = for_robin_alone(group)
    assert (counted(meeting), meeting.counts) == ({"Robin": True, "Wren": False}, True)


def test_only_the_childs_own_members_are_counted(group):
    assert counted(hold(group, FIRST, group.teacher)) == {"Robin": True, "Wren": False}


def test_a_member_who_left_for_one_child_since_counts_for_that_child_then(group):
    group.teacher.ends_on = THIRD.date()
    group.teacher.save()
    group.teacher.pk = None
    group.teacher.ends_on = None
    group.teacher.save()
    group.teacher.plans.set([group.wren])
    assert counted(hold(group, FIRST, group.teacher)) == {"Robin": True, "Wren": True}


def test_the_key_worker_of_one_child_may_be_another_childs_member(group):
    group.nurse.person.user = group.worker
    group.nurse.person.save()
    assert counted(hold(group, FIRST, group.nurse)) == {"Robin": False, "Wren": True}


def test_it_is_said_who_stood_in_and_they_are_not_one_of_the_others(group):
    meeting = hold(group, FIRST, group.nurse, led_by=LedBy.STAND_IN, stood_in=group.nurse)
    assert counted(meeting) == {"Robin": False, "Wren": False}
    assert {row.stood_in for row in meeting.held_for.all()} == {group.nurse.person.full_name}
    meeting = hold(group, SECOND, group.mother, led_by=LedBy.STAND_IN, stood_in=group.stand_in)
    assert counted(meeting) == {"Robin": True, "Wren": True}
    assert {row.stood_in for row in meeting.held_for.all()} == {group.stand_in.name}


@pytest.mark.parametrize(
    "who", ["no one", "the key worker", "a member who was not there", "one of the family", "a chair"]
)
def test_whoever_stood_in_can_have_done_so(group, who):
    stood_in = {
        "no one": None, "the key worker": group.worker, "a member who was not there": group.nurse,
        "one of the family": group.mother, "a chair": user_with_role(Role.CHAIR, authority=group.authority),
    }[who]  # fmt: skip
    led = {group.robin.pk: Led(LedBy.STAND_IN, stood_in), group.wren.pk: Led(LedBy.KEY_WORKER)}
    with pytest.raises(ValidationError) as refused:
        hold(group, FIRST, group.mother, of_plans=led)
    assert list(refused.value.message_dict) == [f"stood_in_{group.worker.pk}"]


def test_the_database_keeps_one_stand_in_and_none_where_the_key_worker_was_there(group):
    row = for_both(group).held_for.first()
    for change in (
        {"stood_in_worker": group.stand_in},
        {"led_by": LedBy.STAND_IN, "stood_in_worker": group.stand_in, "stood_in_member": group.nurse},
    ):
        with pytest.raises(IntegrityError, match="core_group_one_stand_in"), transaction.atomic():
            HeldForChild.objects.filter(pk=row.pk).update(**change)


# Whose clock runs on


def test_the_first_core_group_of_the_child_left_out_stays_due(group):
    for_robin_alone(group)
    assert clocks(group, "first-core-group") == [(datetime.date(2027, 1, 1), FIRST.date())]
    assert clocks(group, "first-core-group", group.wren.child) == [(datetime.date(2027, 1, 1), None)]
    for_both(group, at=SECOND)
    assert clocks(group, "first-core-group", group.wren.child) == [(datetime.date(2027, 1, 1), SECOND.date())]


def test_the_next_core_group_of_the_child_left_out_counts_from_their_own_last(group):
    for_both(group)
    for_robin_alone(group, at=SECOND)
    # 1 January + 6 weeks = 12 February; 19 January + 6 weeks = 2 March.
    left_out = (datetime.date(2027, 2, 12), None)
    assert clocks(group, "next-core-group") == [(left_out[0], SECOND.date()), (datetime.date(2027, 3, 2), None)]
    assert clocks(group, "next-core-group", group.wren.child) == [left_out]


def test_left_out_twice_the_child_has_one_clock_until_a_meeting_counts(group):
    for_both(group)
    for_robin_alone(group, at=SECOND)
    for_robin_alone(group, at=THIRD)
    assert clocks(group, "next-core-group", group.wren.child) == [(datetime.date(2027, 2, 12), None)]


def test_the_clock_of_the_child_left_out_ends_with_their_plan_and_not_with_anothers(group):
    for_both(group)
    for_robin_alone(group, at=SECOND)
    type(group.robin).objects.filter(pk=group.robin.pk).update(ends_on=THIRD.date(), end_reason="moved")
    # Nothing counts from the second meeting any more: it was Robin's alone.
    assert clocks(group, "next-core-group") == [(datetime.date(2027, 2, 12), SECOND.date())]
    assert clocks(group, "next-core-group", group.wren.child) == [(datetime.date(2027, 2, 12), None)]
    type(group.wren).objects.filter(pk=group.wren.pk).update(ends_on=THIRD.date(), end_reason="moved")
    assert clocks(group, "next-core-group", group.wren.child) == []


def test_a_correction_of_who_came_counts_anew(group):
    meeting = for_robin_alone(group)
    who = WhoCame(FIRST, LedBy.STAND_IN, [group.mother], stood_in=group.stand_in)
    change_who_came(meeting=meeting, who=who, version=1, by=group.worker, now=NOW)
    assert counted(meeting) == {"Robin": True, "Wren": True}
    assert clocks(group, "first-core-group", group.wren.child) == []


# What pages and minutes say


def test_the_form_asks_about_each_key_worker_and_the_page_says_for_whom_it_counts(client, group):
    client.force_login(group.worker)
    address = reverse("core_groups:record-meeting", args=[group.pk])
    asked = client.get(address).content.decode()
    assert f"Was Robin’s key worker, {group.worker.name}, there?" in asked
    mine, theirs = f"led_by_{group.worker.pk}", f"led_by_{group.colleague.pk}"
    typed = {
        "held_on": "2027-01-01", "held_time": "14:00", "present": [group.mother.pk], mine: "stand_in", theirs: "no_one",
    }  # fmt: skip
    refused = client.post(address, typed)
    assert dict(refused.context["form"].errors) == {f"stood_in_{group.worker.pk}": ["Choose who stood in."]}
    typed[f"stood_in_{group.worker.pk}"] = f"worker-{group.stand_in.pk}"
    page = client.post(address, typed, follow=True)
    assert "For Wren the time limit runs on." in page.content.decode()
    assert [(row.children, row.said, row.counts) for row in page.context["held_for"]] == [
        ("Robin", f"{group.stand_in.name} stood in for the key worker", True),
        ("Wren", "neither the key worker nor a stand-in was there", False),
    ]
    form = client.get(reverse("core_groups:change-attendance", args=[group.pk, page.context["meeting"].pk])).context[
        "form"
    ]
    assert (form.initial[mine], form.initial[theirs]) == ("stand_in", "no_one")
    assert form.initial[f"stood_in_{group.worker.pk}"] == f"worker-{group.stand_in.pk}"
    group_page = client.get(reverse("core_groups:core-group", args=[group.pk])).content.decode()
    assert "Doesn’t count as held for Wren" in group_page


def test_the_minutes_freeze_for_whom_it_counts_and_who_stood_in(group):
    led = {group.robin.pk: Led(LedBy.STAND_IN, group.stand_in), group.wren.pk: Led(LedBy.NO_ONE)}
    meeting = hold(group, FIRST, group.mother, of_plans=led)
    assert content_of_core_group(meeting, now=NOW)["held_for"] == {
        str(group.robin.child_id): {"counts": True, "stood_in": group.stand_in.name},
        str(group.wren.child_id): {"counts": False, "stood_in": ""},
    }


def test_the_day_of_the_review_says_of_each_child_what_was_missed():
    """The other child's meeting is no meeting of this child: what was due stands as missed."""
    life = CaseEvents()
    first, second = life.child(), life.child()
    life.held([first, second], MADE)
    group = CoreGroup.objects.get()
    mother = group.members.create(person=life.child().person)
    plans = {plan.child_id: plan.pk for plan in group.plans.all()}
    led = {plans[first.pk]: Led(LedBy.KEY_WORKER), plans[second.pk]: Led(LedBy.NO_ONE)}
    group.worker = life.worker
    hold(group, FIRST, mother, of_plans=led)
    review = life.booked([first, second], datetime.date(2027, 3, 15), kind=ConferenceKind.REVIEW)
    with time_machine.travel(datetime.datetime(2027, 3, 15, 9, tzinfo=datetime.UTC)):
        life.count()
        review.refresh_from_db()
        found = {row.child.child_id: [one.due_on for one in row.missed] for row in since_last(review)}
    assert found == {first.pk: [datetime.date(2027, 2, 12)], second.pk: [datetime.date(2027, 1, 1)]}
