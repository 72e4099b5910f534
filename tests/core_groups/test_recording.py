"""Recording a core group meeting in full: who came, progress, notes and scores, by whom and for whom."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Capacity, Given, Nature, Presence
from conferences.models import Conference, Part
from conferences.score_line import GivenScore
from conferences.services.guards import EditedMeanwhile
from core_groups.enums import HowToMeet, MeetingState
from core_groups.models import (
    ApartDecision,
    CoreGroup,
    CoreGroupMember,
    MeetingAttendance,
    MeetingNote,
    MeetingScore,
    ProgressAtMeeting,
)
from core_groups.selectors.core_groups import planned_meeting
from core_groups.selectors.score_line import theirs_to_see
from core_groups.services.attendance import WhoCame, change_who_came
from core_groups.services.core_groups import form_core_group
from core_groups.services.meetings import record_meeting
from core_groups.services.members import leave_core_group
from core_groups.services.notes import add_meeting_note, change_meeting_note, withdraw_meeting_note
from core_groups.services.planning import OwnSitting, cancel_meeting, plan_meeting
from core_groups.services.progress import ProgressMeanwhile, SaidOfAction, record_meeting_progress
from core_groups.services.scores import record_meeting_score
from meetings.models import Score
from notifications.models import Notice
from plans.enums import Progress
from plans.models import KeyWorker, PlanAction
from plans.services.plans import follow_decision
from tests.factories import (
    ConferenceChildFactory,
    DecisionFactory,
    ParticipantFactory,
    PlanActionFactory,
    family_participant,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
HELD = datetime.datetime(2027, 1, 19, 14, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def group():
    """A held meeting of the core group of Robin and Wren: mother, father, and a teacher with an account, for Robin."""
    robin = ConferenceChildFactory()
    conference = robin.conference
    wren = ConferenceChildFactory(conference=conference)
    mother, father = (family_participant(conference, Capacity.PARENT) for _ in range(2))
    teacher = ParticipantFactory(conference=conference)
    for row, name in ((robin, "Robin"), (wren, "Wren")):
        row.child.person.given_name = name
        row.child.person.save()
        decision = DecisionFactory(conference_child=row)
        decision.core_group.set([mother, father] if row == wren else [mother, father, teacher])
        follow_decision(decision, NOW)
        form_core_group(decision, NOW)
    group = CoreGroup.objects.get()
    group.robin, group.wren = group.plans.order_by("pk")
    group.mother, group.father, group.teacher = (
        group.members.get(person=one.person) for one in (mother, father, teacher)
    )
    group.teacher.person.user = user_with_role(Role.PROFESSIONAL, authority=group.authority)
    group.teacher.person.save()
    group.worker = user_with_role(Role.SOCIAL_WORKER, team=group.family.team)
    group.manager = user_with_role(Role.TEAM_MANAGER, team=group.family.team)
    group.talks = PlanActionFactory(plan=group.robin, what="Talk on Mondays")
    group.clinic = PlanActionFactory(plan=group.wren, what="Go to the clinic")
    group.meeting = hold(group, group.mother, group.teacher)
    return group


def hold(group, *present, **changes):
    facts = {
        "core_group": group, "meeting": planned_meeting(group), "held_at": HELD, "present": present,
        "next_at": None, "next_place": "", "by": group.worker, "now": NOW,
    }  # fmt: skip
    return record_meeting(**{**facts, **changes})


def seats(meeting):
    rows = MeetingAttendance.objects.filter(meeting=meeting, superseded_at__isnull=True).order_by(
        "member", F("sitting").asc(nulls_first=True)
    )
    return [(row.member, row.sitting and row.sitting.person, row.presence) for row in rows]


# Who came


def test_each_member_of_the_day_has_a_seat_and_who_entered_it(group):
    assert seats(group.meeting) == [
        (group.mother, None, Presence.PRESENT),
        (group.father, None, Presence.ABSENT),
        (group.teacher, None, Presence.PRESENT),
    ]
    assert set(group.meeting.attendances.values_list("recorded_by", "guest_session_id")) == {(group.worker.pk, None)}


def who(group, *present, **changes):
    return WhoCame(**{"held_at": HELD, "led_by": "key_worker", "present": present, **changes})


def test_a_correction_keeps_what_was_recorded_before(group):
    change_who_came(
        meeting=group.meeting, who=who(group, group.mother, apologies=[group.father]), version=1, by=group.manager,
        now=NOW,
    )  # fmt: skip
    assert [presence for *_, presence in seats(group.meeting)] == [
        Presence.PRESENT, Presence.APOLOGIES, Presence.ABSENT,
    ]  # fmt: skip
    assert set(group.meeting.present.all()) == {group.mother}
    assert MeetingAttendance.objects.filter(superseded_at=NOW, member=group.teacher).count() == 1


def test_a_second_typist_of_who_came_is_told(group):
    change_who_came(meeting=group.meeting, who=who(group, group.mother), version=1, by=group.manager, now=NOW)
    with pytest.raises(EditedMeanwhile):
        change_who_came(meeting=group.meeting, who=who(group, group.teacher), version=1, by=group.worker, now=NOW)
    same = change_who_came(meeting=group.meeting, who=who(group, group.mother), version=1, by=group.worker, now=NOW)
    assert same.version == 2


def test_two_recorders_of_one_meeting_make_one_and_the_second_reads_the_first(group):
    planned = plan_meeting(
        core_group=group, meeting=None, planned_at=NOW + HOUR, place="Hall", by=group.worker, now=NOW
    )
    later = NOW + 2 * HOUR
    first = hold(group, group.mother, meeting=planned, held_at=NOW + HOUR, now=later)
    again = hold(group, group.mother, meeting=planned, held_at=NOW + HOUR, now=later)
    with pytest.raises(ValidationError) as refused:
        hold(group, group.father, meeting=planned, held_at=NOW + HOUR, now=later, by=group.manager)
    assert (first, group.meetings.count()) == (again, 2)
    (sentence,) = refused.value.messages
    assert sentence.startswith(f"{group.worker.name} has already recorded this meeting")
    assert group.mother.person.full_name in sentence


def test_a_cancelled_meeting_is_not_recorded_by_accident(group):
    planned = plan_meeting(
        core_group=group, meeting=None, planned_at=NOW + HOUR, place="Hall", by=group.worker, now=NOW
    )
    cancel_meeting(meeting=planned, reason="Snow.", by=group.worker, now=NOW)
    with pytest.raises(ValidationError, match="cancelled: Snow"):
        hold(group, group.mother, meeting=planned, held_at=NOW + HOUR, now=NOW + 2 * HOUR)


def test_no_one_came_who_was_not_a_member_on_that_day(group):
    leave_core_group(member=group.teacher, plans=[group.robin], on=HELD.date(), because="New class", now=NOW)
    with pytest.raises(ValidationError) as refused:
        change_who_came(
            meeting=group.meeting, who=who(group, group.father, group.teacher), version=1, by=group.worker, now=NOW
        )
    assert group.teacher.person.full_name in refused.value.message_dict["present"][0]


def apart(group, person):
    ApartDecision.objects.create(
        core_group=group, person=person.person, how=HowToMeet.OWN_SITTING, reason="Bail", decided_by=group.manager,
        decided_at=NOW,
    )  # fmt: skip


def test_a_worker_may_be_in_both_sittings_but_no_one_of_the_family(group):
    apart(group, group.father)
    his = {group.father.person_id: HELD + HOUR}
    change_who_came(
        meeting=group.meeting,
        who=who(group, group.mother, group.teacher, apart=his, with_them={group.father.person_id: [group.teacher]}),
        version=1, by=group.worker, now=NOW,
    )  # fmt: skip
    assert seats(group.meeting) == [
        (group.mother, None, Presence.PRESENT),
        (group.father, group.father.person, Presence.PRESENT),
        (group.teacher, None, Presence.PRESENT),
        (group.teacher, group.father.person, Presence.PRESENT),
    ]
    with pytest.raises(ValidationError):
        change_who_came(
            meeting=group.meeting,
            who=who(group, group.teacher, apart=his, with_them={group.father.person_id: [group.mother]}),
            version=2, by=group.worker, now=NOW,
        )  # fmt: skip


def test_whoever_is_apart_and_had_no_sitting_is_not_absent_from_the_others(group):
    apart(group, group.father)
    change_who_came(meeting=group.meeting, who=who(group, group.mother), version=1, by=group.worker, now=NOW)
    assert group.father not in [member for member, *_ in seats(group.meeting)]


@pytest.mark.parametrize("entered", [{}, {"guest_session_id": 3, "recorded_by": True}])
def test_the_database_wants_exactly_one_who_entered_it(group, entered):
    fields = {**entered, **({"recorded_by": group.worker} if "recorded_by" in entered else {})}
    with pytest.raises(IntegrityError, match="core_group_attendance_entered_by_one"), transaction.atomic():
        MeetingAttendance.objects.create(
            meeting=group.meeting, member=group.father, presence="apologies", recorded_at=NOW, **fields
        )


# Progress


def said(action, progress=Progress.UNDER_WAY, text="It helps", version=None):
    return SaidOfAction(action, progress, text, action.version if version is None else version)


def progress(group, *rows, **changes):
    return record_meeting_progress(
        **{"meeting": group.meeting, "said": rows, "by": group.worker, "now": NOW, **changes}
    )


def test_progress_is_that_of_the_action_and_a_row_of_the_meeting(group):
    progress(group, said(group.talks))
    group.talks.refresh_from_db()
    assert (group.talks.progress, group.talks.progress_note) == (Progress.UNDER_WAY, "It helps")
    entry = ProgressAtMeeting.objects.get()
    assert (entry.meeting, entry.action, entry.said, entry.recorded.entered_by) == (
        group.meeting, group.talks, "It helps", group.worker,
    )  # fmt: skip


def test_saying_it_again_changes_nothing_and_saying_more_keeps_both(group):
    progress(group, said(group.talks))
    assert progress(group, said(group.talks, version=1)) == []
    group.talks.refresh_from_db()
    progress(group, said(group.talks, Progress.DONE, "She likes it"))
    assert list(ProgressAtMeeting.objects.order_by("pk").values_list("recorded__note", "superseded_at")) == [
        ("It helps", NOW), ("She likes it", None),
    ]  # fmt: skip


def test_a_second_typist_of_progress_reads_the_first_and_nothing_is_saved(group):
    progress(group, said(group.talks), said(group.clinic))
    with pytest.raises(ProgressMeanwhile) as refused:
        progress(group, said(group.talks, Progress.NOT_DONE, "No", version=1), by=group.manager)
    assert "It helps" in refused.value.message_dict[f"said_{group.talks.pk}"][0]
    assert ProgressAtMeeting.objects.filter(recorded__entered_by=group.manager).count() == 0


def test_what_was_not_done_or_given_up_says_why(group):
    with pytest.raises(ValidationError) as refused:
        progress(group, said(group.talks, Progress.GIVEN_UP, " "))
    assert refused.value.message_dict == {f"said_{group.talks.pk}": ["Say why."]}


def test_an_action_of_another_core_group_is_refused(group):
    with pytest.raises(ValidationError):
        progress(group, said(PlanActionFactory()))


# Scores


def score(group, **changes):
    facts = {
        "meeting": group.meeting, "child": group.robin.child, "member": group.mother, "value": 6,
        "reason": "Calmer evenings", "by": group.worker, "now": NOW,
    }  # fmt: skip
    return record_meeting_score(**{**facts, **changes})


def test_a_score_stands_on_the_scale_of_the_day_for_one_person_and_child(group):
    made = score(group)
    assert (made.value, made.scale, made.given, made.member) == (6, "safety 1", Given.GIVEN, group.mother)
    assert score(group) == made


@pytest.mark.parametrize("value", [-1, 11, True, "6", None])
def test_a_score_outside_its_scale_is_refused(group, value):
    with pytest.raises(ValidationError) as refused:
        score(group, value=value)
    assert refused.value.message_dict == {"value": ["A score is a whole number from 0 to 10."]}


def test_refused_and_left_out_are_not_numbers(group):
    assert score(group, value=None, given=Given.REFUSED).value is None
    with pytest.raises(ValidationError):
        score(group, member=group.father, given=Given.REFUSED)


def test_a_later_score_takes_its_place_and_a_second_typist_is_told(group):
    score(group)
    score(group, value=7, version=1, by=group.manager)
    with pytest.raises(EditedMeanwhile) as refused:
        score(group, value=2, version=1)
    assert refused.value.current.value == 7
    rows = MeetingScore.objects.order_by("pk").values_list("value", "superseded_at", "version")
    assert list(rows) == [(6, NOW, 1), (7, None, 2)]


def test_a_score_of_0_reaches_key_worker_and_manager_at_once_and_names_no_one(group):
    score(group, value=0, reason="She is afraid")
    rows = Notice.objects.filter(key__startswith="core-group-stop")
    assert group.manager in [row.user for row in rows]
    assert all(row.urgent and group.mother.person.family_name not in row.text for row in rows)


def test_who_is_not_in_it_for_a_child_does_not_score_it(group):
    with pytest.raises(ValidationError, match="not in the core group for this child"):
        score(group, child=group.wren.child, member=group.teacher)


def test_nothing_is_said_of_a_plan_that_had_not_begun(group):
    type(group.wren).objects.filter(pk=group.wren.pk).update(decision=None, starts_on=NOW.date())
    with pytest.raises(ValidationError, match="not in force"):
        score(group, child=group.wren.child)


# Notes


def note(group, **changes):
    facts = {
        "meeting": group.meeting, "heading": "worries", "text": "The nights are hard", "nature": Nature.FACT,
        "speaker": group.mother, "children": [group.robin.child], "by": group.worker, "now": NOW,
    }  # fmt: skip
    return add_meeting_note(**{**facts, **changes})


def test_a_note_names_child_speaker_and_whose_private_information_it_holds(group):
    made = note(group, private_to=[group.mother.person])
    assert (list(made.children.all()), list(made.private_to.all())) == ([group.robin.child], [group.mother.person])
    assert note(group) == made


def test_an_opinion_says_what_it_rests_on(group):
    with pytest.raises(ValidationError) as refused:
        note(group, nature=Nature.OPINION)
    assert list(refused.value.message_dict) == ["evidence"]


def test_a_note_is_changed_by_one_at_a_time_and_withdrawn_with_reason(group):
    made = note(group)
    facts = {
        "note": made, "heading": "worries", "nature": Nature.FACT, "speaker": group.mother,
        "children": [group.robin.child], "now": NOW,
    }  # fmt: skip
    change_meeting_note(**facts, text="Most nights are hard", version=1, by=group.manager)
    with pytest.raises(EditedMeanwhile) as refused:
        change_meeting_note(**facts, text="Some nights", version=1, by=group.worker)
    assert refused.value.current.text == "Most nights are hard"
    withdraw_meeting_note(note=made, because="Said at another meeting", by=group.worker, now=NOW)
    made.refresh_from_db()
    assert (made.withdrawn_at, made.withdrawn_by) == (NOW, group.worker)


# The pages


def url(group, name, *args):
    return reverse(f"core_groups:{name}", args=[group.pk, group.meeting.pk, *args])


def test_a_professional_member_records_for_their_children_only(client, group):
    note(group, children=[group.wren.child], text="About Wren")
    note(group, children=[], text="About both")
    score(group, child=group.wren.child, member=group.mother)
    client.force_login(group.teacher.person.user)
    text = client.get(url(group, "meeting")).content.decode()
    assert ("Talk on Mondays" in text, "About both" in text) == (True, True)
    assert not any(word in text for word in ("Go to the clinic", "About Wren", "Wren"))
    assert client.get(url(group, "record-progress", group.wren.pk)).status_code == 404
    assert client.get(url(group, "record-score", group.wren.pk, group.mother.pk)).status_code == 404
    answer = client.post(
        url(group, "record-progress", group.robin.pk),
        {f"progress_{group.talks.pk}": "done", f"said_{group.talks.pk}": "She came", f"version_{group.talks.pk}": 1},
    )
    assert answer.status_code == 302
    assert ProgressAtMeeting.objects.get().recorded.entered_by == group.teacher.person.user


def test_a_member_names_a_child_because_they_are_not_in_it_for_all(client, group):
    client.force_login(group.teacher.person.user)
    typed = {"heading": "worries", "nature": "fact", "text": "Tired"}
    refused = client.post(url(group, "add-note"), typed)
    assert list(refused.context["form"].errors) == ["children"]
    assert client.post(url(group, "add-note"), {**typed, "children": [group.robin.child_id]}).status_code == 302
    assert client.post(url(group, "add-note"), {**typed, "children": [group.wren.child_id]}).status_code == 200


@pytest.mark.parametrize("how", ["left", "apart", "joined later"])
def test_the_record_closes_to_a_member(client, group, how):
    client.force_login(group.teacher.person.user)
    assert client.get(url(group, "meeting")).status_code == 200
    if how == "left":
        leave_core_group(member=group.teacher, plans=[group.robin], on=NOW.date(), because="New class", now=NOW)
    elif how == "apart":
        apart(group, group.teacher)
    else:
        CoreGroupMember.objects.filter(pk=group.teacher.pk).update(starts_on=NOW.date())
    answers = [client.get(url(group, name)).status_code for name in ("meeting", "add-note", "change-attendance")]
    assert answers == [404, 404, 404]
    # What was being written when the door closed is given back and goes nowhere.
    late = client.post(
        url(group, "add-note"), {"heading": "worries", "nature": "fact", "text": "He waits at the gate 🙂"}
    )
    assert late.status_code == 404
    assert "He waits at the gate 🙂" in late.content.decode()
    assert not MeetingNote.objects.exists()


def test_a_member_removed_while_the_worker_types_is_said_and_the_rest_kept(client, group):
    planned = plan_meeting(
        core_group=group, meeting=None, planned_at=NOW + HOUR, place="Hall", by=group.worker, now=NOW
    )
    leave_core_group(member=group.teacher, plans=[group.robin], on=NOW.date(), because="New class", now=NOW)
    with time_machine.travel(NOW + 2 * HOUR, tick=False):
        client.force_login(group.worker)
        page = client.post(
            reverse("core_groups:record-meeting", args=[group.pk]),
            {
                "held_on": "2027-01-20", "held_time": "13:00", "led_by": "key_worker", "of": planned.pk,
                "present": [group.mother.pk, group.teacher.pk],
            },
        )  # fmt: skip
    assert page.status_code == 200
    assert "not in the core group any more" in page.content.decode()
    assert planned_meeting(group) == planned


def test_the_second_recorders_page_does_not_take_the_meeting_after(client, group):
    planned = plan_meeting(
        core_group=group, meeting=None, planned_at=NOW + HOUR, place="Hall", by=group.worker, now=NOW
    )
    later = NOW + 2 * HOUR
    hold(group, group.mother, meeting=planned, held_at=NOW + HOUR, now=later, next_at=NOW + 99 * HOUR)
    with time_machine.travel(later, tick=False):
        client.force_login(group.manager)
        page = client.post(
            reverse("core_groups:record-meeting", args=[group.pk]),
            {
                "held_on": "2027-01-20", "held_time": "13:30", "of": planned.pk, "present": [group.father.pk],
                **{f"led_by_{row.user_id}": "key_worker" for row in KeyWorker.objects.all()},
            },
        )  # fmt: skip
    assert "has already recorded this meeting" in page.content.decode()
    assert planned_meeting(group).state == MeetingState.PLANNED


def test_the_second_typist_of_a_score_is_told_and_saves_again_without_seeing_it(client, group):
    client.force_login(group.worker)
    address = url(group, "record-score", group.robin.pk, group.mother.pk)
    score(group, by=group.manager)
    page = client.post(address, {"value": "3", "reason": "Loud", "show": "yes", "version": "0"})
    text = page.content.decode()
    assert ("Calmer evenings" in text, "Loud" in text, "stays hidden" in text) == (False, True, True)
    again = {"value": "3", "reason": "Loud", "show": "yes", "version": page.context["form"].data["version"]}
    assert client.post(address, again).status_code == 302
    assert MeetingScore.objects.get(superseded_at__isnull=True).value == 3


def test_the_second_typist_of_progress_saves_again(client, group):
    client.force_login(group.worker)
    address = url(group, "record-progress", group.robin.pk)
    pk = group.talks.pk
    progress(group, said(group.talks), by=group.manager)
    typed = {f"progress_{pk}": "stuck", f"said_{pk}": "She forgets", f"version_{pk}": "1"}
    page = client.post(address, typed)
    text = page.content.decode()
    assert ("It helps" in text, "She forgets" in text) == (True, True)
    again = {**typed, f"version_{pk}": page.context["form"].data[f"version_{pk}"]}
    assert client.post(address, again).status_code == 302
    assert PlanAction.objects.get(pk=pk).progress == Progress.NOT_DONE


def test_the_record_takes_the_same_queries_for_one_note_and_many(client, group, django_assert_max_num_queries):
    client.force_login(group.worker)
    client.get(url(group, "meeting"))
    note(group)
    with django_assert_max_num_queries(200) as one:
        client.get(url(group, "meeting"))
    for number in range(8):
        note(group, text=f"Note {number}", private_to=[group.mother.person], speaker=group.teacher)
        progress(group, said(PlanActionFactory(plan=group.robin)))
    with django_assert_max_num_queries(len(one)):
        client.get(url(group, "meeting"))
    assert MeetingNote.objects.count() == 9


def test_a_sitting_of_their_own_is_chosen_for_a_note(client, group):
    apart(group, group.father)
    plan_meeting(
        core_group=group, meeting=None, planned_at=NOW + HOUR, place="Hall", by=group.worker, now=NOW,
        apart={group.father.person_id: OwnSitting(NOW + 2 * HOUR, "Library")},
    )  # fmt: skip
    change_who_came(
        meeting=group.meeting,
        who=who(group, group.mother, apart={group.father.person_id: HELD + HOUR}),
        version=1, by=group.worker, now=NOW,
    )  # fmt: skip
    sitting = group.meeting.separate_sittings.get()
    client.force_login(group.worker)
    typed = {
        "heading": "worries", "nature": "fact", "text": "He is sorry", "sitting": sitting.pk,
        "speaker": group.father.pk, "children": [group.robin.child_id],
    }  # fmt: skip
    assert client.post(url(group, "add-note"), typed).status_code == 302
    assert MeetingNote.objects.get().sitting == sitting


def test_the_line_of_scores_joins_conferences_and_core_groups_of_one_scale(client, group):
    score(group, may_be_shown=True)
    score(group, member=group.teacher, value=None, given=Given.ABSTAINED)
    row = group.conference.children.get(child=group.robin.child_id)
    type(row).objects.filter(pk=row.pk).update(scores_shown_at=NOW)
    Conference.objects.update(meets_at=datetime.datetime(2026, 12, 22, 10, tzinfo=datetime.UTC))
    seat = group.conference.participants.first()
    for scale, value in (("safety 1", 3), ("worry 2", 9)):
        given = Score.objects.create(
            conference_child=row, participant=seat, scale=scale, value=value, reason="Calm", recorded_by=group.worker,
            recorded_at=NOW,
        )  # fmt: skip
        given.shown_in.add(Part.objects.first())
        seat = ParticipantFactory(conference=group.conference)
    client.force_login(group.worker)
    page = client.get(url(group, "meeting"))
    lines = {scale: figure.replace("\xa0", " ") for scale, figure in page.context["plans"][0]["lines"]}
    assert sorted(lines) == ["safety 1", "worry 2"]
    assert "22 December 2026: 3; 19 January 2027: 6" in lines["safety 1"]
    assert page.context["plans"][1]["lines"] == []


def test_a_member_reads_scores_of_their_own_time_and_children(group):
    may_show = theirs_to_see(group, group.teacher.person.user, on=NOW.date())
    facts = {"child": group.robin.child_id, "scale": "safety 1", "value": 6}
    assert may_show(GivenScore(on=HELD.date(), core_group=group.pk, **facts))
    assert not may_show(GivenScore(on=datetime.date(2026, 12, 1), core_group=group.pk, **facts))
    assert not may_show(GivenScore(on=HELD.date(), core_group=group.pk + 1, **facts))
    assert not may_show(GivenScore(on=HELD.date(), core_group=group.pk, is_apart=True, **facts))
    assert not may_show(GivenScore(on=HELD.date(), conference=1, part=1, **facts))
    apart(group, group.teacher)
    may_show = theirs_to_see(group, group.teacher.person.user, on=NOW.date())
    assert not may_show(GivenScore(on=HELD.date(), core_group=group.pk, **facts))


@pytest.mark.parametrize("was_there", [True, False])
def test_a_member_reads_what_was_said_apart_only_where_they_were(client, group, was_there):
    apart(group, group.father)
    change_who_came(
        meeting=group.meeting,
        who=who(
            group, group.mother, group.teacher, apart={group.father.person_id: HELD + HOUR},
            with_them={group.father.person_id: [group.teacher] if was_there else []},
        ),
        version=1, by=group.worker, now=NOW,
    )  # fmt: skip
    note(group, text="He is sorry", speaker=group.father, sitting=group.meeting.separate_sittings.get())
    score(group, member=group.father, value=9, reason="All is well", may_be_shown=True)
    client.force_login(group.teacher.person.user)
    text = client.get(url(group, "meeting")).content.decode()
    assert ("He is sorry" in text, "All is well" in text) == (was_there, was_there)
