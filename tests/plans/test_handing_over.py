"""Key workers: who carried the plan, why it was handed over, and who was told."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from core_groups.models import CoreGroup, CoreGroupMember
from notifications.models import Notice
from plans.models import KeyWorker
from plans.services.key_workers import hand_over_plan
from tests.factories import (
    ChildFactory,
    ConferenceFactory,
    FamilyFactory,
    PlanFactory,
    PostFactory,
    policy_version_of,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def case():
    family = FamilyFactory()
    child = ChildFactory(authority=family.authority, family=family)
    family.plan = PlanFactory(child=child, policy_version_id=policy_version_of(family.authority))
    family.worker, family.other = (user_with_role(Role.SOCIAL_WORKER, team=family.team) for _ in range(2))
    family.manager = user_with_role(Role.TEAM_MANAGER, team=family.team)
    KeyWorker.objects.create(plan=family.plan, user=family.worker, starts_on=family.plan.starts_on)
    post = PostFactory(agency__authority=family.authority)
    post.person.user = family.teacher = user_with_role(Role.PROFESSIONAL, authority=family.authority)
    post.person.save()
    group = CoreGroup.objects.create(
        authority=family.authority, family=family, conference=ConferenceFactory(family=family), formed_on=TODAY
    )
    group.plans.add(family.plan)
    member = CoreGroupMember.objects.create(core_group=group, person=post.person, post=post, starts_on=TODAY)
    member.plans.add(family.plan)
    return family


def hand_over(case, **fields):
    return hand_over_plan(
        **{
            "plan": case.plan, "to": case.other, "on": TODAY, "because": "Leave", "is_interim": False,
            "by": case.manager, "now": NOW,
        } | fields
    )  # fmt: skip


def test_the_history_says_from_when_until_when_and_why(case):
    made = hand_over(case)
    assert hand_over(case) == made
    rows = case.plan.key_workers.values_list("user", "starts_on", "ends_on", "because", "recorded_by")
    assert list(rows) == [
        (case.worker.pk, case.plan.starts_on, TODAY, "", None),
        (case.other.pk, TODAY, None, "Leave", case.manager.pk),
    ]


def test_both_workers_and_the_members_are_told(case):
    hand_over(case)
    assert set(Notice.objects.values_list("user", flat=True)) == {case.worker.pk, case.other.pk, case.teacher.pk}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"because": " "}, "because"),
        ({"on": TODAY + datetime.timedelta(days=1)}, "on"),
        ({"on": datetime.date(2026, 12, 21)}, "on"),
        ({"is_interim": True}, "is_interim"),
    ],
)
def test_a_hand_over_is_refused_without(case, fields, field):
    with pytest.raises(ValidationError) as refusal:
        hand_over(case, **fields)
    assert list(refusal.value.message_dict) == [field]


def test_a_manager_stands_in_for_the_interim(case):
    assert hand_over(case, to=case.manager, is_interim=True).is_interim is True


def test_only_a_manager_hands_over_and_the_page_asks_whether_the_family_knows(client, case):
    address = reverse("plans:hand-over", args=[case.plan.pk])
    client.force_login(case.worker)
    assert client.get(address).status_code == 404
    client.force_login(case.manager)
    typed = {"to": case.other.pk, "because": "Leave", "on_day": "20", "on_month": "1", "on_year": "2027"}
    assert client.post(address, typed).status_code == 302
    plan = reverse("plans:plan", args=[case.plan.pk])
    assert "Family to be told" in client.get(plan).content.decode()
    told = {"told_on_day": "20", "told_on_month": "1", "told_on_year": "2027", "how": "Rang the mother"}
    client.post(reverse("plans:family-told", args=[case.plan.pk]), told)
    assert "Rang the mother" in client.get(plan).content.decode()
