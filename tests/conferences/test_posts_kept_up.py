"""A worker's post changes or ends: standing invitations, links, calendar entries and the work that was to come follow."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import GuestLink
from conferences.enums import Capacity, ConferenceStatus, ParticipantStatus, SittingState
from conferences.models import Conference, Participant, Sitting
from conferences.services.deputies import confirm_deputy, name_deputy
from core_groups.models import CoreGroup, CoreGroupMember
from families.models import AgencyInvolvement, Post, WorkOfPost
from families.services import change_post, end_post, give_work, restrict_family, settle_work
from notifications.models import Message, Notice
from plans.models import Plan, PlanAction
from tests.conferences import guests
from tests.conferences.story import NOW, invited, on_list, tell
from tests.factories import PersonFactory, PostFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HOME = "/guest/meeting/"
NEW = "shazia.wing@new.example"
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@once_per_module(at=NOW)
def story():
    return tell()


@once_per_module(at=NOW)
def shazia(story):
    return on_list(invited(story), story.posts["academy"].person)


@once_per_module(at=NOW)
def shazias_way(shazia):
    return guests.way_in(shazia)


@pytest.fixture
def inside(shazias_way):
    return guests.go_on(Client(), shazias_way)


@pytest.fixture
def post(story):
    return Post.objects.get(pk=story.posts["academy"].pk)


@pytest.fixture
def colleague(story, post):
    person = PersonFactory(authority=story.authority, given_name="Iris", family_name="Dunlin")
    return PostFactory(agency=post.agency, person=person, title="Deputy head", email="iris@agency.example")


def changed(post, story, **changes):
    facts = {"title": post.title, "email": post.email, "phone": post.phone, "because": "The office, by telephone"}
    return change_post(post=post, by=story.coordinator, now=NOW, **{**facts, **changes})


def ended(post, story, **changes):
    facts = {"on": TODAY, "because": "Moved away", **changes}
    return end_post(post=post, by=story.coordinator, now=NOW, **facts)


def sent_since(address, before):
    guests.send()
    return [message.subject for message in mail.outbox[before:] if message.to == [address]]


def test_a_changed_mailbox_takes_the_invitation_and_the_link_with_it(shazia, story, post, inside):
    old = shazia.email
    assert inside.get(HOME).status_code == 200
    before = len(mail.outbox)
    changed(post, story, email=NEW)
    assert inside.get(HOME).status_code == 404
    shazia.refresh_from_db()
    assert (shazia.email, shazia.status) == (NEW, ParticipantStatus.INVITED)
    assert sent_since(old, before) == []
    assert len(sent_since(NEW, before)) == 1
    links = GuestLink.objects.filter(subject_id=shazia.pk, purpose="invitation")
    assert {link.sent_to: link.revoked_at is None for link in links} == {old: False, NEW: True}
    again = Client()
    guests.come_in(again, shazia)
    assert again.get(HOME).status_code == 200
    assert Notice.objects.filter(user=story.coordinator, text__contains="another e-mail address").exists()


def test_what_was_not_sent_yet_never_leaves_for_the_old_mailbox(story, post):
    conference = invited(story)
    row = on_list(conference, post.person)
    assert Message.objects.filter(to_email=row.email, sent_at=None).exists()
    before = len(mail.outbox)
    old = row.email
    changed(post, story, email=NEW)
    assert sent_since(old, before) == []
    assert len(sent_since(NEW, before)) == 1


def test_changing_twice_from_two_tabs_tells_the_second(story, post, shazia):
    changed(post, story, phone="01632 960111", version=post.version)
    with pytest.raises(ValidationError, match="Someone else has changed this post"):
        changed(post, story, phone="01632 960222", version=post.version)
    post.refresh_from_db()
    queued = Message.objects.count()
    changed(post, story)
    assert (post.phone, Message.objects.count()) == ("01632 960111", queued)


@pytest.mark.parametrize("email", ["shazia", "callum@agency.example"])
def test_an_address_that_is_none_or_someone_elses_is_refused(story, post, shazia, email):
    with pytest.raises(ValidationError) as refused:
        changed(post, story, email=email, because=" ")
    assert set(refused.value.message_dict) == {"email", "because"}


@pytest.mark.parametrize("email", ["", "hazel@home.example"])
def test_without_an_address_that_can_be_used_nothing_is_sent_and_the_coordinator_is_told(story, post, shazia, email):
    before = len(mail.outbox)
    changed(post, story, email=email)
    shazia.refresh_from_db()
    assert shazia.email == ""
    assert not GuestLink.objects.filter(subject_id=shazia.pk, revoked_at=None).exists()
    told = Notice.objects.filter(user=story.coordinator, text__contains="no e-mail address that can be used")
    assert told.exists()
    assert [row for row in mail.outbox[before:] if row.to == ["hazel@home.example"]] == []


def test_the_papers_of_a_conference_that_is_over_go_to_the_new_mailbox(story, post, shazia, inside):
    old, before = shazia.email, len(mail.outbox)
    Conference.objects.filter(pk=shazia.conference_id).update(
        status=ConferenceStatus.CLOSED, opened_at=NOW, ended_at=NOW, closed_at=NOW
    )
    Sitting.objects.filter(conference=shazia.conference_id).update(state=SittingState.ENDED)
    changed(post, story, email=NEW)
    shazia.refresh_from_db()
    assert (shazia.email, sent_since(old, before)) == (NEW, [])
    assert inside.get(HOME).status_code == 404
    assert guests.newest(NEW, guests.LINK)
    assert GuestLink.objects.get(subject_id=shazia.pk, revoked_at=None).sent_to == NEW


def test_an_address_of_one_invitation_only_stays(story, post, shazia):
    Participant.objects.filter(pk=shazia.pk).update(email="own@agency.example")
    changed(post, story, email=NEW)
    shazia.refresh_from_db()
    assert shazia.email == "own@agency.example"


def test_an_ended_post_leaves_the_list_and_its_calendar_entry_is_cancelled(story, post, shazia, inside):
    before = len(mail.outbox)
    rows = ended(post, story)
    shazia.refresh_from_db()
    assert shazia.status == ParticipantStatus.WITHDRAWN
    assert inside.get(HOME).status_code == 404
    guests.send()
    (cancelled,) = [message for message in mail.outbox[before:] if message.to == [shazia.email]]
    assert any(b"METHOD:CANCEL" in _bytes(part) for part in cancelled.attachments)
    assert "Moved away" not in cancelled.body
    assert {row.kind for row in rows} == {"conference", "report", "agency-contact"}
    assert all(row.settled_at is None for row in rows)
    assert Notice.objects.filter(user=story.coordinator, text__contains="Say who takes over").exists()
    assert Notice.objects.filter(user=story.social_worker, text__contains="Say who takes over").exists()
    assert ended(post, story) == rows


def _bytes(part):
    content = getattr(part, "content", None) or (part[1] if isinstance(part, tuple) else part.get_payload(decode=True))
    return content if isinstance(content, bytes) else str(content).encode()


def test_the_successor_takes_invitation_report_and_children(story, post, shazia, colleague):
    rows = ended(post, story, successor=colleague)
    assert all(row.settled_at for row in WorkOfPost.objects.filter(pk__in=[row.pk for row in rows]))
    row = on_list(shazia.conference, colleague.person)
    assert (row.status, row.reports, row.post, row.email) == (
        ParticipantStatus.INVITED,
        True,
        colleague,
        "iris@agency.example",
    )
    assert set(row.children.all()) == set(shazia.children.all())
    assert guests.newest("iris@agency.example", guests.LINK)
    known = AgencyInvolvement.objects.filter(child=story.robin, agency=post.agency, ends_on=None)
    assert [one.post for one in known] == [colleague]


def test_a_post_that_ends_later_keeps_what_comes_before(story, post, shazia):
    rows = ended(post, story, on=datetime.date(2026, 12, 23))
    shazia.refresh_from_db()
    assert (shazia.status, {row.kind for row in rows}) == (ParticipantStatus.INVITED, {"agency-contact"})


def test_nobody_who_cant_take_over_is_named(story, post, shazia, colleague):
    elsewhere = PostFactory()
    for wrong in (post, elsewhere):
        with pytest.raises(ValidationError) as refused:
            ended(post, story, successor=wrong)
        assert list(refused.value.message_dict) == ["successor"]


def test_a_successor_whom_the_chair_kept_out_leaves_the_place_open(story, post, shazia, colleague):
    row = Participant.objects.create(
        conference=shazia.conference, person=colleague.person, post=colleague, agency=colleague.agency,
        capacity=Capacity.PROFESSIONAL, status=ParticipantStatus.KEPT_OUT,
    )  # fmt: skip
    rows = ended(post, story, successor=colleague)
    row.refresh_from_db()
    assert row.status == ParticipantStatus.KEPT_OUT
    left = {one.kind for one in WorkOfPost.objects.filter(pk__in=[one.pk for one in rows], settled_at=None)}
    assert left == {"conference", "report"}


def test_a_deputy_who_leaves_gives_the_place_back(story, post, shazia, colleague):
    deputy = name_deputy(
        participant=shazia, given_name="Iris", family_name="Dunlin", title="Deputy head",
        email="iris@agency.example", by=story.coordinator, now=NOW,
    )  # fmt: skip
    comes = confirm_deputy(deputy=deputy, how_confirmed="Rang", by=story.coordinator, now=NOW)
    assert comes.post == colleague
    ended(colleague, story)
    comes.refresh_from_db()
    shazia.refresh_from_db()
    assert (comes.status, shazia.reply) == (ParticipantStatus.WITHDRAWN, "none")


def test_core_group_and_actions_wait_for_someone_and_go_to_them(story, post, shazia, colleague):
    conference = shazia.conference
    group = CoreGroup.objects.create(
        authority=story.authority, family=story.family, conference=conference, formed_on=TODAY
    )
    member = CoreGroupMember.objects.create(core_group=group, person=post.person, post=post, starts_on=TODAY)
    plan = Plan.objects.create(
        child=story.robin, authority=story.authority, kind="cin", starts_on=TODAY, created_at=NOW
    )
    action = PlanAction.objects.create(
        plan=plan, why="Safety", what="Ring each morning", who_person=post.person, who_post=post, created_at=NOW
    )
    rows = {row.kind: row for row in ended(post, story)}
    member.refresh_from_db()
    action.refresh_from_db()
    assert (member.ends_on, action.who_post) == (TODAY, post)
    for kind in ("core-group", "action"):
        for _ in range(2):
            give_work(work=rows[kind], to=colleague, by=story.coordinator, now=NOW)
    action = plan.actions.standing().get()
    assert (action.who_post, action.who_person, action.since.occasion) == (colleague, colleague.person, "post")
    assert CoreGroupMember.objects.get(core_group=group, ends_on=None).post == colleague
    with pytest.raises(ValidationError, match="already"):
        settle_work(work=rows["action"], because="Not needed", by=story.coordinator, now=NOW)
    with pytest.raises(ValidationError):
        settle_work(work=rows["report"], because=" ", by=story.coordinator, now=NOW)


# ---------------------------------------------------------------- pages


def page_of(name, *args):
    return reverse(f"families:{name}", args=args)


@pytest.fixture
def coordinator(client, story):
    client.force_login(story.coordinator)
    return client


def test_the_coordinator_keeps_a_post_up_on_its_pages(coordinator, story, post, shazia, colleague):
    page = coordinator.get(page_of("worker", post.pk)).content.decode()
    assert shazia.conference.reference in page
    entered = {
        "agency": post.agency_id, "title": "Head <b>", "email": NEW, "phone": "", "because": "The office",
        "version": post.version,
    }  # fmt: skip
    assert coordinator.post(page_of("change-worker", post.pk), entered).status_code == 302
    page = coordinator.get(page_of("worker", post.pk)).content.decode()
    assert "Head &lt;b&gt;" in page
    assert "The office" in page
    assert "Joan Plover" in page
    second = coordinator.post(page_of("change-worker", post.pk), {**entered, "phone": "1"})
    assert "Someone else has changed this post" in second.content.decode()
    post.refresh_from_db()
    ending = {
        "on_day": "10", "on_month": "12", "on_year": "2026", "because": "Moved away", "version": post.version,
    }  # fmt: skip
    assert coordinator.post(page_of("end-worker", post.pk), ending).status_code == 302
    work = WorkOfPost.objects.get(post=post, kind="conference")
    assert work.what in coordinator.get(page_of("family", story.family.pk)).content.decode()
    assert work.what in coordinator.get(f"/conferences/{shazia.conference_id}/people/").content.decode()
    url = page_of("take-over", story.family.pk, work.pk)
    assert "Choose who takes over" in coordinator.post(url, {}).content.decode()
    assert coordinator.post(url, {"worker": f"post-{colleague.pk}"}).status_code == 302
    assert on_list(shazia.conference, colleague.person).status == ParticipantStatus.INVITED
    assert coordinator.get(url).status_code == 404


def test_whoever_takes_over_can_be_entered_where_nobody_knew_them(coordinator, story, post, shazia):
    end_post(post=post, on=NOW.date(), because="Moved away", by=story.coordinator, now=NOW)
    work = WorkOfPost.objects.get(post=post, kind="conference")
    url = page_of("take-over", story.family.pk, work.pk)
    typed = {"given_name": "Ada", "family_name": "Lark", "email": "ada@agency.example"}
    assert "Enter their job title" in coordinator.post(url, typed).content.decode()
    assert "one only" in coordinator.post(url, {**typed, "title": "Head", "because": "x"}).content.decode()
    assert coordinator.post(url, {**typed, "title": "Head"}).status_code == 302
    new = Post.objects.get(email="ada@agency.example")
    assert (new.agency, new.title) == (post.agency, "Head")
    assert on_list(shazia.conference, new.person).status == ParticipantStatus.INVITED


def test_a_post_tells_nobody_which_cases_it_belongs_to(story, post, shazia):
    other = user_with_role(Role.SOCIAL_WORKER, authority=story.authority)
    manager = story.manager
    restrict_family(family=story.family, named=[manager], why="Staff", by=manager, now=NOW)
    client = Client()
    client.force_login(other)
    page = client.get(page_of("worker", post.pk)).content.decode()
    assert "cases that you can’t open" in page
    assert f"case {story.family.case_number}" not in page
    assert page_of("family", story.family.pk) not in page
    assert shazia.conference.reference not in page
    elsewhere = user_with_role(Role.SOCIAL_WORKER)
    client.force_login(elsewhere)
    assert client.get(page_of("worker", post.pk)).status_code == 404


def test_a_post_that_hides_a_child_opens_only_with_the_case(story, post, shazia):
    AgencyInvolvement.objects.filter(post=post).update(confidential=True)
    other = user_with_role(Role.SOCIAL_WORKER, authority=story.authority)
    client = Client()
    for user, status in ((other, 404), (story.social_worker, 200)):
        client.force_login(user)
        assert client.get(page_of("worker", post.pk)).status_code == status
        listed = client.post(page_of("workers"), {"q": "wing"}).content.decode()
        assert ("Shazia Wing" in listed) == (status == 200)


def test_the_directory_is_searched_without_a_name_in_the_address(coordinator, story, post, shazia):
    page = coordinator.post(page_of("workers"), {"q": "shaz head"})
    assert page.status_code == 200
    page = coordinator.post(page_of("workers"), {"q": "shazia academy"}).content.decode()
    assert page_of("worker", post.pk) in page
    assert "Callum" not in page
