"""People who must not meet: never in one sitting, nor told each other's time, place or presence."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from icalendar import Calendar

from accounts.enums import Role
from conferences.enums import Capacity, ConferenceStatus, HowToAttend, RequestGround
from conferences.models import ExclusionRequest
from core_groups.constraint_errors import MUST_NOT_MEET
from core_groups.enums import HowToMeet, MeetingState
from core_groups.models import ApartDecision, CoreGroup, CoreGroupMeeting, SeparateSitting
from core_groups.selectors.apart import standings
from core_groups.selectors.core_groups import members_of, people_apart_after, planned_meeting
from core_groups.services.apart import decide_apart
from core_groups.services.core_groups import form_core_group
from core_groups.services.meetings import record_meeting
from core_groups.services.planning import OwnSitting, plan_meeting
from deadlines.models import Deadline
from deadlines.services import reconcile
from deadlines.services.feeds import create_feed
from families.enums import RiskGround
from families.services import record_contact_risk
from plans.services.plans import follow_decision
from tests.factories import (
    ConferenceChildFactory,
    DecisionFactory,
    ParticipantFactory,
    SittingFactory,
    family_participant,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
MEETS, HE_MEETS = NOW + DAY + HOUR, NOW + 2 * DAY + datetime.timedelta(minutes=17)


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def group():
    """Mother, father and a teacher in one core group; the father is a danger to the mother."""
    row = ConferenceChildFactory()
    conference = row.conference
    mother, father = (family_participant(conference, Capacity.PARENT) for _ in range(2))
    teacher = ParticipantFactory(conference=conference)
    decision = DecisionFactory(conference_child=row)
    decision.core_group.set([mother, father, teacher])
    follow_decision(decision, NOW)
    form_core_group(decision, NOW)
    group = CoreGroup.objects.get()
    group.mother, group.father, group.teacher = (
        group.members.get(person=one.person) for one in (mother, father, teacher)
    )
    group.manager = user_with_role(Role.TEAM_MANAGER, team=group.family.team)
    group.worker = user_with_role(Role.SOCIAL_WORKER, team=group.family.team)
    return group


def risk(group, *, at=NOW, detail="Not to come near her.", **named):
    return record_contact_risk(
        person=group.father.person, ground=RiskGround.BAIL, detail=detail, by=group.worker, now=at,
        **(named or {"protects": [group.mother.person]}),
    )  # fmt: skip


def decide(group, how=HowToMeet.OWN_SITTING, *, now=NOW, member=None, **facts):
    return decide_apart(
        member=member or group.father, how=how, reason="Bail forbids it.", by=group.manager, now=now, **facts
    )


def hold(group, *members, **changes):
    facts = {
        "core_group": group, "meeting": planned_meeting(group), "held_at": NOW - HOUR, "present": members,
        "note": "Calmer.", "next_at": None, "next_place": "", "by": group.worker, "now": NOW,
    }  # fmt: skip
    return record_meeting(**{**facts, **changes})


def refused(group, *members):
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        hold(group, *members)
    return caught.value.message_dict == {"present": [MUST_NOT_MEET]}


def test_without_any_ground_they_meet(group):
    assert hold(group, group.mother, group.father).state == MeetingState.HELD


@pytest.mark.parametrize("whom", ["her", "child"])
def test_a_contact_risk_keeps_them_out_of_one_sitting(group, whom):
    risk(group, **({} if whom == "her" else {"children": [group.plans.get().child]}))
    assert refused(group, group.mother, group.father)
    assert hold(group, group.mother, group.teacher).state == MeetingState.HELD


def test_a_worker_at_risk_does_not_meet_them_either(group):
    risk(group, protects=[group.teacher.person])
    assert refused(group, group.teacher, group.father)


def request(group, how="", **fields):
    seat = group.conference.participants.get(person=group.father.person)
    seat.children.set(group.conference.children.all())
    decided = {"decided_by": group.manager, "decided_at": NOW, "decision_reason": "So it is safe"} if how else {}
    return ExclusionRequest.objects.create(
        conference=group.conference, participant=seat, ground=RequestGround.ASKED, reason="She fears him",
        asked_by=group.worker, asked_at=NOW - HOUR, how=how, **{**decided, **fields},
    )  # fmt: skip


@pytest.mark.parametrize("how", ["", HowToAttend.SEPARATE_TIME, HowToAttend.VIDEO, HowToAttend.PART])
def test_what_the_chair_was_asked_or_decided_keeps_them_apart(group, how):
    request(group, how)
    assert refused(group, group.mother, group.father)


def test_a_chair_who_lets_them_in_to_the_whole_meeting_lifts_it(group):
    request(group, HowToAttend.SEPARATE_TIME, decided_at=NOW - HOUR)
    request(group, HowToAttend.WHOLE)
    assert standings(group, on=NOW.date()) == {}


def test_a_decision_about_one_child_lifts_nothing_about_another(group):
    request(group, HowToAttend.SEPARATE_TIME, decided_at=NOW - HOUR)
    lifted = request(group, HowToAttend.WHOLE)
    other = ParticipantFactory(conference=group.conference, person=group.father.person, capacity=Capacity.CARER)
    other.children.set([ConferenceChildFactory(conference=group.conference)])
    ExclusionRequest.objects.filter(pk=lifted.pk).update(participant=other)
    assert standings(group, on=NOW.date())[group.father.person_id].is_open


def test_after_a_decision_that_they_may_meet_they_do(group):
    risk(group, at=NOW - HOUR)
    decide(group, HowToMeet.TOGETHER)
    assert hold(group, group.mother, group.father).state == MeetingState.HELD


def test_a_risk_recorded_after_the_decision_asks_again(group):
    decide(group, HowToMeet.TOGETHER, now=NOW - HOUR)
    risk(group)
    assert standings(group, on=NOW.date())[group.father.person_id].is_open
    assert refused(group, group.mother, group.father)


def test_what_was_recorded_after_the_page_was_opened_is_read_first(group):
    risk(group)
    with pytest.raises(ValidationError, match="Read it and decide again"):
        decide(group, seen_at=NOW - HOUR)


# The database


def together(group, *members):
    meeting = CoreGroupMeeting.objects.create(
        core_group=group, number=9, state=MeetingState.HELD, planned_at=NOW - HOUR, held_at=NOW - HOUR
    )
    meeting.present.set(members)


@pytest.mark.parametrize("order", [1, -1])
def test_the_database_refuses_one_sitting_with_both(group, order):
    risk(group, at=NOW - HOUR)
    both = [group.mother, group.father][::order]
    for how in (None, HowToMeet.OWN_SITTING, HowToMeet.CALL):
        if how:
            decide(group, how)
        with pytest.raises(IntegrityError, match="must not meet"), transaction.atomic():
            together(group, *both)
    decide(group, HowToMeet.TOGETHER, now=NOW + HOUR)
    together(group, *both)


def test_the_database_lets_them_sit_with_workers(group):
    risk(group)
    decide(group)
    together(group, group.father, group.teacher)


# Two sittings of one meeting


def two_sittings(group):
    risk(group, at=NOW - HOUR)
    decide(group, now=NOW - HOUR / 2)
    return plan_meeting(
        core_group=group, meeting=None, planned_at=MEETS, place="Mulberry House", by=group.worker, now=NOW,
        apart={group.father.person_id: OwnSitting(HE_MEETS, "Library, room 4")},
    )  # fmt: skip


def test_two_sittings_count_as_one_meeting(group):
    meeting = two_sittings(group)
    later = HE_MEETS + HOUR
    hold(group, group.mother, meeting=meeting, held_at=MEETS, apart={group.father.person_id: HE_MEETS}, now=later)
    assert SeparateSitting.objects.get().held_at == HE_MEETS
    assert group.meetings.get().present.get() == group.mother
    rows = Deadline.objects.filter(family_id=group.family_id, kind="next-core-group")
    assert [row.starts_on for row in rows] == [MEETS.date()]


def test_an_own_sitting_needs_a_decision(group):
    risk(group)
    with pytest.raises(ValidationError):
        plan_meeting(
            core_group=group, meeting=None, planned_at=MEETS, place="", by=group.worker, now=NOW,
            apart={group.father.person_id: OwnSitting(HE_MEETS, "Library")},
        )  # fmt: skip


def with_account(group, member):
    member.person.user = user_with_role(Role.PROFESSIONAL, authority=group.authority)
    member.person.save()
    return member.person.user


def calendar_of(client, user):
    _, secret = create_feed(user=user, now=NOW)
    text = client.get(reverse("deadlines:read-calendar-feed", args=[secret])).content.decode()
    return [
        event["dtstart"].dt for event in Calendar.from_ical(text).walk("VEVENT") if "core-group" in str(event["uid"])
    ]


def marks(client, user, group):
    """Return which of the two sittings' times and places stand on the member's own page."""
    client.force_login(user)
    text = client.get(reverse("core_groups:core-group", args=[group.pk])).content.decode().replace("\xa0", " ")
    found = {"her time": "13:00", "her place": "Mulberry House", "his time": "12:17", "his place": "Library, room 4"}
    return {name for name, mark in found.items() if mark in text}


def test_each_reads_their_own_time_and_place_and_not_the_other_s(client, group):
    """Both have an account here: a member who is a professional elsewhere, too."""
    two_sittings(group)
    her, him = with_account(group, group.mother), with_account(group, group.father)
    assert marks(client, her, group) == {"her time", "her place"}
    assert marks(client, him, group) == {"his time", "his place"}
    assert (calendar_of(client, her), calendar_of(client, him)) == ([MEETS], [HE_MEETS])


def test_until_it_is_decided_the_person_reads_no_time_and_no_place(client, group):
    risk(group)
    plan_meeting(core_group=group, meeting=None, planned_at=MEETS, place="Mulberry House", by=group.worker, now=NOW)
    him = with_account(group, group.father)
    assert (marks(client, him, group), calendar_of(client, him)) == (set(), [])


def test_a_new_risk_takes_their_own_sitting_from_them_too(client, group):
    two_sittings(group)
    risk(group, detail="Nor the child.", children=[group.plans.get().child])
    him = with_account(group, group.father)
    assert (marks(client, him, group), calendar_of(client, him)) == (set(), [])


def test_who_is_apart_reads_neither_notes_nor_who_is_in_the_group_and_records_nothing(client, group):
    two_sittings(group)
    him = with_account(group, group.father)
    hold(group, group.mother, group.teacher, meeting=None, note="She said where she sleeps")
    client.force_login(him)
    text = client.get(reverse("core_groups:core-group", args=[group.pk])).content.decode()
    assert ("where she sleeps" in text, group.mother.person.full_name in text) == (False, False)
    assert client.get(reverse("core_groups:record-meeting", args=[group.pk])).status_code == 404


# Asked for until decided


def clock(group):
    reconcile(family_ids=[group.family_id], now=NOW)
    rows = Deadline.objects.filter(kind="keep-apart", family_id=group.family_id)
    return [(row.starts_on, row.due_on, row.met_at is not None, row.responsible_ids) for row in rows]


def test_it_is_asked_for_until_a_manager_decides(client, group):
    risk(group, at=NOW - HOUR)
    assert clock(group) == [(NOW.date(), NOW.date() + DAY, False, [group.manager.pk])]
    client.force_login(group.manager)
    url = reverse("core_groups:decide-apart", args=[group.pk, group.father.pk])
    assert "Not to come near her." in client.get(url).content.decode()
    answer = client.post(url, {"how": "own_sitting", "reason": "Bail forbids it."})
    assert answer.status_code == 302
    assert ApartDecision.objects.get().conference is None
    assert [met for *_, met, _ in clock(group)] == [True]


def test_papers_written_after_the_decision_tell_them_no_time_of_the_others(group):
    assert people_apart_after(group.conference) == set()
    decide(group)
    assert people_apart_after(group.conference) == {group.father.person_id}
    decide(group, HowToMeet.TOGETHER, now=NOW + HOUR)
    assert people_apart_after(group.conference) == set()


def test_nothing_is_asked_where_there_is_no_one_to_meet(group):
    group.mother.ends_on = NOW.date()
    group.mother.save()
    risk(group)
    assert clock(group) == []


def test_the_chair_decides_at_the_conference(client, group):
    risk(group)
    chair = user_with_role(Role.CHAIR, authority=group.authority)
    conference = group.conference
    conference.chair, conference.status = chair, ConferenceStatus.OPEN
    conference.save()
    SittingFactory(conference=conference, number=2, chair=chair, starts_at=NOW)
    client.force_login(chair)
    url = reverse("core_groups:decide-apart", args=[group.pk, group.father.pk])
    dates = client.get(reverse("meetings:next-dates", args=[conference.pk])).content.decode()
    assert url in dates
    assert client.post(url, {"how": "call", "reason": "She asked for it."}).status_code == 302
    assert ApartDecision.objects.get().conference == conference
    assert url not in client.get(reverse("meetings:next-dates", args=[conference.pk])).content.decode()


def test_only_chair_at_a_conference_and_managers_decide(client, group):
    url = reverse("core_groups:decide-apart", args=[group.pk, group.father.pk])
    for user in (group.worker, user_with_role(Role.COORDINATOR, authority=group.authority)):
        client.force_login(user)
        assert client.get(url).status_code == 404


def test_the_meeting_is_planned_and_recorded_from_the_pages(client, group):
    two_sittings(group)
    client.force_login(group.worker)
    url = reverse("core_groups:plan-meeting", args=[group.pk])
    at = f"at_{group.father.person_id}"
    typed = {
        "planned_on": "2027-01-22", "planned_time": "13:00", "place": "Mulberry House", "reason": "Snow",
        f"{at}_on": "2027-01-25", f"{at}_time": "10:00", f"place_{group.father.person_id}": "Online",
    }  # fmt: skip
    answer = client.post(url, typed)
    assert answer.status_code == 302, answer.context["form"].errors
    own = SeparateSitting.objects.get()
    assert (own.place, own.starts_at.isoformat()) == ("Online", "2027-01-25T10:00:00+00:00")
    form = client.get(reverse("core_groups:record-meeting", args=[group.pk])).context["form"]
    assert set(form.fields["present"].queryset) == {group.mother, group.teacher}
    assert f"held_{group.father.person_id}" in form.fields


def test_the_page_says_who_has_no_sitting_of_their_own_of_the_next_meeting_yet(client, group):
    decide(group)
    facts = {"core_group": group, "planned_at": MEETS, "place": "Mulberry House", "by": group.worker, "now": NOW}
    meeting = plan_meeting(**facts, meeting=None)
    client.force_login(group.worker)
    url, said = reverse("core_groups:core-group", args=[group.pk]), "has no sitting or call of their own"
    assert said in client.get(url).content.decode()
    plan_meeting(**facts, meeting=meeting, apart={group.father.person_id: OwnSitting(HE_MEETS, "Online")})
    assert said not in client.get(url).content.decode()


def test_a_meeting_is_cancelled_with_a_reason(client, group):
    meeting = two_sittings(group)
    client.force_login(group.worker)
    url = reverse("core_groups:cancel-meeting", args=[group.pk, meeting.pk])
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "Snow"}).status_code == 302
    assert list(members_of(group, on=NOW.date())) != []
    meeting.refresh_from_db()
    assert (meeting.state, meeting.change_reason) == (MeetingState.CANCELLED, "Snow")
