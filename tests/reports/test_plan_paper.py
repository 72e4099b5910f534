"""A plan as a released paper: each person's own copy, released by the key worker, and who is told or not told."""

from __future__ import annotations

import datetime
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.guests.hashing import hash_of
from accounts.guests.pages import COOKIE
from accounts.models import GuestCode, GuestSession
from conferences.enums import Capacity, Occasion
from conferences.models import ToTell
from conferences.services.guest_links import issue_link
from core_groups.models import CoreGroup, CoreGroupMember
from core_groups.services.core_groups import form_core_group
from core_groups.services.members import leave_core_group
from families.enums import AgencyKind, ContactKind, RelationshipKind, RiskGround
from families.models import AgencyInvolvement, ContactPoint, Relationship
from families.services import record_contact_risk
from govuk.words import plain_date
from notifications.models import Message
from plans.enums import Occasion as When
from plans.enums import PlanEntryKind, WhyChanged
from plans.models import KeyWorker
from plans.services.document import ActionWords, EntryWords, add_to_plans
from plans.services.key_workers import hand_over_plan, record_family_told
from plans.services.plans import follow_decision
from plans.services.versions import Why
from reports.enums import Channel, DocumentState
from reports.models import Copy, LaidOutPaper
from reports.pdf import html_of
from reports.selectors.plan_papers import circulation_today
from reports.services.circulation import record_copy
from reports.services.documents import composed_copy
from reports.services.laying_out import give_out, lay_out, stamp_of
from reports.services.plan_papers import prepare_plan_paper, release_plan_paper
from reports.services.refusals import CopyRefusedError
from tests.factories import (
    AgencyFactory,
    ConferenceChildFactory,
    DecisionFactory,
    ParticipantFactory,
    PersonFactory,
    PostFactory,
    SittingFactory,
    family_participant,
    user_with_role,
)
from tests.layout import pdf_words
from tests.sending import given_by_hand
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
TODAY = NOW.date()
READERS = ("hazel", "dale", "martin", "robin", "teacher", "refuge")


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


def write(life, words, *, plans=None, reason="At the start", now=NOW):
    why = Why(occasion=When.BETWEEN, because=WhyChanged.CIRCUMSTANCES, reason=reason, by=life.worker, now=now)
    add_to_plans(plans=plans or [life.plan], words=words, why=why)


@once_per_module(at=NOW)
def life():
    """Hazel, whose refuge Dale must not find, has Robin with Dale and Wren with Martin; the plan is Robin's."""
    robin = ConferenceChildFactory(kind="initial")
    conference = robin.conference
    wren = ConferenceChildFactory(conference=conference)
    SittingFactory(conference=conference)
    life = conference
    for name in ("Hazel", "Dale", "Martin"):
        row = family_participant(conference, Capacity.PARENT)
        row.person.given_name, row.person.family_name = name, f"{name}son"
        row.person.save()
        setattr(life, name.lower(), row)
    for row, name, father in ((robin, "Robin", life.dale), (wren, "Wren", life.martin)):
        row.child.person.given_name, row.child.person.family_name = name, "Sparrow"
        row.child.person.save()
        for parent, kind in ((life.hazel, RelationshipKind.MOTHER), (father, RelationshipKind.FATHER)):
            Relationship.objects.create(person=parent.person, child=row.child, kind=kind)
    life.robin = family_participant(conference, Capacity.CHILD, person=robin.child.person)
    life.teacher = ParticipantFactory(conference=conference, children=[robin])
    AgencyInvolvement.objects.create(
        child=robin.child, agency=life.teacher.agency, post=life.teacher.post, direct_contact=True
    )
    shelter = PostFactory(
        agency=AgencyFactory(authority=conference.authority, kind=AgencyKind.DOMESTIC_ABUSE, name="Thistledown Refuge"),
        person=PersonFactory(authority=conference.authority, given_name="Petra", family_name="Dipper"),
        title="Refuge worker",
    )
    known = AgencyInvolvement.objects.create(
        child=robin.child, agency=shelter.agency, post=shelter, confidential=True, direct_contact=True
    )
    known.hidden_from.set([life.dale.person])
    life.refuge = ParticipantFactory(conference=conference, post=shelter, children=[robin])
    decision = DecisionFactory(conference_child=robin)
    decision.core_group.set([life.hazel, life.dale, life.teacher])
    follow_decision(decision, NOW)
    form_core_group(decision, NOW)
    life.plan = robin.child.plans.get()
    life.key_worker = KeyWorker.objects.get(plan=life.plan, ends_on=None).user
    life.worker = user_with_role(Role.SOCIAL_WORKER, team=life.family.team)
    life.manager = user_with_role(Role.TEAM_MANAGER, team=life.family.team)
    hazel, dale, martin = life.hazel.person, life.dale.person, life.martin.person
    for words in (
        EntryWords(kind=PlanEntryKind.WISHES, text="I want a quiet bed"),
        EntryWords(kind=PlanEntryKind.DANGER, text="He may be hurt in a quarrel"),
        EntryWords(kind=PlanEntryKind.NEED, text="To sleep all night", services="Sleep clinic"),
        EntryWords(kind=PlanEntryKind.NEED, text="To have peace from Wren"),
        EntryWords(kind=PlanEntryKind.CONTINGENCY, text="Nights are bad", we_do="Go to Thistledown", who_else="All"),
        EntryWords(kind=PlanEntryKind.CONTINGENCY, text="He is late", we_do="We ring you", who_else="School"),
        ActionWords(what="Go to the group for mothers", why="It helps", who=[(hazel, None)], by_when_words="soon",
                    private_to=[hazel]),
        ActionWords(what="Read a story at eight", why="It calms", who=[(dale, None)], by_when_words="daily"),
        ActionWords(what="Talk on Mondays", why="It helps", who=[(shelter.person, shelter)], by_when_words="weekly"),
        ActionWords(what="Mend the stairs", why="They are broken", who=[(martin, None)], by_when_words="in May"),
        ActionWords(what="Tell Martin Martinson to stay away", why="Quarrels", who=[(hazel, None)],
                    by_when_words="now"),
    ):  # fmt: skip
        write(life, words)
    return life


