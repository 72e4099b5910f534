"""What a professional sees of their core group: their own part, until they leave or the plan ends."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar

from accounts.enums import Role
from conferences.enums import PartKind, Presence
from conferences.models import Attendance, Part
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from deadlines.services.feeds import create_feed
from families.models import Post
from meetings.models import OutlineAction
from notifications.models import Notice
from plans.enums import Occasion, PlanEntryKind, WhyChanged
from plans.models import Plan, PlanAction
from plans.services.document import EntryWords, add_to_plans
from plans.services.versions import Why
from tests.factories import (
    ChildFactory,
    ConferenceFactory,
    ConflictOfInterestFactory,
    ParticipantFactory,
    PlanActionFactory,
    PlanFactory,
    PostFactory,
    SittingFactory,
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
    """A core group for two children with two plans, and a teacher with an account who is in it for the first."""
    conference = ConferenceFactory()
    authority, family = conference.authority, conference.family
    group = CoreGroup.objects.create(
        authority=authority, family=family, conference=conference, formed_on=datetime.date(2026, 12, 22)
    )
    for name in ("Robin", "Wren"):
        child = ChildFactory(authority=authority, family=family)
        child.person.given_name = name
        child.person.save()
        group.plans.add(PlanFactory(child=child))
    post = PostFactory(agency__authority=authority)
    post.person.user = user_with_role(Role.PROFESSIONAL, authority=authority)
    post.person.save()
    group.teacher = post.person.user
    group.member = CoreGroupMember.objects.create(
        core_group=group, person=post.person, post=post, starts_on=datetime.date(2027, 1, 10)
    )
    group.first, group.second = group.plans.order_by("pk")
    group.member.plans.add(group.first)
    return group


def page(client, group):
    client.force_login(group.teacher)
    return client.get(reverse("core_groups:core-group", args=[group.pk]))


def test_the_member_sees_their_own_plan_and_not_the_siblings(client, group):
    PlanActionFactory(plan=group.first, what="See Robin on Mondays", who_post=group.member.post)
    PlanActionFactory(plan=group.first, what="Ring the GP")
    PlanActionFactory(plan=group.second, what="Fetch Wren from nursery")
    shown = page(client, group)
    part = shown.context["part"]
    assert [item.plan for item in part.plans] == [group.first]
    assert [row.what for row in part.plans[0].own] == ["See Robin on Mondays"]
    text = shown.content.decode()
    assert "Ring the GP" in text
    assert "Fetch Wren" not in text
    assert "Wren" not in text


def agreed_in(group, kind, what, **fields):
    """Draft an action of the teacher's plan in a part of the conference; return the part."""
    sitting = group.conference.sittings.first() or SittingFactory(conference=group.conference)
    part, _ = Part.objects.get_or_create(sitting=sitting, number=2, defaults={"kind": kind})
    drafted = OutlineAction.objects.create(
        conference=group.conference,
        why="It helps",
        what=what,
        by_when_words="soon",
        who_else="The police",
        part=part,
        created_by=group.teacher,
        created_at=NOW,
    )
    PlanActionFactory(plan=group.first, what=what, outline=drafted, **fields)
    return part


def test_actions_from_a_confidential_part_are_for_its_attendees_and_owners(client, group):
    part = agreed_in(group, PartKind.CONFIDENTIAL, "Fetch the packed bag")
    agreed_in(group, PartKind.CONFIDENTIAL, "Ring at night", who_post=group.member.post)
    text = page(client, group).content.decode()
    assert ("Fetch the packed bag" in text, "Ring at night" in text) == (False, True)
    seat = ParticipantFactory(conference=group.conference, post=group.member.post)
    Attendance.objects.create(participant=seat, part=part, presence=Presence.PRESENT, recorded_by=group.teacher)
    assert "Fetch the packed bag" in page(client, group).content.decode()


