from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Capacity, Outcome
from core_groups.models import CoreGroup
from core_groups.selectors.core_groups import members_of, planned_meeting
from core_groups.services.core_groups import form_core_group
from core_groups.services.meetings import plan_first_meeting, record_meeting
from deadlines.models import Deadline
from deadlines.services import reconcile
from plans.models import KeyWorker
from plans.services.plans import follow_decision
from tests.factories import (
    AuthorityFactory,
    ConferenceChildFactory,
    DecisionFactory,
    ParticipantFactory,
    TeamFactory,
    family_participant,
    procedures_with,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
HELD_AT = datetime.datetime(2026, 12, 31, 14, tzinfo=datetime.UTC)
ON_THE_DAY = datetime.datetime(2026, 12, 22, 10, tzinfo=datetime.UTC)


@once_per_module()
def group():
    """The core group of a decision for one child: the mother and a teacher."""
    conference_child = ConferenceChildFactory()
    conference = conference_child.conference
    mother = family_participant(conference, Capacity.PARENT)
    teacher = ParticipantFactory(conference=conference)
    decision = DecisionFactory(conference_child=conference_child)
    decision.core_group.set([mother, teacher])
    follow_decision(decision, NOW)
    form_core_group(decision, NOW)
    return CoreGroup.objects.get()


def members(group):
    return list(members_of(group, on=NOW.date()))


def hold(group, **changes):
    facts = {
        "core_group": group,
        "meeting": planned_meeting(group),
        "held_at": HELD_AT,
        "present": members(group),
        "note": "The evenings are calmer.",
        "next_at": None,
        "next_place": "",
        "by": user_with_role(Role.SOCIAL_WORKER, team=group.family.team),
        "now": NOW,
    }
    return record_meeting(**{**facts, **changes})


def clocks(group):
    rows = Deadline.objects.filter(family_id=group.family_id, kind__endswith="core-group").order_by("starts_on")
    return [(row.kind, row.due_on, row.met_at is not None) for row in rows]


def test_a_child_protection_decision_forms_the_core_group_with_its_members(group):
    assert [member.person for member in members(group)] == [
        participant.person for participant in group.conference.participants.order_by("pk")
    ]
    assert group.formed_on == datetime.date(2026, 12, 22)
    assert [plan.child for plan in group.plans.all()] == [group.conference.children.get().child]


def test_siblings_share_one_core_group(group):
    sibling = ConferenceChildFactory(conference=group.conference)
    decision = DecisionFactory(conference_child=sibling)
    decision.core_group.set(group.conference.participants.all())
    follow_decision(decision, NOW)
    form_core_group(decision, NOW)
    assert CoreGroup.objects.get().plans.count() == 2
    assert len(members(group)) == 2


def test_other_outcomes_form_no_core_group():
    decision = DecisionFactory(outcome=Outcome.NOTHING, main_category="", categories=[])
    form_core_group(decision, NOW)
    assert not CoreGroup.objects.exists()


def test_closing_the_conference_plans_the_first_meeting_once(group):
    conference = group.conference
    conference.first_core_group_at = HELD_AT
    conference.first_core_group_place = "Mulberry House"
    plan_first_meeting(conference, NOW)
    plan_first_meeting(conference, NOW)
    meeting = planned_meeting(group)
    assert (meeting.number, meeting.planned_at, meeting.place) == (1, HELD_AT, "Mulberry House")
    assert group.meetings.count() == 1


def test_the_first_core_group_is_due_within_the_limit_and_met_by_holding_it(group):
    reconcile(family_ids=[group.family_id], now=NOW)
    assert clocks(group) == [("first-core-group", datetime.date(2027, 1, 1), False)]
    hold(group)
    assert clocks(group) == [
        ("first-core-group", datetime.date(2027, 1, 1), True),
        ("next-core-group", datetime.date(2027, 2, 11), False),
    ]


@pytest.mark.parametrize(
    ("led_by", "there", "counts"), [("key_worker", 1, True), ("stand_in", 2, True), ("no_one", 2, False)]
)
def test_it_counts_as_held_with_key_worker_or_stand_in_and_enough_others(group, led_by, there, counts):
    colleague = user_with_role(Role.SOCIAL_WORKER, team=group.family.team) if led_by == "stand_in" else None
    held = hold(group, present=members(group)[:there], led_by=led_by, stood_in=colleague)
    assert held.counts is counts
    assert next(met for *_, met in clocks(group)) is counts


def test_the_key_worker_is_not_one_of_the_others(group):
    worker = members(group)[1]
    worker.person.user = KeyWorker.objects.get(plan__core_groups=group).user
    worker.person.save()
    assert not hold(group, present=[worker]).counts


def test_whoever_was_key_worker_on_the_day_is_not_one_of_the_others_after_a_hand_over(group):
    worker = members(group)[1]
    worker.person.user = KeyWorker.objects.get(plan__core_groups=group).user
    worker.person.save()
    successor = user_with_role(Role.SOCIAL_WORKER, team=group.family.team)
    handed_over = datetime.date(2027, 1, 10)
    KeyWorker.objects.filter(plan__core_groups=group).update(ends_on=handed_over)
    KeyWorker.objects.create(plan=group.plans.get(), user=successor, starts_on=handed_over)
    assert not hold(group, present=[worker]).counts


@pytest.mark.parametrize(
    ("led_by", "there", "said"),
    [
        ("key_worker", [0], "The key worker is not ticked as there. Check both."),
        ("stand_in", [0, 1], "The key worker is ticked as there. Check both."),
        ("no_one", [0, 1], "The key worker is ticked as there. Check both."),
    ],
)
def test_what_is_said_of_the_key_worker_agrees_with_who_is_ticked(group, led_by, there, said):
    worker = members(group)[1]
    worker.person.user = KeyWorker.objects.get(plan__core_groups=group).user
    worker.person.save()
    everybody = members(group)
    with pytest.raises(ValidationError) as caught:
        hold(group, present=[everybody[row] for row in there], led_by=led_by)
    assert caught.value.message_dict == {"led_by": [said]}


def test_a_meeting_of_no_one_is_refused(group):
    with pytest.raises(ValidationError) as caught:
        hold(group, present=[])
    assert caught.value.message_dict == {"present": ["Choose who was there."]}


def test_a_meeting_in_the_future_is_refused(group):
    with pytest.raises(ValidationError) as caught:
        hold(group, held_at=NOW + datetime.timedelta(hours=1))
    assert caught.value.message_dict == {
        "held_on": ["This time is in the future. Record the meeting once it has been held."]
    }


@pytest.mark.parametrize(
    ("next_at", "said"),
    [
        (ON_THE_DAY, "The next meeting comes after this one. Check both times."),
        (ON_THE_DAY + datetime.timedelta(hours=5), "Here a core group doesn’t meet on the day of the"),
    ],
)
def test_the_next_meeting_comes_later_and_not_on_the_day_of_a_conference(group, next_at, said):
    procedures_with(
        group.authority, since=datetime.date(2020, 1, 2), values={"core-group-straight-after-conference": "never"}
    )
    with pytest.raises(ValidationError) as refused:
        hold(group, held_at=ON_THE_DAY, next_at=next_at)
    assert refused.value.message_dict["next_at"][0].startswith(said)


def test_recording_the_same_meeting_twice_makes_one(group):
    assert hold(group) == hold(group)
    assert group.meetings.count() == 1


def test_when_all_plans_end_nothing_more_is_due(group):
    group.plans.update(ends_on=datetime.date(2027, 1, 15), end_reason="died")
    reconcile(family_ids=[group.family_id], now=NOW)
    row = Deadline.objects.get(kind="first-core-group")
    assert (row.met_at, row.not_needed) == (None, "All its plans have ended.")


def addresses(group):
    return [
        reverse("core_groups:core-group", args=[group.pk]),
        reverse("core_groups:of-conference", args=[group.conference_id]),
        reverse("core_groups:record-meeting", args=[group.pk]),
    ]


def test_signed_out_users_are_sent_to_sign_in(client, group):
    for url in addresses(group):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_wrong_roles_teams_and_councils_open_nothing(client, group):
    own, other = group.authority, AuthorityFactory()
    strangers = [
        *(user_with_role(role, authority=own) for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.DUTY_WORKER)),
        user_with_role(Role.CHAIR, authority=own),
        user_with_role(Role.PROFESSIONAL, authority=own),
        user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=own)),
        user_with_role(Role.COORDINATOR, authority=other),
        user_with_role(Role.SERVICE_MANAGER, authority=other),
    ]
    for user in strangers:
        client.force_login(user)
        assert {client.get(url).status_code for url in addresses(group)} == {404}