def prepared(life, **changes):
    return prepare_plan_paper(**{"plan": life.plan, "by": life.worker, "now": NOW, **changes})


def released(life):
    return release_plan_paper(document=prepared(life), by=life.key_worker, now=NOW)


def words_for(document, seat, now=NOW):
    return html_of(composed_copy(document, seat.person_id, now=now), stamp_of(document))


# What each copy says

SAID = {
    "I want a quiet bed": {"hazel", "dale", "robin", "teacher", "refuge"},
    "He may be hurt": {"hazel", "dale", "teacher", "refuge"},
    "To sleep all night": {"hazel", "dale", "robin", "teacher", "refuge"},
    # Of a half-sister who is not his, Dale reads nothing; nor does Robin on paper.
    "from Wren": {"hazel", "teacher", "refuge"},
    # What leads to the refuge reaches Dale by no road: not the place, the worker, or a sentence that names it.
    "Thistledown": {"hazel", "robin", "teacher", "refuge"} - {"robin"},
    "Dipper": {"hazel", "robin", "teacher", "refuge"},
    "We ring you": {"hazel", "dale", "teacher", "refuge"},
    "the group for mothers": {"hazel"},
    "Read a story at eight": {"hazel", "dale", "robin", "teacher", "refuge"},
    "Talk on Mondays": {"hazel", "dale", "robin", "teacher", "refuge"},
    # Wren's father is no one to Robin's father: what he does is there without his name.
    "Mend the stairs": {"hazel", "dale", "robin", "teacher", "refuge"},
    "Martinson": {"teacher", "refuge", "hazel"},
    "What I do": {"hazel", "dale"},
    "Whom to ring": {"hazel", "dale", "robin"},
    "What happens if it does not work": {"hazel", "dale"},
    "What you do": {"robin", "refuge"},
    "How far": {"teacher", "refuge"},
}


@pytest.mark.parametrize("text", SAID)
def test_each_copy_says_what_its_reader_may_know(life, text):
    document = prepared(life)
    found = {name for name in READERS if name != "martin" and text in words_for(document, getattr(life, name))}
    assert found == SAID[text]


def test_the_father_of_a_half_sister_gets_no_copy(life):
    with pytest.raises(CopyRefusedError, match="Not recorded"):
        composed_copy(prepared(life), life.martin.person_id, now=NOW)


def test_a_possible_father_gets_no_copy(life):
    Relationship.objects.filter(person=life.dale.person).update(kind=RelationshipKind.POSSIBLE_FATHER)
    with pytest.raises(CopyRefusedError, match="Not recorded as a known parent"):
        composed_copy(prepared(life), life.dale.person_id, now=NOW)


# Released


def test_only_the_key_worker_a_manager_or_the_chair_releases_it_and_once(life):
    document = prepared(life)
    with pytest.raises(ValidationError, match="Only the key worker"):
        release_plan_paper(document=document, by=life.worker, now=NOW)
    first = release_plan_paper(document=document, by=life.key_worker, now=NOW)
    told = ToTell.objects.count()
    again = release_plan_paper(document=document, by=life.manager, now=NOW)
    assert (again.released_by, ToTell.objects.count()) == (life.key_worker, told)
    assert set(LaidOutPaper.objects.filter(document=first).values_list("person", flat=True)) == {
        getattr(life, name).person_id for name in READERS if name != "martin"
    }