def test_a_private_action_is_shown_only_to_members_who_heard_it_agreed(client, group):
    agreed_in(group, PartKind.HALF, "Go to the group for mothers")
    agreed_in(group, PartKind.HALF, "Ring the GP")
    private = PlanAction.objects.get(what="Go to the group for mothers")
    private.private_to.add(PostFactory().person)
    text = page(client, group).content.decode()
    assert ("Go to the group for mothers" in text, "Ring the GP" in text) == (False, True)


def test_the_member_reads_the_whole_plan_but_nothing_private(client, group):
    why = Why(occasion=Occasion.BETWEEN, because=WhyChanged.CIRCUMSTANCES, reason="So", by=group.teacher, now=NOW)
    mother = PostFactory().person
    for text, private in (("To sleep", []), ("To be away from the mother's drinking", [mother])):
        need = EntryWords(kind=PlanEntryKind.NEED, text=text, private_to=private)
        add_to_plans(plans=[group.first], words=need, why=why)
    add_to_plans(plans=[group.second], words=EntryWords(kind=PlanEntryKind.NEED, text="To be fetched"), why=why)
    text = page(client, group).content.decode()
    assert [words in text for words in ("To sleep", "drinking", "To be fetched")] == [True, False, False]
    assert "Only what changed last" not in text
    later = dataclasses.replace(why, because=WhyChanged.BETTER_WAY, reason="Her mother asked")
    for said, private in (("To see friends", []), ("To be told of the mother's illness", [mother])):
        need = EntryWords(kind=PlanEntryKind.NEED, text=said, private_to=private)
        add_to_plans(plans=[group.first], words=need, why=later)
    shown = page(client, group)
    newest = shown.context["part"].plans[0].newest
    assert [[pieces for _, pieces in row.parts] for row in newest.changes] == [[[("added", "To see friends")]]]
    text = shown.content.decode()
    assert ("Only what changed last" in text, "A better way was found" in text) == (True, True)
    assert ("illness" in text, "Her mother asked" in text) == (False, False)


def test_the_member_is_told_of_a_new_version_that_someone_else_made(group):
    for by, told in ((group.teacher, 0), (user_with_role(Role.SOCIAL_WORKER, authority=group.authority), 1)):
        why = Why(occasion=Occasion.BETWEEN, because=WhyChanged.CIRCUMSTANCES, reason="So", by=by, now=NOW)
        for text in ("To sleep", "To eat"):
            add_to_plans(plans=[group.first], words=EntryWords(kind=PlanEntryKind.NEED, text=text), why=why)
        assert Notice.objects.filter(user=group.teacher).count() == told


def test_meetings_before_they_joined_are_not_shown(client, group):
    for number, day, note in ((1, 5, "Before"), (2, 15, "Since")):
        at = datetime.datetime(2027, 1, day, 10, tzinfo=datetime.UTC)
        CoreGroupMeeting.objects.create(
            core_group=group, number=number, planned_at=at, held_at=at, state=MeetingState.HELD, note=note,
            recorded_by=group.teacher,
        )  # fmt: skip
    text = page(client, group).content.decode()
    assert "Since" in text
    assert "Before" not in text


def leave(group):
    CoreGroupMember.objects.filter(pk=group.member.pk).update(ends_on=TODAY)


def end_plans(_group):
    Plan.objects.update(ends_on=TODAY, end_reason="review")


def end_post(group):
    Post.objects.filter(pk=group.member.post_id).update(ends_on=TODAY)


def declare(group):
    ConflictOfInterestFactory(user=group.teacher, family=group.family)


def disable(group):
    group.teacher.is_active = False
    group.teacher.save()


def end_own_plan(group):
    """The other child's plan goes on."""
    Plan.objects.filter(pk=group.first.pk).update(ends_on=TODAY, end_reason="review")


@pytest.mark.parametrize("close", [leave, end_plans, end_own_plan, end_post, declare, disable])
def test_access_ends_at_once(client, group, close):
    assert page(client, group).status_code == 200
    close(group)
    assert client.get(reverse("core_groups:core-group", args=[group.pk])).status_code in {302, 404}


