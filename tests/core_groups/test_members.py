"""Members join and leave for each child, with date and reason; leaving closes what they could open at once."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from core_groups.models import CoreGroup, CoreGroupMember
from core_groups.services.members import join_core_group, leave_core_group
from deadlines.models import Deadline
from families.enums import RiskGround
from families.models import AgencyInvolvement
from families.services import record_contact_risk
from tests.factories import (
    ChildFactory,
    ConferenceFactory,
    ConflictOfInterestFactory,
    FamilyMemberFactory,
    PersonFactory,
    PlanFactory,
    PostFactory,
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
def group():
    """A core group for two children, a mother in it, a father and a school nurse who are not yet."""
    conference = ConferenceFactory()
    authority, family = conference.authority, conference.family
    group = CoreGroup.objects.create(
        authority=authority, family=family, conference=conference, formed_on=datetime.date(2026, 12, 22)
    )
    for _ in range(2):
        group.plans.add(PlanFactory(child=ChildFactory(authority=authority, family=family)))
    group.first, group.second = group.plans.order_by("pk")
    group.father, mother = (PersonFactory(authority=authority) for _ in range(2))
    for person in (group.father, mother):
        FamilyMemberFactory(family=family, person=person)
    group.mother = CoreGroupMember.objects.create(core_group=group, person=mother, starts_on=group.formed_on)
    group.mother.plans.set([group.first, group.second])
    group.nurse = PostFactory(agency__authority=authority)
    AgencyInvolvement.objects.create(child=group.first.child, agency=group.nurse.agency, post=group.nurse)
    group.worker = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    return group


def join(group, person=None, **changes):
    facts = {
        "core_group": group, "person": person or group.father, "post": None, "plans": [group.first],
        "starts_on": TODAY, "because": "He sees Robin each week", "now": NOW,
    }  # fmt: skip
    return join_core_group(**{**facts, **changes})


def test_someone_joins_for_one_child_and_later_for_the_other(group):
    member = join(group)
    assert join(group, plans=[group.second]) == member == join(group)
    assert list(member.plans.order_by("pk")) == [group.first, group.second]
    assert (member.starts_on, member.joined_because) == (TODAY, "He sees Robin each week")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"plans": []}, "plans"),
        ({"because": " "}, "because"),
        ({"starts_on": TODAY + datetime.timedelta(days=1)}, "starts_on"),
        ({"starts_on": datetime.date(2026, 12, 1)}, "starts_on"),
    ],
)
def test_what_is_missing_or_wrong_is_refused(group, changes, field):
    with pytest.raises(ValidationError) as caught:
        join(group, **changes)
    assert list(caught.value.message_dict) == [field]


def test_nobody_joins_a_case_they_may_never_open(group):
    user = user_with_role(Role.PROFESSIONAL, authority=group.authority)
    group.nurse.person.user = user
    group.nurse.person.save()
    ConflictOfInterestFactory(user=user, family=group.family)
    with pytest.raises(ValidationError) as caught:
        join(group, group.nurse.person, post=group.nurse)
    assert list(caught.value.message_dict) == ["who"]


def test_who_must_not_meet_a_member_is_asked_about_as_they_join(group):
    record_contact_risk(
        person=group.father, protects=[group.mother.person], ground=RiskGround.BAIL, detail="Bail", by=group.worker,
        now=NOW,
    )  # fmt: skip
    member = join(group)
    assert Deadline.objects.get(kind="keep-apart").fact_id == member.pk


def test_leaving_closes_what_they_could_open_the_same_minute(client, group):
    user = user_with_role(Role.PROFESSIONAL, authority=group.authority)
    group.nurse.person.user = user
    group.nurse.person.save()
    member = join(group, group.nurse.person, post=group.nurse, plans=[group.first, group.second])
    url = reverse("core_groups:core-group", args=[group.pk])
    client.force_login(user)
    assert client.get(url).status_code == 200
    leave_core_group(member=member, plans=[group.first], on=TODAY, because="Robin changed school", now=NOW)
    text = client.get(url).content.decode()
    names = [plan.child.person.full_name for plan in (group.first, group.second)]
    assert [name in text for name in names] == [False, True]
    leave_core_group(member=member, plans=[group.second], on=TODAY, because="And Wren", now=NOW)
    assert client.get(url).status_code == 404
    rows = CoreGroupMember.objects.filter(person=group.nurse.person).order_by("pk")
    assert [(row.ends_on, row.left_because, row.plans.get()) for row in rows] == [
        (TODAY, "And Wren", group.second), (TODAY, "Robin changed school", group.first),
    ]  # fmt: skip


def test_who_leaves_for_one_child_only_reads_no_more_of_that_child_s_plan(group):
    leave_core_group(member=group.mother, plans=[group.first], on=TODAY, because="So decided", now=NOW)
    group.mother.refresh_from_db()
    assert (group.mother.ends_on, list(group.mother.plans.all())) == (None, [group.second])


def test_they_join_and_leave_from_the_pages(client, group):
    client.force_login(group.worker)
    add = reverse("core_groups:add-member", args=[group.pk])
    offered = client.get(add).context["form"]
    assert set(offered.candidates) == {f"person-{group.father.pk}", f"post-{group.nurse.pk}"} | {
        f"person-{plan.child.person_id}" for plan in (group.first, group.second)
    }
    typed = {
        "who": f"post-{group.nurse.pk}", "plans": [group.first.pk], "because": "She weighs Robin",
        "starts_on_day": "20", "starts_on_month": "1", "starts_on_year": "2027",
    }  # fmt: skip
    assert client.post(add, {**typed, "because": ""}).status_code == 200
    assert client.post(add, typed).status_code == 302
    member = CoreGroupMember.objects.get(post=group.nurse)
    leave = reverse("core_groups:remove-member", args=[group.pk, member.pk])
    typed = {
        "plans": [group.first.pk], "because": "New nurse", "on_day": "20", "on_month": "1", "on_year": "2027"
    }  # fmt: skip
    assert client.post(leave, typed).status_code == 302
    member.refresh_from_db()
    assert (member.ends_on, member.left_because) == (TODAY, "New nurse")
    assert "New nurse" in client.get(reverse("core_groups:core-group", args=[group.pk])).content.decode()


def test_the_page_of_a_group_takes_as_many_queries_for_many_members(client, group):
    client.force_login(group.worker)
    url = reverse("core_groups:core-group", args=[group.pk])
    client.get(url)
    asked = []
    for number in (1, 5):
        for _ in range(number):
            post = PostFactory(agency__authority=group.authority)
            join(group, post.person, post=post)
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        asked.append(len(found))
    assert asked[0] == asked[1]