def test_preparing_what_has_not_changed_makes_no_version_and_a_change_marks_the_old_one(life):
    first = prepared(life)
    assert prepared(life) == first
    write(life, EntryWords(kind=PlanEntryKind.NEED, text="To see friends"), reason="More")
    second = prepared(life)
    first.refresh_from_db()
    assert (second.number, first.state) == (2, DocumentState.SUPERSEDED)
    assert "it now stands in version" in first.superseded_because


def test_whoever_has_no_account_is_told_and_the_others_are_listed_with_the_reason(life):
    released(life)
    rows = {row.participant.person.given_name: row for row in ToTell.objects.filter(occasion=Occasion.PLAN_VERSION)}
    assert {name: row.ended_because for name, row in rows.items() if name in {"Hazel", "Dale", "Martin"}} == {
        "Hazel": "", "Dale": "", "Martin": "Not recorded any more as related to Robin Sparrow or responsible for Robin Sparrow.",
    }  # fmt: skip
    said = f"There is a child protection plan for Robin Sparrow, on {plain_date(TODAY)}."
    assert said in rows["Dale"].words
    assert "Thistledown" not in rows["Dale"].words


def test_a_newer_version_is_told_in_place_of_the_older_one(life):
    released(life)
    write(life, EntryWords(kind=PlanEntryKind.NEED, text="To see friends"), reason="More")
    released(life)
    rows = ToTell.objects.filter(occasion=Occasion.PLAN_VERSION, participant=life.dale).order_by("pk")
    assert [row.ended_because for row in rows] == ["Something later is told in its place.", ""]
    assert "was changed" in rows[1].words


# Whether a copy may go out


def leave_the_group(life):
    member = CoreGroupMember.objects.get(person=life.dale.person)
    leave_core_group(member=member, plans=[life.plan], on=TODAY, because="Moved", now=NOW)
    Relationship.objects.filter(person=life.dale.person).update(ends_on=TODAY)


def pose_a_risk(life):
    record_contact_risk(
        person=life.dale.person, ground=RiskGround.BAIL, detail="Not near her", by=life.worker,
        now=NOW + datetime.timedelta(seconds=1), protects=[life.hazel.person],
    )  # fmt: skip


def end_the_plan(life):
    type(life.plan).objects.filter(pk=life.plan.pk).update(ends_on=TODAY, end_reason="no_longer_at_risk")


@pytest.mark.parametrize("happens", [leave_the_group, pose_a_risk, end_the_plan])
def test_nothing_goes_out_once_someone_is_not_entitled_any_more(life, happens):
    document = released(life)
    composed_copy(document, life.dale.person_id, now=NOW)
    happens(life)
    later = NOW + datetime.timedelta(minutes=1)
    with pytest.raises(CopyRefusedError):
        send(life, document, life.dale, now=later)
    assert not Copy.objects.exists()
    row = next(
        row for row in circulation_today(document, life.plan, on=TODAY).not_due if row.name == "Dale Daleson"
    ) if happens is not end_the_plan else None  # fmt: skip
    assert row is None or row.because


def test_what_was_marked_confidential_since_does_not_go_out(life):
    document = released(life)
    clinic = AgencyFactory(authority=life.authority, name="Sleep clinic")
    known = AgencyInvolvement.objects.create(child=life.plan.child, agency=clinic, confidential=True)
    known.hidden_from.set([life.dale.person])
    with pytest.raises(CopyRefusedError, match="marked confidential"):
        composed_copy(document, life.dale.person_id, now=NOW)


def test_an_agency_gets_it_through_its_present_post(life):
    document = released(life)
    send(life, document, life.teacher)
    life.teacher.post.ends_on = TODAY
    life.teacher.post.save()
    new = PostFactory(agency=life.teacher.agency)
    AgencyInvolvement.objects.filter(agency=life.teacher.agency).update(post=new)
    again = prepared(life, because="The teacher left")
    because = {row["name"]: row["because"] for row in again.content["participants"]}
    assert because[new.person.full_name] == ""
    assert because[life.teacher.person.full_name].startswith("Has left the post")


def test_whoever_helped_holds_it_and_left_is_listed_as_not_told(life):
    group = CoreGroup.objects.get()
    aunt = CoreGroupMember.objects.create(core_group=group, person=PersonFactory(authority=life.authority), post=None)
    aunt.plans.set([life.plan])
    Relationship.objects.create(person=aunt.person, child=life.plan.child, kind=RelationshipKind.GRANDPARENT)
    send(life, released(life), aunt)
    leave_core_group(member=aunt, plans=[life.plan], on=TODAY, because="Moved", now=NOW)
    rows = {row["id"]: row["because"] for row in prepared(life, because="She left").content["participants"]}
    assert rows[aunt.person_id].startswith("Does not help with this plan any more")


