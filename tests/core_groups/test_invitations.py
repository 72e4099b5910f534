"""Invitations to core group meetings: each with an own time and place, and what holds them back."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from accounts.models import GuestLink
from conferences.enums import ConferenceKind
from core_groups.enums import HowToMeet
from core_groups.models import CoreGroup, CoreGroupMember
from core_groups.selectors.apart import times_for
from core_groups.selectors.recipients import GIVES_AWAY as NOT_THERE
from core_groups.selectors.recipients import NO_MAILBOX, NO_SITTING, SHARED, UNDECIDED, recipients_of
from core_groups.services.apart import decide_apart
from core_groups.services.invitations import send_invitations
from core_groups.services.meetings import record_meeting
from core_groups.services.members import leave_core_group
from core_groups.services.planning import GIVES_AWAY, OwnSitting, cancel_meeting, plan_meeting, why_place_gives_away
from core_groups.services.posts import MEMBER_IN_POST
from families.enums import ContactKind, RelationshipKind, RiskGround
from families.models import AgencyInvolvement, ContactPoint, Relationship
from families.post_work import PostChange
from families.services import record_contact_risk
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services.calendar_files import method_of, place_in, times_in, uid_in
from notifications.services.outbox import send_due
from tests.factories import (
    AgencyFactory,
    ChildFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    PersonFactory,
    PlanFactory,
    PostFactory,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
MEETS, HE_MEETS, LATER = NOW + DAY + HOUR, NOW + 2 * DAY, NOW + 5 * DAY


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def group():
    """Mother and father with safe mailboxes of their own, a teacher, and a planned meeting."""
    conference = ConferenceFactory()
    authority, family = conference.authority, conference.family
    group = CoreGroup.objects.create(
        authority=authority, family=family, conference=conference, formed_on=datetime.date(2026, 12, 22)
    )
    group.plans.add(PlanFactory(child=ChildFactory(authority=authority, family=family)))
    teacher = PostFactory(agency__authority=authority, email="teacher@school.example")
    for name, person, post in (
        ("mother", PersonFactory(authority=authority), None),
        ("father", PersonFactory(authority=authority), None),
        ("teacher", teacher.person, teacher),
    ):
        row = CoreGroupMember.objects.create(core_group=group, person=person, post=post, starts_on=group.formed_on)
        row.plans.set(group.plans.all())
        setattr(group, name, row)
        if post is None:
            ContactPoint.objects.create(
                person=person, kind=ContactKind.EMAIL, value=f"{name}@home.example", is_safe=True
            )
    group.worker = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    group.manager = user_with_role(Role.TEAM_MANAGER, team=family.team)
    group.meeting = plan_meeting(
        core_group=group, meeting=None, planned_at=MEETS, place="Mulberry House", by=group.worker, now=NOW
    )
    return group


def risk(group):
    record_contact_risk(
        person=group.father.person, ground=RiskGround.BAIL, detail="Not near her", by=group.worker, now=NOW,
        protects=[group.mother.person],
    )  # fmt: skip


def invite(group):
    return send_invitations(meeting=group.meeting, now=NOW)


def told(member):
    """Return method, time and place of each file written to a member that was not withdrawn."""
    rows = Message.objects.filter(person_id=member.person_id).exclude(state=MessageState.WITHDRAWN).order_by("pk")
    return [(method_of(row.calendar_file), times_in(row.calendar_file)[0], place_in(row.calendar_file)) for row in rows]


def why_not(group, member):
    return next(row.why_not for row in recipients_of(group.meeting, on=NOW.date()) if row.member.pk == member.pk)


def test_each_member_gets_a_message_of_their_own_that_names_no_one(group):
    assert (invite(group), invite(group)) == (3, 0)
    assert told(group.teacher) == [("REQUEST", MEETS, "Mulberry House")]
    for row in Message.objects.all():
        others = {one for one in (group.mother, group.father, group.teacher) if one.person_id != row.person_id}
        text = f"{row.subject} {row.body} {row.calendar_file}"
        assert [name for one in others for name in (one.person.full_name, one.person.family_name) if name in text] == []


def test_without_a_safe_mailbox_of_their_own_nothing_goes(group):
    ContactPoint.objects.filter(person=group.mother.person_id).update(is_safe=False)
    ContactPoint.objects.filter(person=group.father.person_id).update(value="Teacher@school.example")
    assert [why_not(group, one) for one in (group.mother, group.father, group.teacher)] == [NO_MAILBOX, SHARED, SHARED]
    assert invite(group) == 0


def test_until_it_is_decided_how_they_meet_the_person_gets_nothing(group):
    risk(group)
    assert why_not(group, group.father) == UNDECIDED
    assert (invite(group), told(group.father)) == (2, [])


def test_whoever_is_apart_gets_their_own_time_and_place_only(group):
    risk(group)
    decide_apart(member=group.father, how=HowToMeet.CALL, reason="Bail", by=group.manager, now=NOW)
    assert why_not(group, group.father) == NO_SITTING
    invite(group)
    plan_meeting(
        core_group=group, meeting=group.meeting, planned_at=MEETS, place="Mulberry House", by=group.worker, now=NOW,
        apart={group.father.person_id: OwnSitting(HE_MEETS, "Telephone")},
    )  # fmt: skip
    assert told(group.father) == [("REQUEST", HE_MEETS, "Telephone")]
    assert told(group.mother) == [("REQUEST", MEETS, "Mulberry House")]
    (his,) = Message.objects.filter(person_id=group.father.person_id)
    assert "Mulberry" not in f"{his.body}{his.calendar_file}"


def test_whoever_may_meet_them_after_all_gets_the_time_of_the_others(group):
    decide_apart(member=group.father, how=HowToMeet.CALL, reason="He asked", by=group.manager, now=NOW)
    plan_meeting(
        core_group=group, meeting=group.meeting, planned_at=MEETS, place="Mulberry House", by=group.worker, now=NOW,
        apart={group.father.person_id: OwnSitting(HE_MEETS, "Telephone")},
    )  # fmt: skip
    decide_apart(member=group.father, how=HowToMeet.TOGETHER, reason="They agree", by=group.manager, now=NOW)
    invite(group)
    assert told(group.father) == told(group.mother) == [("REQUEST", MEETS, "Mulberry House")]
    group.meeting.refresh_from_db()
    mine = times_for([group.father.person_id], [group.meeting], on=NOW.date())
    assert mine == {group.meeting.pk: (MEETS, "Mulberry House")}


def test_a_risk_recorded_meanwhile_withholds_what_has_not_left(group):
    invite(group)
    risk(group)
    send_due(now=NOW, limit=10)
    assert {row.person_id: row.state for row in Message.objects.all()} == {
        group.mother.person_id: MessageState.SENT,
        group.teacher.person_id: MessageState.SENT,
        group.father.person_id: MessageState.WITHDRAWN,
    }


def test_a_decision_to_keep_someone_apart_takes_the_others_time_from_their_calendar(group):
    invite(group)
    send_due(now=NOW, limit=10)
    decide_apart(member=group.father, how=HowToMeet.OWN_SITTING, reason="She asked", by=group.manager, now=NOW)
    assert [row[0] for row in told(group.father)] == ["REQUEST", "CANCEL"]
    assert [row[0] for row in told(group.mother)] == ["REQUEST"]


def test_moving_and_cancelling_go_to_those_who_were_told(group):
    invite(group)
    send_due(now=NOW, limit=10)
    plan_meeting(
        core_group=group, meeting=group.meeting, planned_at=LATER, place="Library", reason="Snow", by=group.worker,
        now=NOW,
    )  # fmt: skip
    send_due(now=NOW, limit=10)
    cancel_meeting(meeting=group.meeting, reason="More snow", by=group.worker, now=NOW)
    assert told(group.mother) == [
        ("REQUEST", MEETS, "Mulberry House"), ("REQUEST", LATER, "Library"), ("CANCEL", LATER, ""),
    ]  # fmt: skip
    files = Message.objects.filter(person_id=group.mother.person_id).values_list("calendar_file", flat=True)
    assert len({uid_in(file) for file in files}) == 1


def test_nothing_goes_about_a_move_before_the_invitations(group):
    plan_meeting(
        core_group=group, meeting=group.meeting, planned_at=LATER, place="Library", reason="Snow", by=group.worker,
        now=NOW,
    )  # fmt: skip
    assert not Message.objects.exists()


def test_whoever_leaves_loses_the_entry(group):
    invite(group)
    send_due(now=NOW, limit=10)
    leave_core_group(member=group.teacher, plans=list(group.plans.all()), on=NOW.date(), because="New post", now=NOW)
    assert [row[0] for row in told(group.teacher)] == ["REQUEST", "CANCEL"]


def test_the_page_says_who_is_told_how_and_sends(client, group):
    risk(group)
    client.force_login(group.worker)
    url = reverse("core_groups:invite", args=[group.pk, group.meeting.pk])
    assert UNDECIDED in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert Message.objects.count() == 2


def test_a_professional_finds_their_core_groups_on_the_first_page(client, group):
    user = user_with_role(Role.PROFESSIONAL, authority=group.authority)
    client.force_login(user)
    first = reverse("deadlines:my-work")
    assert "My core groups" not in client.get(first).content.decode()
    group.teacher.person.user = user
    group.teacher.person.save()
    text = client.get(first).content.decode().replace("\xa0", " ")
    link = reverse("core_groups:core-group", args=[group.pk])
    assert ("My core groups" in text, link in text, "Mulberry House" in text) == (True, True, True)
    leave_core_group(member=group.teacher, plans=list(group.plans.all()), on=NOW.date(), because="New post", now=NOW)
    assert "My core groups" not in client.get(first).content.decode()


def test_a_member_whose_post_ends_is_taken_out_of_the_calendar_and_their_page_closes(group):
    invite(group)
    change = PostChange(group.teacher.post, by=group.worker, now=NOW, because="Moved school", on=NOW.date())
    MEMBER_IN_POST.leave(group.teacher.pk, change)
    assert told(group.teacher) == []
    assert not GuestLink.objects.filter(subject_id=group.teacher.pk, revoked_at__isnull=True).exists()


# Where nobody may meet


@pytest.fixture
def hidden(group):
    """A brother without a plan is at a refuge that the father, in the group for the other child, must not find."""
    brother = ChildFactory(authority=group.authority, family=group.family)
    refuge = AgencyFactory(authority=group.authority, name="Quince House", address="7 Quince Orchard")
    AgencyInvolvement.objects.create(child=brother, agency=refuge, confidential=True)
    child = group.plans.get().child
    Relationship.objects.create(person=group.father.person, child=child, kind=RelationshipKind.FATHER)
    ConferenceChildFactory(conference=group.conference, child=child, kind=ConferenceKind.REVIEW, enquiry=None)
    return group


def test_no_meeting_is_planned_or_agreed_where_it_would_tell_someone_of_a_hidden_place(hidden):
    facts = {
        "core_group": hidden, "meeting": hidden.meeting, "planned_at": LATER, "by": hidden.worker, "now": NOW,
        "reason": "Snow",
    }  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        plan_meeting(**facts, place="7 Quince Orchard")
    assert caught.value.message_dict == {"place": [GIVES_AWAY]}
    with pytest.raises(ValidationError) as caught:
        record_meeting(
            core_group=hidden, meeting=hidden.meeting, held_at=NOW - HOUR, present=[hidden.mother, hidden.teacher],
            next_at=LATER, next_place="Quince House", by=hidden.worker, now=NOW,
        )  # fmt: skip
    assert caught.value.message_dict == {"next_place": [GIVES_AWAY]}
    assert why_place_gives_away(hidden.conference, "quince house, room 2", NOW.date()) == GIVES_AWAY
    assert why_place_gives_away(hidden.conference, "Mulberry House", NOW.date()) == ""


def test_a_place_hidden_since_the_invitation_is_told_no_more(hidden):
    hidden.meeting.place = "Quince House"
    hidden.meeting.save()
    assert why_not(hidden, hidden.father) == NOT_THERE
    invite(hidden)
    assert told(hidden.father) == []
