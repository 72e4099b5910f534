"""Minutes of a core group meeting: each member's own copy, released by the key worker."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from conferences.enums import Capacity, Nature
from core_groups.enums import HowToMeet
from core_groups.models import ApartDecision, CoreGroup, OwnWords, ProgressAtMeeting
from core_groups.services.attendance import WhoCame, change_who_came
from core_groups.services.core_groups import form_core_group
from core_groups.services.held import Led
from core_groups.services.meetings import record_meeting
from core_groups.services.members import leave_core_group
from core_groups.services.notes import add_meeting_note
from core_groups.services.planning import OwnSitting, plan_meeting
from core_groups.services.progress import SaidOfAction, record_meeting_progress
from core_groups.services.scores import record_meeting_score
from families.enums import RelationshipKind, RiskGround
from families.models import Relationship
from families.services import record_contact_risk
from meetings.models import OutlineAction
from plans.enums import Progress
from plans.models import KeyWorker
from plans.services.plans import follow_decision, record_own_progress
from records.disclosure.wording import _document_lines
from reports.enums import Channel, DocumentState
from reports.models import Copy, LaidOutPaper
from reports.pdf import html_of
from reports.services.circulation import record_copy
from reports.services.core_group_minutes import prepare_core_group_minutes, release_core_group_minutes
from reports.services.documents import composed_copy
from reports.services.laying_out import give_out, lay_out, stamp_of
from reports.services.refusals import CopyRefusedError
from tests.factories import (
    ConferenceChildFactory,
    DecisionFactory,
    ParticipantFactory,
    PlanActionFactory,
    family_participant,
    user_with_role,
)
from tests.layout import pdf_words
from tests.sending import given_by_hand
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
HELD = datetime.datetime(2027, 1, 19, 14, tzinfo=datetime.UTC)
HIS = datetime.datetime(2027, 1, 18, 9, 20, tzinfo=datetime.UTC)
NEXT = datetime.datetime(2027, 2, 16, 14, tzinfo=datetime.UTC)
HIS_NEXT = datetime.datetime(2027, 2, 17, 9, 40, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


def tie(parent, child, kind):
    Relationship.objects.create(person=parent, child=child, kind=kind)


@once_per_module(at=NOW)
def group():
    """Hazel has Robin with Dale and Wren with Martin; a teacher is there for both. Dale has a sitting of his own."""
    robin = ConferenceChildFactory()
    conference = robin.conference
    wren = ConferenceChildFactory(conference=conference)
    people = {}
    for name in ("Hazel", "Dale", "Martin"):
        people[name] = family_participant(conference, Capacity.PARENT)
        people[name].person.given_name, people[name].person.family_name = name, f"{name}son"
        people[name].person.save()
    teacher = ParticipantFactory(conference=conference)
    for row, name, father in ((robin, "Robin", "Dale"), (wren, "Wren", "Martin")):
        row.child.person.given_name = name
        row.child.person.save()
        tie(people["Hazel"].person, row.child, RelationshipKind.MOTHER)
        tie(people[father].person, row.child, RelationshipKind.FATHER)
        decision = DecisionFactory(conference_child=row)
        decision.core_group.set([people["Hazel"], people[father], teacher])
        follow_decision(decision, NOW)
        form_core_group(decision, NOW)
    group = CoreGroup.objects.get()
    group.robin, group.wren = group.plans.order_by("pk")
    for name, one in {**people, "teacher": teacher}.items():
        setattr(group, name.lower(), group.members.get(person=one.person))
    group.key_worker = KeyWorker.objects.get(plan=group.robin, ends_on=None).user
    group.worker = user_with_role(Role.SOCIAL_WORKER, team=group.family.team)
    group.manager = user_with_role(Role.TEAM_MANAGER, team=group.family.team)
    ApartDecision.objects.create(
        core_group=group, person=group.dale.person, how=HowToMeet.OWN_SITTING, reason="Bail", decided_by=group.manager,
        decided_at=NOW,
    )  # fmt: skip
    group.meeting = record_meeting(
        core_group=group, meeting=None, held_at=HELD, present=[group.hazel, group.martin, group.teacher],
        apart={group.dale.person_id: HIS}, with_them={group.dale.person_id: [group.teacher]}, next_at=None,
        next_place="", by=group.worker, now=NOW,
    )  # fmt: skip
    plan_meeting(
        core_group=group, meeting=None, planned_at=NEXT, place="Mulberry House", by=group.worker, now=NOW,
        apart={group.dale.person_id: OwnSitting(HIS_NEXT, "The library")},
    )  # fmt: skip
    sitting = group.meeting.separate_sittings.get()
    facts = {"meeting": group.meeting, "by": group.worker, "now": NOW}
    for text, children, speaker, more in (
        ("Mornings are calm", [group.robin.child], group.hazel, {}),
        ("She eats well", [group.wren.child], group.martin, {}),
        ("A pill in the evening", [group.robin.child], group.hazel, {"private_to": [group.hazel.person]}),
        ("He would like to help", [group.robin.child], group.dale, {"sitting": sitting}),
    ):
        add_meeting_note(
            **facts, heading="worries", text=text, nature=Nature.FACT, speaker=speaker, children=children, **more
        )
    group.talks = PlanActionFactory(plan=group.robin, what="Talk on Mondays")
    group.clinic = PlanActionFactory(plan=group.wren, what="Go to the clinic")
    record_meeting_progress(
        meeting=group.meeting, by=group.worker, now=NOW,
        said=[
            SaidOfAction(group.talks, Progress.DONE, "Each week", 1),
            SaidOfAction(group.clinic, Progress.NOT_DONE, "No letter came", 1),
        ],
    )  # fmt: skip
    for plan, member, value, reason in (
        (group.robin, group.hazel, 6, "Calmer"), (group.robin, group.dale, 9, "All is well"),
        (group.wren, group.martin, 5, "Hungry before"),
    ):  # fmt: skip
        record_meeting_score(**facts, child=plan.child, member=member, value=value, reason=reason)
    # The rounds are over.
    group.meeting.scores.update(shown_at=NOW)
    OwnWords.objects.create(
        meeting=group.meeting, child=group.robin.child, member=group.hazel, text="I sleep again", guest_session_id=5,
        recorded_at=NOW,
    )  # fmt: skip
    return group


def prepared(group, **changes):
    return prepare_core_group_minutes(**{"meeting": group.meeting, "by": group.worker, "now": NOW, **changes})


def words_of(group, member, document=None):
    document = document or prepared(group)
    return html_of(composed_copy(document, member.pk, now=NOW), stamp_of(document))


SAID = {
    "Mornings are calm": {"hazel", "teacher"},
    "She eats well": {"hazel", "martin", "teacher"},
    "A pill in the evening": {"hazel", "teacher"},
    "He would like to help": {"dale", "teacher"},
    "Talk on Mondays": {"hazel", "dale", "teacher"},
    "Go to the clinic": {"hazel", "martin", "teacher"},
    "No letter came": {"hazel", "martin", "teacher"},
    "Calmer": {"hazel", "teacher"},
    "All is well": {"dale", "teacher"},
    "Hungry before": {"hazel", "martin", "teacher"},
    "I sleep again": {"hazel", "teacher"},
    "Wren": {"hazel", "martin", "teacher"},
    "Robin": {"hazel", "dale", "teacher"},
    # Neither reads the other's time, place or presence.
    "14:00": {"hazel", "martin", "teacher"},
    "Mulberry House": {"hazel", "martin", "teacher"},
    "9:20": {"dale", "teacher"},
    "9:40": {"dale"},
    "The library": {"dale"},
    "Dale Daleson": {"dale", "teacher"},
    "Hazel Hazelson": {"hazel", "martin", "teacher"},
}


@pytest.mark.parametrize("text", SAID)
def test_each_copy_says_what_its_reader_may_know(group, text):
    document = prepared(group)
    readers = ("hazel", "dale", "martin", "teacher")
    found = {name for name in readers if text in words_of(group, getattr(group, name), document)}
    assert found == SAID[text]


def test_who_stood_in_is_read_by_those_who_know_of_the_meeting_and_for_whom_it_counts_by_professionals(group):
    colleague = user_with_role(Role.SOCIAL_WORKER, team=group.family.team, name="Sian Cole")
    who = WhoCame(
        HELD, "stand_in", [group.hazel, group.martin, group.teacher], apart={group.dale.person_id: HIS},
        with_them={group.dale.person_id: [group.teacher]}, stood_in=colleague,
        of_plans={group.wren.pk: Led("no_one")},
    )  # fmt: skip
    change_who_came(meeting=group.meeting, who=who, version=1, by=group.worker, now=NOW)
    found = {name: words_of(group, getattr(group, name)) for name in ("hazel", "dale", "martin", "teacher")}
    # Martin is in it for Wren alone, at whose place nobody stood in; Dale sat apart.
    assert {name for name, copy in found.items() if "Sian Cole" in copy} == {"hazel", "teacher"}
    assert "Robin: yes. Wren: no, the time limit runs on" in found["teacher"]
    assert not any("time limit runs on" in found[name] for name in ("hazel", "dale", "martin"))


def test_whoever_did_not_come_reads_the_plan_and_not_what_was_said(group):
    change_who_came(
        meeting=group.meeting,
        who=WhoCame(HELD, "key_worker", [group.hazel, group.teacher], apart={group.dale.person_id: HIS}),
        version=1, by=group.worker, now=NOW,
    )  # fmt: skip
    text = words_of(group, group.martin)
    assert ("Go to the clinic" in text, "She eats well" in text, "Hazel Hazelson" in text) == (True, False, False)


def test_who_sat_apart_does_not_learn_who_missed_the_meeting_of_the_others(group):
    change_who_came(
        meeting=group.meeting,
        who=WhoCame(
            HELD, "key_worker", [group.hazel, group.martin], apologies=[group.teacher],
            apart={group.dale.person_id: HIS},
        ),
        version=1, by=group.worker, now=NOW,
    )  # fmt: skip
    document = prepared(group)
    heard = {name for name in ("martin", "dale") if "Not there" in words_of(group, getattr(group, name), document)}
    assert heard == {"martin"}
    # No chair leads a core group.
    assert "The chair" not in words_of(group, group.dale, document)


def test_an_action_from_a_confidential_part_is_not_printed_for_others(group):
    group.talks.private_to.add(group.hazel.person)
    group.talks.outline = OutlineAction.objects.create(
        conference=group.conference, why="So", what="Talk", by_when_words="soon", who_else="Us",
        created_by=group.worker, created_at=NOW,
    )  # fmt: skip
    group.talks.save()
    document = prepared(group)
    told = {name: "Talk on Mondays" in words_of(group, getattr(group, name), document) for name in ("hazel", "dale")}
    assert told == {"hazel": True, "dale": False}


def test_own_words_about_an_action_are_read_by_no_one_else_of_the_family(group):
    said = record_own_progress(
        action=group.clinic, progress=Progress.DONE, note="I went alone", said_by=group.martin.person, now=NOW,
        guest_session_id=6,
    )  # fmt: skip
    ProgressAtMeeting.objects.create(meeting=group.meeting, action=group.clinic, member=group.martin, recorded=said)
    document = prepared(group)
    names = ("hazel", "martin", "teacher")
    assert {name for name in names if "I went alone" in words_of(group, getattr(group, name), document)} == {
        "martin", "teacher",
    }  # fmt: skip


# Whether a copy may go out


def test_only_the_key_worker_or_a_manager_releases_them_once(group):
    document = prepared(group)
    with pytest.raises(ValidationError, match="Only the key worker"):
        release_core_group_minutes(document=document, by=group.worker, now=NOW)
    released = release_core_group_minutes(document=document, by=group.key_worker, now=NOW)
    assert released.state == DocumentState.RELEASED
    again = release_core_group_minutes(document=document, by=group.manager, now=NOW)
    assert again.released_by == group.key_worker
    due = LaidOutPaper.objects.filter(document=document).values_list("member", "recipient")
    assert set(due) == {(member.pk, None) for member in (group.hazel, group.dale, group.martin, group.teacher)}


def test_preparing_what_has_not_changed_makes_no_version_and_a_new_one_says_why(group):
    first = prepared(group)
    assert prepared(group) == first
    add_meeting_note(
        meeting=group.meeting, heading="worries", text="More", nature=Nature.FACT, children=[group.robin.child],
        by=group.worker, now=NOW,
    )  # fmt: skip
    with pytest.raises(ValidationError):
        prepared(group)
    assert prepared(group, because="A note was missing").number == 2


def leave(group):
    leave_core_group(member=group.martin, plans=[group.wren], on=NOW.date(), because="Moved away", now=NOW)


def risk(group):
    record_contact_risk(
        person=group.martin.person, ground=RiskGround.BAIL, detail="Not near her", by=group.worker,
        now=NOW + datetime.timedelta(seconds=1), protects=[group.hazel.person],
    )  # fmt: skip


def die(group):
    group.wren.child.person.death_date = NOW.date()
    group.wren.child.person.save()


@pytest.mark.parametrize("happens", [leave, risk, die])
def test_nothing_goes_out_after(group, happens):
    document = prepared(group)
    composed_copy(document, group.martin.pk, now=NOW)
    happens(group)
    with pytest.raises(CopyRefusedError):
        composed_copy(document, group.martin.pk, now=NOW)


def test_from_the_18th_birthday_on_no_parent_reads_of_that_child_in_a_version_from_before(group):
    turns = NOW + datetime.timedelta(days=1)
    person = group.robin.child.person
    person.birth_date = turns.date().replace(year=turns.year - 18)
    person.save()
    document = prepared(group)
    assert "Robin" in words_of(group, group.hazel, document)
    with time_machine.travel(turns.replace(hour=0), tick=False):
        hers = words_of(group, group.hazel, document)
        assert ("Robin" in hers, "Talk on Mondays" in hers, "Wren" in hers) == (False, False, True)
        assert "Robin" in words_of(group, group.teacher, document)
        with pytest.raises(CopyRefusedError):
            composed_copy(document, group.dale.pk, now=turns)


def test_a_possible_father_gets_no_copy(group):
    Relationship.objects.filter(person=group.martin.person).update(kind=RelationshipKind.POSSIBLE_FATHER)
    with pytest.raises(CopyRefusedError, match="Not recorded as a known parent"):
        composed_copy(prepared(group), group.martin.pk, now=NOW)


def test_a_copy_is_laid_out_and_its_sending_recorded_once(group):
    document = release_core_group_minutes(document=prepared(group), by=group.key_worker, now=NOW)
    for pk in LaidOutPaper.objects.values_list("pk", flat=True):
        lay_out(pk, now=NOW)
    given = give_out(document, group.dale.pk, now=NOW)
    assert "He would like to help" in pdf_words(given.file)
    facts = {
        "document": document, "recipient": group.dale, "channel": Channel.BY_HAND, "channel_confirmed": "Asked him",
        "sent_at": NOW, "by": group.worker, "now": NOW,
    }  # fmt: skip
    assert record_copy(**facts) == record_copy(**facts)
    assert Copy.objects.values_list("member", "recipient").get() == (group.dale.pk, None)
    document.refresh_from_db()
    assert document.completed_at is None


# The pages


def url(group, name, *args):
    return reverse(f"core_group_minutes:{name}", args=[group.pk, group.meeting.pk, *args])


def test_the_minutes_go_from_the_record_to_each_member_by_pages(client, group):
    client.force_login(group.manager)
    record = client.get(reverse("core_groups:meeting", args=[group.pk, group.meeting.pk]))
    assert url(group, "minutes") in record.content.decode()
    assert client.post(url(group, "prepare"), {}).status_code == 302
    document = group.meeting.documents.get()
    assert "A pill in the evening" in client.get(url(group, "release", document.pk)).content.decode()
    client.post(url(group, "release", document.pk), {})
    page = client.get(url(group, "minutes")).content.decode()
    assert ("Released" in page, url(group, "circulation", document.pk) in page) == (True, True)
    assert client.get(url(group, "copy-pdf", document.pk, group.hazel.pk)).status_code == 202
    send = url(group, "circulation", document.pk)
    assert client.post(send, given_by_hand(client.get(send), group.hazel.pk, timezone.now())).status_code == 302
    assert Copy.objects.get().member == group.hazel


def test_other_members_of_the_family_open_nothing(client, group):
    document = prepared(group)
    client.force_login(group.worker)
    assert client.get(url(group, "release", document.pk)).status_code == 404
    group.teacher.person.user = user_with_role(Role.PROFESSIONAL, authority=group.authority)
    group.teacher.person.save()
    client.force_login(group.teacher.person.user)
    for name, args in (
        ("minutes", ()), ("prepare", ()), ("release", (document.pk,)), ("copy-pdf", (document.pk, group.hazel.pk)),
        ("circulation", (document.pk,)),
    ):  # fmt: skip
        assert client.get(url(group, name, *args)).status_code == 404


def test_each_parent_reads_the_key_worker_of_their_own_child(group):
    other = user_with_role(Role.SOCIAL_WORKER, team=group.family.team)
    KeyWorker.objects.filter(plan=group.wren).update(user=other)
    document = prepared(group)
    told = {name: other.name in words_of(group, getattr(group, name), document) for name in ("hazel", "dale", "martin")}
    assert told == {"hazel": True, "dale": False, "martin": True}


def test_a_bundle_about_one_child_holds_what_the_minutes_say_about_that_child(group):
    said = " ".join(text for _, text in _document_lines(prepared(group), group.wren.child.person))
    assert ("She eats well" in said, "Mornings are calm" in said) == (True, False)