def send(life, document, seat, now=NOW):
    return record_copy(
        document=document, recipient=seat.person, channel=Channel.BY_HAND, channel_confirmed="Asked", sent_at=NOW,
        by=life.worker, now=now,
    )  # fmt: skip


def test_sending_is_recorded_once_and_ends_what_was_to_tell(life):
    document = released(life)
    assert send(life, document, life.dale) == send(life, document, life.dale)
    assert Copy.objects.values_list("person", "recipient", "member").get() == (life.dale.person_id, None, None)
    row = ToTell.objects.get(participant=life.dale, occasion=Occasion.PLAN_VERSION)
    assert row.ended_because == "They were sent their own copy of the plan."


@pytest.mark.lays_out
def test_a_copy_is_laid_out(life):
    document = released(life)
    for pk in LaidOutPaper.objects.filter(person=life.dale.person).values_list("pk", flat=True):
        lay_out(pk, now=NOW)
    said = pdf_words(give_out(document, life.dale.person_id, now=NOW).file)
    for words in ("The plan for Robin Sparrow", "What I do", "Read a story at eight", "Copy for Dale Daleson"):
        assert words in said
    assert "Thistledown" not in said


# A new key worker


def test_the_family_and_members_without_an_account_are_told_of_a_new_key_worker(life):
    hand_over_plan(
        plan=life.plan, to=life.worker, on=TODAY, because="She left", is_interim=False, by=life.manager, now=NOW
    )
    rows = ToTell.objects.filter(occasion=Occasion.KEY_WORKER, participant=life.dale)
    assert f"the key worker for Robin Sparrow is {life.worker.name}" in rows.get().words
    record_family_told(plan=life.plan, told_on=TODAY, how="By phone", now=NOW)
    assert rows.get().ended_because == f"The family was told on {plain_date(TODAY)}."
    assert ToTell.objects.get(occasion=Occasion.KEY_WORKER, participant=life.teacher).ended_at is None
    assert not any("Robin" in message.subject for message in Message.objects.all())


# The pages


def url(life, name, *args):
    return reverse(f"plan_papers:{name}", args=[life.plan.pk, *args])


def test_the_plan_goes_to_each_person_by_pages(client, life):
    client.force_login(life.manager)
    page = client.get(reverse("plans:plan", args=[life.plan.pk])).content.decode()
    assert url(life, "paper") in page
    assert client.get(url(life, "prepare")).status_code == 200
    assert client.post(url(life, "prepare"), {}).status_code == 302
    document = life.plan.documents.get()
    assert "Mend the stairs" in client.get(url(life, "release", document.pk)).content.decode()
    client.post(url(life, "release", document.pk), {})
    page = client.get(url(life, "paper")).content.decode()
    dale = life.dale.person_id
    assert ("Released" in page, url(life, "circulation", document.pk) in page, "Not told" in page) == (True,) * 3
    assert client.get(url(life, "copy-pdf", document.pk, dale)).status_code == 202
    send = url(life, "circulation", document.pk)
    assert client.post(send, given_by_hand(client.get(send), dale, timezone.now())).status_code == 302
    assert Copy.objects.get().person == life.dale.person


def come_in(client, life, seat):
    link = issue_link(participant=seat, sitting=life.sittings.first(), now=NOW)
    until, cookie = NOW + datetime.timedelta(minutes=10), f"cookie {uuid.uuid4()}"
    code = GuestCode.objects.create(
        link=link, asker_hash=hash_of(f"asker {cookie}"), sent_to=link.sent_to, asked_at=NOW, expires_at=until,
        used_at=NOW,
    )  # fmt: skip
    GuestSession.objects.create(link=link, code=code, token_hash=hash_of(cookie), started_at=NOW, last_seen_at=NOW)
    client.cookies[COOKIE] = cookie


def test_a_guest_reads_their_own_plan_and_no_one_elses_while_they_are_entitled(client, life):
    type(life).objects.filter(pk=life.pk).update(status="scheduled")
    ContactPoint.objects.create(person=life.dale.person, kind=ContactKind.EMAIL, value=life.dale.email, is_safe=True)
    document = released(life)
    his, hers = send(life, document, life.dale), send(life, document, life.hazel)
    come_in(client, life, life.dale)
    listed = client.get(reverse("guest_papers:papers")).content.decode()
    assert ("The plan for Robin" in listed, reverse("guest_papers:plan", args=[his.pk]) in listed) == (True, True)
    assert client.get(reverse("guest_papers:plan", args=[his.pk])).status_code == 202
    assert client.get(reverse("guest_papers:plan", args=[hers.pk])).status_code == 404
    Relationship.objects.filter(person=life.dale.person).update(ends_on=TODAY)
    assert "The plan for Robin" not in client.get(reverse("guest_papers:papers")).content.decode()
    assert client.get(reverse("guest_papers:plan", args=[his.pk])).status_code == 404