def test_nothing_else_of_the_case_opens(client, group):
    client.force_login(group.teacher)
    for name, args in (
        ("families:family", [group.family_id]), ("plans:plan", [group.first.pk]),
        ("conferences:overview", [group.conference_id]),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code == 404


@pytest.mark.parametrize("name", ["core_groups:see-history", "core_groups:see-as-it-was"])
def test_the_groups_history_is_closed_to_members(client, group, name):
    address = reverse(name, args=[group.pk])
    client.force_login(group.teacher)
    assert client.get(address, {"on_day": "12", "on_month": "1", "on_year": "2027"}).status_code == 404
    client.force_login(user_with_role(Role.SERVICE_MANAGER, authority=group.authority))
    assert client.get(address).status_code == 200


def in_calendar(client, user):
    _, secret = create_feed(user=user, now=NOW)
    text = client.get(reverse("deadlines:read-calendar-feed", args=[secret])).content.decode()
    return [event for event in Calendar.from_ical(text).walk("VEVENT") if "core-group" in str(event["uid"])]


def planned(group, at, **facts):
    number = group.meetings.count() + 1
    return CoreGroupMeeting.objects.create(core_group=group, number=number, planned_at=at, place="Refuge", **facts)


def test_the_members_own_calendar_has_the_meetings_since_they_joined(client, group):
    planned(group, NOW - datetime.timedelta(days=15), state=MeetingState.HELD, held_at=NOW)
    planned(group, NOW + datetime.timedelta(days=3), state=MeetingState.CANCELLED, change_reason="Snow")
    meeting = planned(group, NOW + datetime.timedelta(days=5))
    (event,) = in_calendar(client, group.teacher)
    assert str(event["summary"]) == f"{group.family.case_number}: Core group"
    assert (event["dtstart"].dt, "location" in event) == (meeting.planned_at, False)


def test_a_planned_meeting_leaves_a_workers_calendar_once_every_plan_has_ended(client, group):
    worker = user_with_role(Role.SOCIAL_WORKER, team=group.family.team)
    group.member.person.user = worker
    group.member.person.save()
    planned(group, NOW + datetime.timedelta(days=5))
    assert len(in_calendar(client, worker)) == 1
    Plan.objects.filter(core_groups=group).update(ends_on=TODAY, end_reason="died")
    assert in_calendar(client, worker) == []
    client.force_login(worker)
    said = client.get(reverse("core_groups:core-group", args=[group.pk])).content.decode()
    assert "Cancel the meeting" in said


@pytest.mark.parametrize("ends", ["membership", "post", "group", "plan"])
def test_they_go_from_the_calendar_with_whatever_ends_the_membership(client, group, ends):
    planned(group, NOW + datetime.timedelta(days=5))
    ended = {"ends_on": TODAY}
    if ends == "membership":
        CoreGroupMember.objects.filter(pk=group.member.pk).update(**ended)
    elif ends == "post":
        Post.objects.filter(pk=group.member.post_id).update(**ended)
    elif ends == "group":
        CoreGroup.objects.filter(pk=group.pk).update(ended_on=TODAY)
    else:
        Plan.objects.filter(core_groups=group).update(**ended, end_reason="safe")
    assert in_calendar(client, group.teacher) == []


def test_a_member_of_the_council_needs_the_right_to_the_family(client, group):
    planned(group, NOW + datetime.timedelta(days=5))
    worker = user_with_role(Role.SOCIAL_WORKER, team=group.family.team)
    post = PostFactory(agency__authority=group.authority)
    post.person.user = worker
    post.person.save()
    CoreGroupMember.objects.create(core_group=group, person=post.person, post=post, starts_on=TODAY)
    assert len(in_calendar(client, worker)) == 1
    group.family.restricted = True
    group.family.save()
    assert in_calendar(client, worker) == []
