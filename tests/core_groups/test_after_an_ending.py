"""A plan ends before the next meeting of its core group: who is told, who is asked to cancel it, what goes on."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.models import GuestLink
from core_groups.enums import MeetingState
from core_groups.guest_access import open_to_members
from core_groups.models import CoreGroupMember
from core_groups.selectors.recipients import PLAN_ENDED, recipients_of
from core_groups.services.invitations import send_invitations
from core_groups.services.planning import cancel_meeting, plan_meeting
from core_groups.to_decide import TO_CANCEL
from deadlines.to_decide import described, to_decide
from families.models import Loss
from families.services import let_messages_go, record_death, withdraw_loss
from notifications.enums import MessageState
from notifications.models import Message, Notice
from notifications.services.outbox import send_due
from plans.models import KeyWorker, Plan
from tests.core_groups.test_invitations import HOUR, NOW, group, told  # noqa: F401 the fixture
from tests.factories import AllocationFactory, ChildFactory, FamilyMemberFactory, PlanFactory, PostFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

ENDS = NOW + HOUR


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def met(group):  # noqa: F811
    """Everyone was invited; the parents belong to the family, and the social worker carries the plan."""
    for member in (group.mother, group.father):
        FamilyMemberFactory(family=group.family, person=member.person)
    group.robin = group.plans.get()
    KeyWorker.objects.create(plan=group.robin, user=group.worker, starts_on=group.formed_on)
    AllocationFactory(family=group.family, user=group.worker)
    send_invitations(meeting=group.meeting, now=NOW)
    send_due(limit=50, now=NOW)
    return group


def dies(met, plan=None):
    child = (plan or met.robin).child
    return record_death(person=child.person, died_on=NOW.date(), source="Police", by=met.worker, now=ENDS)


def brother(met):
    """Wren, with a plan of his own in this group: the mother and a nurse are in it for him."""
    wren = PlanFactory(child=ChildFactory(authority=met.authority, family=met.family))
    met.plans.add(wren)
    met.mother.plans.add(wren)
    post = PostFactory(agency__authority=met.authority, email="nurse@health.example")
    nurse = CoreGroupMember.objects.create(core_group=met, person=post.person, post=post, starts_on=met.formed_on)
    nurse.plans.add(wren)
    send_invitations(meeting=met.meeting, now=NOW)
    send_due(limit=50, now=NOW)
    return wren, nurse


def waiting_for(user):
    return [(line.title, line.url) for line in described(to_decide(user))]


def methods(member):
    return [method for method, _, _ in told(member)]


def test_after_a_death_other_agencies_are_told_at_once_and_the_family_waits_for_a_manager(met):
    dies(met)
    assert {row.why_not for row in recipients_of(met.meeting, on=NOW.date())} == {PLAN_ENDED}
    send_due(limit=50, now=ENDS)
    assert methods(met.teacher) == ["REQUEST", "CANCEL"]
    said = Message.objects.get(person_id=met.teacher.person_id, calendar_file__contains="METHOD:CANCEL")
    assert said.state == MessageState.SENT
    assert said.body == (
        f"Hello,\n\nYou do not need to come to the meeting with the reference {met.family.case_number}. Please take it out "
        f"of your diary.\n\nRing us on {met.authority.day_phone} if you have any questions.\n\n{met.authority.name}"
    )
    held = Message.objects.filter(calendar_file__contains="METHOD:CANCEL").exclude(pk=said.pk)
    assert {(row.person_id, row.state) for row in held} == {
        (one.person_id, MessageState.HELD) for one in (met.mother, met.father)
    }
    assert not GuestLink.objects.filter(purpose="core_group", revoked_at__isnull=True).exists()


def test_workers_and_managers_are_asked_to_cancel_a_meeting_that_no_plan_is_left_for(met):
    page = f"/core-groups/{met.pk}/meetings/{met.meeting.pk}/cancel/"
    line = (TO_CANCEL.title, page)
    assert line not in waiting_for(met.manager)
    dies(met)
    assert line in waiting_for(met.manager)
    assert line in waiting_for(met.worker)
    asked = Notice.objects.filter(key__startswith=f"core-group-plans:{met.meeting.pk}:")
    assert {row.user for row in asked} == {met.worker, met.manager}
    assert {(row.text, row.urgent) for row in asked} == {
        (f"{met.family.case_number}: no plan is left in this core group. Cancel the meeting that is planned.", True)
    }
    before = Message.objects.count()
    cancel_meeting(meeting=met.meeting, reason="It is not needed any more", by=met.manager, now=ENDS)
    assert line not in waiting_for(met.manager)
    assert Message.objects.count() == before


def test_the_meeting_goes_on_for_a_brother_and_whoever_came_for_the_dead_child_alone_is_told(met):
    wren, nurse = brother(met)
    dies(met)
    met.meeting.refresh_from_db()
    assert met.meeting.state == MeetingState.PLANNED
    assert [methods(one) for one in (met.mother, met.father, met.teacher, nurse)] == [
        ["REQUEST"], ["REQUEST", "CANCEL"], ["REQUEST", "CANCEL"], ["REQUEST"],
    ]  # fmt: skip
    assert [title for title, _ in waiting_for(met.manager) if title == TO_CANCEL.title] == []
    assert "goes on for the other children" in Notice.objects.filter(key__startswith="core-group-plans").first().text
    assert Plan.objects.get(pk=wren.pk).is_open


def test_the_pages_of_whoever_is_in_it_for_a_brother_go_on_the_familys_once_a_manager_has_looked(met):
    _, nurse = brother(met)
    death = dies(met)
    assert set(open_to_members(ENDS)) == {nurse}
    let_messages_go(loss=death, because="The funeral was held", by=met.manager, now=ENDS)
    assert set(open_to_members(ENDS)) == {nurse, met.mother}


def test_what_had_not_left_is_withdrawn(met):
    Message.objects.update(state=MessageState.WAITING, sent_at=None)
    dies(met)
    send_due(limit=50, now=ENDS)
    states = set(Message.objects.filter(key__startswith="core-group:").values_list("state", flat=True))
    assert states == {MessageState.WITHDRAWN}
    assert methods(met.teacher) == []


def test_a_death_entered_in_error_brings_everyone_back(met):
    dies(met)
    send_due(limit=50, now=ENDS)
    withdraw_loss(loss=Loss.objects.get(), because="Another child", by=met.manager, now=ENDS + HOUR)
    send_due(limit=50, now=ENDS + HOUR)
    # The family never heard of it; the teacher is invited anew.
    assert [methods(one) for one in (met.mother, met.teacher)] == [["REQUEST"], ["REQUEST", "CANCEL", "REQUEST"]]
    assert "You are invited" in Message.objects.filter(person_id=met.teacher.person_id).last().body
    assert {row.why_not for row in recipients_of(met.meeting, on=NOW.date())} == {""}
    assert [title for title, _ in waiting_for(met.manager) if title == TO_CANCEL.title] == []


def test_no_other_meeting_is_planned_and_the_page_asks_to_cancel(met, client):
    dies(met)
    with pytest.raises(ValidationError, match="nothing to meet for"):
        plan_meeting(core_group=met, meeting=None, planned_at=ENDS + HOUR, place="", by=met.worker, now=ENDS)
    client.force_login(met.manager)
    page = client.get(f"/core-groups/{met.pk}/").content.decode()
    assert "Cancel the meeting" in page
    assert "Record the meeting" not in page
    said = client.get(f"/core-groups/{met.pk}/meetings/{met.meeting.pk}/cancel/").content.decode()
    assert "waits until a manager has looked at it" in " ".join(said.split())