@time_machine.travel(NOW)
def test_a_professional_sees_their_core_group_until_they_leave_it(client, group):
    member = next(member for member in members(group) if member.post)
    user = user_with_role(Role.PROFESSIONAL, authority=group.authority)
    member.person.user = user
    member.person.save()
    client.force_login(user)
    assert client.get(addresses(group)[0]).status_code == 200
    member.ends_on = datetime.date(2026, 12, 31)
    member.save()
    assert client.get(addresses(group)[0]).status_code == 404


def test_a_service_manager_can_read_but_not_record(client, group):
    client.force_login(user_with_role(Role.SERVICE_MANAGER, authority=group.authority))
    assert [client.get(url, follow=True).status_code for url in addresses(group)] == [200, 200, 404]


@time_machine.travel(NOW)
def test_a_meeting_is_recorded_from_the_page_and_refusals_keep_the_input(client, group):
    client.force_login(user_with_role(Role.SOCIAL_WORKER, team=group.family.team))
    url = addresses(group)[2]
    typed = {
        "held_on": "2026-12-31",
        "held_time": "14:00",
        "next_place": "Seán’s grandmother’s hall 🙂",
        "led_by": "key_worker",
    }
    refused = client.post(url, typed)
    assert "Seán’s grandmother’s hall 🙂" in refused.content.decode()
    assert list(refused.context["form"].errors) == ["present"]
    answer = client.post(url, {**typed, "present": [member.pk for member in members(group)]})
    assert answer.status_code == 302
    assert group.meetings.get().held_at == HELD_AT
