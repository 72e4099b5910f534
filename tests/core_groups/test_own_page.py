"""A member's own page: their next time, their actions, and what they write before the meeting, by a link of their own."""

from __future__ import annotations

import datetime
import uuid
from http import HTTPStatus

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from accounts.guests.hashing import hash_of
from accounts.guests.pages import COOKIE
from accounts.guests.services import close_link, make_link
from accounts.models import AccessEvent, GuestCode, GuestLink, GuestSession
from conferences.models import ConferenceRequest
from core_groups.enums import HowToMeet
from core_groups.models import (
    ApartDecision,
    CoreGroup,
    CoreGroupMember,
    MeetingScore,
    MeetingStop,
    OwnWords,
    ProgressAtMeeting,
)
from core_groups.selectors.guests import own_part
from core_groups.selectors.recipients import recipients_of
from core_groups.services.guest_links import issue_member_link
from core_groups.services.invitations import send_invitations
from core_groups.services.members import leave_core_group
from core_groups.services.own_words import write_own_words
from core_groups.services.planning import OwnSitting, cancel_meeting, plan_meeting
from core_groups.services.progress import SaidOfAction
from core_groups.services.scores import OneScore
from families.enums import ContactKind, RiskGround
from families.models import ContactPoint, Post
from families.services import record_contact_risk
from notifications.models import Message, Notice
from notifications.services.at_sending import as_it_leaves
from plans.enums import Progress
from plans.models import KeyWorker, Plan
from tests.factories import (
    ChildFactory,
    ConferenceFactory,
    PersonFactory,
    PlanActionFactory,
    PlanFactory,
    PostFactory,
    procedures_with,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
MEETS, HE_MEETS = NOW + DAY, NOW + 2 * DAY + datetime.timedelta(minutes=17)
HOME, WRITE = "/guest/core-group/", "/guest/core-group/write/"


@pytest.fixture(autouse=True)
def _in_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def group():
    """A mother and a father who must not meet, each invited to their own sitting, and a teacher without an account."""
    conference = ConferenceFactory()
    authority, family = conference.authority, conference.family
    group = CoreGroup.objects.create(
        authority=authority, family=family, conference=conference, formed_on=datetime.date(2026, 12, 22)
    )
    group.robin = PlanFactory(child=ChildFactory(authority=authority, family=family, person__given_name="Robin"))
    group.wren = PlanFactory(child=ChildFactory(authority=authority, family=family, person__given_name="Wren"))
    group.plans.add(group.robin, group.wren)
    teacher = PostFactory(agency__authority=authority, email="teacher@school.example")
    for name, person, post, plans in (
        ("mother", PersonFactory(authority=authority), None, [group.robin, group.wren]),
        ("father", PersonFactory(authority=authority), None, [group.wren]),
        ("teacher", teacher.person, teacher, [group.robin]),
    ):
        row = CoreGroupMember.objects.create(core_group=group, person=person, post=post, starts_on=group.formed_on)
        row.plans.set(plans)
        setattr(group, name, row)
        if post is None:
            ContactPoint.objects.create(
                person=person, kind=ContactKind.EMAIL, value=f"{name.title()}@home.example", is_safe=True
            )
    group.worker = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    KeyWorker.objects.create(plan=group.robin, user=group.worker, starts_on=group.formed_on)
    ApartDecision.objects.create(
        core_group=group, person=group.father.person, how=HowToMeet.OWN_SITTING, reason="Bail",
        decided_by=user_with_role(Role.TEAM_MANAGER, team=family.team), decided_at=NOW,
    )  # fmt: skip
    group.calm = PlanActionFactory(plan=group.robin, what="Put her to bed at eight", who_person=group.mother.person)
    group.visits = PlanActionFactory(plan=group.robin, what="See her on Mondays", who_post=teacher)
    group.meeting = plan_meeting(
        core_group=group, meeting=None, planned_at=MEETS, place="Mulberry House", by=group.worker, now=NOW,
        apart={group.father.person_id: OwnSitting(HE_MEETS, "The library")},
    )  # fmt: skip
    send_invitations(meeting=group.meeting, now=NOW)
    return group


def come_in(client, member):
    return come_in_by(
        client, GuestLink.objects.get(purpose="core_group", subject_id=member.pk, revoked_at__isnull=True)
    )


def come_in_by(client, link):
    cookie = f"cookie {uuid.uuid4()}"
    code = GuestCode.objects.create(
        link=link, asker_hash=hash_of(f"asker {cookie}"), sent_to=link.sent_to, asked_at=NOW,
        expires_at=NOW + DAY, used_at=NOW,
    )  # fmt: skip
    GuestSession.objects.create(link=link, code=code, token_hash=hash_of(cookie), started_at=NOW, last_seen_at=NOW)
    client.cookies[COOKIE] = cookie
    return client


def text(client, address=HOME):
    return client.get(address).content.decode()


def test_the_invitation_brings_each_member_a_link_of_their_own(group):
    links = GuestLink.objects.filter(purpose="core_group").order_by("subject_id")
    assert [(link.person_id, link.sent_to) for link in links] == [
        (group.mother.person_id, "mother@home.example"),
        (group.father.person_id, "father@home.example"),
        (group.teacher.person_id, "teacher@school.example"),
    ]
    message = Message.objects.get(to_email="Mother@home.example")
    assert "/guest/open/" in as_it_leaves(message, now=NOW)


def test_a_professional_with_an_account_gets_no_link(group):
    group.teacher.person.user = user_with_role(Role.PROFESSIONAL, authority=group.authority)
    group.teacher.person.save()
    assert own_link(group.teacher) == "closed"


def own_link(member):
    from accounts.guests.purposes import open_links  # noqa: PLC0415 - beside its one use

    return "open" if open_links(NOW).filter(subject_id=member.pk, purpose="core_group").exists() else "closed"


def test_the_page_shows_their_own_time_place_children_and_actions(client, group):
    page = text(come_in(client, group.mother))
    assert ("Mulberry House" in page, "12:00" in page, "Robin and Wren" in page) == (True, True, True)
    assert ("Put her to bed at eight" in page, "See her on Mondays" in page) == (True, False)
    his = text(come_in(client, group.father))
    assert ("The library" in his, "12:17" in his) == (True, True)
    assert not any(word in his for word in ("Mulberry House", "Robin", "12:00", group.mother.person.family_name))
    assert AccessEvent.objects.filter(page="guest_core_group:home", subject="CoreGroupMember").count() == 2


def leave(group):
    plans = [group.wren]
    leave_core_group(member=group.father, plans=plans, on=NOW.date(), because="Moved", now=NOW)


def risk(group):
    record_contact_risk(
        person=group.father.person, ground=RiskGround.BAIL, detail="Not near her", by=group.worker,
        now=NOW + datetime.timedelta(seconds=1), protects=[group.mother.person],
    )  # fmt: skip


def end_plan(group):
    Plan.objects.filter(pk=group.wren.pk).update(ends_on=NOW.date(), end_reason="review")


def die(group):
    group.wren.child.person.death_date = NOW.date()
    group.wren.child.person.save()


def share_mailbox(group):
    ContactPoint.objects.create(
        person=group.mother.person, kind=ContactKind.EMAIL, value="father@home.example", is_safe=False
    )


def unsafe(group):
    ContactPoint.objects.filter(person=group.father.person).update(is_safe=False)


@pytest.mark.parametrize("happens", [leave, risk, end_plan, die, share_mailbox, unsafe])
def test_it_closes_on_the_next_request(client, group, happens):
    come_in(client, group.father)
    assert client.get(HOME).status_code == 200
    happens(group)
    assert (client.get(HOME).status_code, client.post(WRITE, {}).status_code) == (404, 404)
    typed = client.post(WRITE, {"words": "We need a bigger flat"})
    assert "We need a bigger flat" in typed.content.decode()
    assert "What you typed is kept" not in typed.content.decode()


def turn_18(child, *, on=None):
    on = on or NOW.date()
    child.person.birth_date = on.replace(year=on.year - 18)
    child.person.save()


def test_the_familys_page_loses_a_child_on_the_18th_birthday_and_the_teachers_does_not(client, group):
    turn_18(group.robin.child, on=NOW.date() + DAY)
    assert "Robin and Wren" in text(come_in(client, group.mother))
    turn_18(group.robin.child)
    page = text(client)
    assert ("Robin" in page, "Wren" in page, "Put her to bed at eight" in page) == (False, True, False)
    assert "Robin" not in text(client, WRITE)
    with pytest.raises(ValidationError):
        own(group, member=group.mother, words=[(group.robin.child, "Well")])
    with pytest.raises(ValidationError):
        own(group, member=group.mother, progress=[SaidOfAction(group.calm, Progress.DONE, "", 1)])
    assert "See her on Mondays" in text(come_in(client, group.teacher))


def test_who_was_in_it_for_a_child_who_turned_18_comes_in_no_more_and_is_invited_no_more(client, group):
    turn_18(group.wren.child, on=NOW.date() + DAY)
    assert come_in(client, group.father).get(HOME).status_code == 200
    turn_18(group.wren.child)
    assert (client.get(HOME).status_code, client.post(WRITE, {}).status_code) == (404, 404)
    (his,) = [one for one in recipients_of(group.meeting, on=NOW.date()) if one.member == group.father]
    assert his.why_not == "The young person is an adult now, and decides who in the family is told."


def test_the_young_adult_goes_on_in_their_own_core_group(client, group):
    turn_18(group.robin.child)
    row = CoreGroupMember.objects.create(
        core_group=group, person=group.robin.child.person, starts_on=group.formed_on
    )  # fmt: skip
    row.plans.add(group.robin)
    ContactPoint.objects.create(
        person=row.person, kind=ContactKind.EMAIL, value="robin@home.example", is_safe=True
    )  # fmt: skip
    issue_member_link(row, until=MEETS, now=NOW)
    assert "for you" in text(come_in(client, row))


def test_a_teachers_page_ends_with_their_post(client, group):
    come_in(client, group.teacher)
    assert "See her on Mondays" in text(client)
    Post.objects.filter(pk=group.teacher.post_id).update(ends_on=NOW.date())
    assert client.get(HOME).status_code == 404


def test_what_they_write_is_theirs_and_entered_by_a_guest(client, group):
    come_in(client, group.mother)
    typed = {
        f"words_{group.robin.child_id}": "She sleeps again", f"progress_{group.calm.pk}": "done",
        f"said_{group.calm.pk}": "Every night",
    }  # fmt: skip
    answer = client.post(WRITE, typed)
    assert answer["Location"].endswith("?said=words")
    row, entry = OwnWords.objects.get(), ProgressAtMeeting.objects.get()
    session = GuestSession.objects.get()
    assert (row.text, row.member, row.recorded_by, row.guest_session_id) == (
        "She sleeps again", group.mother, None, session.pk,
    )  # fmt: skip
    assert (entry.member, entry.progress, entry.recorded.guest_session_id, entry.recorded.is_own) == (
        group.mother, Progress.DONE, session.pk, True,
    )  # fmt: skip
    group.calm.refresh_from_db()
    assert group.calm.progress == Progress.NOT_STARTED
    assert Notice.objects.get(key__startswith="core-group-words").user == group.worker
    page = text(client, WRITE)
    assert ("She sleeps again" in page, "Every night" in page) == (True, True)
    assert "She sleeps again" not in text(come_in(client, group.father), WRITE)


def test_an_empty_form_and_what_says_no_why_are_refused_with_the_rest_kept(client, group):
    come_in(client, group.mother)
    assert client.post(WRITE, {}).status_code == 200
    typed = {f"words_{group.robin.child_id}": "Tired", f"progress_{group.calm.pk}": "stuck"}
    page = client.post(WRITE, typed)
    assert (list(page.context["form"].errors), "Tired" in page.content.decode()) == ([f"said_{group.calm.pk}"], True)


def own(group, *, words=(), progress=(), **changes):
    return write_own_words(
        **{
            "meeting": group.meeting, "member": group.father, "words": words, "progress": progress,
            "guest_session_id": 9, "now": NOW, **changes,
        }
    )  # fmt: skip


def test_sending_it_again_keeps_both_and_the_same_changes_nothing(group):
    child = group.wren.child
    own(group, words=[(child, "Well")])
    own(group, words=[(child, "Well")])
    own(group, words=[(child, "Not so well")])
    assert list(OwnWords.objects.order_by("pk").values_list("text", "superseded_at")) == [
        ("Well", NOW), ("Not so well", None),
    ]  # fmt: skip


def test_no_one_writes_about_anothers_child_or_action_or_for_a_cancelled_meeting(group):
    with pytest.raises(ValidationError):
        own(group, words=[(group.robin.child, "Mine too")])
    with pytest.raises(ValidationError):
        own(group, progress=[SaidOfAction(group.calm, Progress.DONE, "", 1)])
    cancel_meeting(meeting=group.meeting, reason="Snow", by=group.worker, now=NOW)
    with pytest.raises(ValidationError, match="No meeting is arranged"):
        own(group, words=[(group.wren.child, "Well")])


def test_their_own_score_is_kept_and_a_score_of_0_reaches_the_workers_at_once(client, group):
    page = come_in(client, group.mother)
    child = group.robin.child_id
    assert "How safe is" in text(page, WRITE)
    refused = client.post(WRITE, {f"score_{child}": "0"})
    assert list(refused.context["form"].errors) == [f"why_{child}", "show"]
    client.post(WRITE, {f"score_{child}": "0", f"why_{child}": "He waits outside", "show": "no"})
    score = MeetingScore.objects.get()
    assert (score.member, score.child_id, score.value, score.recorded_by) == (group.mother, child, 0, None)
    assert Notice.objects.filter(key=f"core-group-stop:{MeetingStop.objects.get().pk}", urgent=True).exists()
    client.post(WRITE, {f"score_{child}": "abstained"})
    assert list(MeetingScore.objects.filter(superseded_at=None).values_list("given", "value")) == [("abstained", None)]
    assert "He waits outside" not in text(come_in(client, group.father), WRITE)


@pytest.mark.value("scaling-at-core-groups")
def test_where_the_council_gives_no_scores_no_one_is_asked_or_taken_at_their_word(client, group):
    procedures_with(group.authority, since=NOW.date(), values={"scaling-at-core-groups": "not used"})
    come_in(client, group.mother)
    assert "How safe is" not in text(client, WRITE)
    with pytest.raises(ValidationError, match="don’t give scores"):
        own(group, scores=[OneScore(group.wren.child, 3, "given", "Because")])


def test_the_record_shows_their_words_to_the_workers(client, group):
    own(group, words=[(group.wren.child, "Well")])
    assert own_part(group.father, on=NOW.date()).has_written
    assert not own_part(group.mother, on=NOW.date()).has_written


def test_one_link_opens_all_that_is_open_to_the_person(client, group):
    """A second membership at the same mailbox stands on the same page; what ends leaves the rest."""
    come_in(client, group.mother)
    GuestLink.objects.filter(subject_id=group.mother.pk).update(purpose="invitation", subject_id=0)
    assert client.get(HOME).status_code == 200
    assert client.get(reverse("guests:arrive"))["Location"] == HOME
    assert client.get("/guest/meeting/").status_code == 404


ASK = "/guest/core-group/conference/"


def test_a_professional_asks_for_a_conference_about_their_children_and_the_family_does_not(group, client):
    come_in(client, group.teacher)
    assert ASK in text(client)
    form = text(client, ASK)
    assert ["Robin" in form, "Wren" in form] == [True, False]
    sent = client.post(ASK, {"children": [group.robin.child_id], "grounds": "She is afraid", "police": "not_asked"})
    assert sent.status_code == HTTPStatus.FOUND
    request = ConferenceRequest.objects.get()
    assert (request.family, request.post, request.reply_to) == (
        group.family, group.teacher.post, "teacher@school.example",
    )  # fmt: skip
    come_in(client, group.mother)
    assert ASK not in text(client)
    assert client.get(ASK).status_code == HTTPStatus.NOT_FOUND


def two_links(group):
    """The mother's own link to the group, and another that led her to a meeting: the one she came in by."""
    own = GuestLink.objects.get(purpose="core_group", subject_id=group.mother.pk)
    other = make_link(
        authority=group.authority, purpose="invitation", subject_id=0, person_id=own.person_id, sent_to=own.sent_to,
        expires_at=NOW + DAY, by=None, now=NOW,
    )  # fmt: skip
    return own, other


def test_a_stay_goes_on_when_only_what_its_link_led_to_has_ended(client, group):
    own, other = two_links(group)
    come_in_by(client, other)
    close_link(link=other, because="The conference is cancelled.", by=None, now=NOW, stays_go_on=True)
    assert "Mulberry House" in text(client)
    close_link(link=own, because="Left the core group", by=None, now=NOW, stays_go_on=True)
    assert "This page is closed" in text(client)


def test_a_stay_goes_on_when_its_link_has_expired_and_another_has_not(client, group):
    _, other = two_links(group)
    come_in_by(client, other)
    GuestLink.objects.filter(pk=other.pk).update(expires_at=NOW)
    assert "Mulberry House" in text(client)


def test_a_stay_ends_with_a_link_that_somebody_closed_and_with_another_mailbox(client, group):
    own, other = two_links(group)
    come_in_by(client, other)
    GuestLink.objects.filter(pk=own.pk).update(sent_to="another@home.example")
    GuestLink.objects.filter(pk=other.pk).update(expires_at=NOW)
    assert "This page is closed" in text(client)
    GuestLink.objects.filter(pk=own.pk).update(sent_to=other.sent_to)
    close_link(link=other, because="Lost phone", by=None, now=NOW)
    assert "This page is closed" in text(client)


def test_a_child_in_the_group_reads_you_and_says_how_things_are_for_themselves(client, group):
    robin = group.robin.child.person
    ContactPoint.objects.create(person=robin, kind=ContactKind.EMAIL, value="robin@home.example", is_safe=True)
    row = CoreGroupMember.objects.create(core_group=group, person=robin, starts_on=group.formed_on)
    row.plans.set([group.robin, group.wren])
    PlanActionFactory(plan=group.robin, what="Ring Nan on Sundays", who_person=robin)
    link = issue_member_link(row, until=MEETS, now=NOW)
    come_in_by(client, link)
    page = " ".join(text(client).split())
    assert "carry out the plan for you and Wren" in page
    assert "Ring Nan on Sundays</span>, for you" in page
    form = text(client, "/guest/core-group/write/")
    assert ["How are things for you?" in form, "How are things for Wren?" in form] == [True, True]
    assert "How are things for Robin?" not in form
