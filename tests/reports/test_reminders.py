"""Reminders of reports: to the author and their agency's named lead, by the clocks, naming nobody."""

from __future__ import annotations

import datetime

import pytest
import time_machine

from conferences.enums import ParticipantStatus
from conferences.models import Participant
from conferences.services.scheduling import cancel_conference
from deadlines.models import Deadline
from deadlines.services import reconcile
from families.models import FamilyMember, Post
from families.services.posts import change_post
from notifications.models import Message
from notifications.services.outbox import send_due
from reports.services.reminders import remind_authors
from reports.services.reports import begin_report, save_section, submit_report
from tests.factories import PersonFactory, PostFactory, user_with_role
from tests.reports.story import BEFORE

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 12, 21, 9, 30, tzinfo=datetime.UTC)
REMINDERS = "report-reminder"


@pytest.fixture(autouse=True)
def clock(ahead):
    with time_machine.travel(BEFORE, tick=False) as traveller:
        reconcile(family_ids=[ahead.family.pk], now=BEFORE)
        yield traveller


def due(ahead, name="tutor", kind="report-submitted"):
    return Deadline.objects.get(kind=kind, fact_id=getattr(ahead.of, name).pk)


def warned(ahead):
    return due(ahead).warn_at + datetime.timedelta(minutes=1)


def to(address):
    return Message.objects.filter(key__startswith=REMINDERS, to_email=address).order_by("pk")


def lead_of_tutors_school(ahead, **fields):
    post = PostFactory(
        agency=ahead.tutor.agency,
        person=fields.pop("person", None)
        or PersonFactory(authority=ahead.authority, given_name="Una", family_name="Crake"),
        email="una@agency.example",
    )
    return change_post(
        post=post, title="Head", email=post.email, phone="", because="Rang", is_named_lead=True,
        by=ahead.coordinator, now=BEFORE,
    )  # fmt: skip


def test_nothing_goes_before_it_is_due_soon(ahead):
    remind_authors(now=due(ahead).warn_at - datetime.timedelta(hours=1))
    assert not to("shazia@agency.example").filter(key__contains=f":{due(ahead).pk}:").exists()


def test_author_and_lead_are_reminded_once_and_no_one_is_named(ahead):
    lead_of_tutors_school(ahead)
    for _ in range(2):
        remind_authors(now=warned(ahead))
    for address in ("shazia@agency.example", "una@agency.example"):
        message = to(address).get(key__contains=f":{due(ahead).pk}:")
        assert message.subject == "Something is due soon: EC26-0031"
        for name in ("Robin", "Brambley", "Hazel", "Shazia", "Harbour", "guest/open"):
            assert name not in message.body


def test_it_is_said_once_more_when_it_is_late(ahead):
    remind_authors(now=warned(ahead))
    remind_authors(now=MONDAY)
    subjects = [row.subject for row in to("shazia@agency.example").filter(key__contains=f":{due(ahead).pk}:")]
    assert subjects == ["Something is due soon: EC26-0031", "Something is late: EC26-0031"]


def test_it_leaves_in_working_hours(ahead):
    saturday = datetime.datetime(2026, 12, 19, 11, tzinfo=datetime.UTC)
    remind_authors(now=saturday)
    assert to("shazia@agency.example").last().send_after > saturday + datetime.timedelta(hours=24)


def hand_in(ahead):
    draft = begin_report(author=ahead.of.tutor, by=ahead.coordinator, now=BEFORE)
    save_section(
        report=draft, by=ahead.coordinator, now=BEFORE, heading="current-risks", text="x", nature="fact",
        children=[ahead.robin_row],
    )  # fmt: skip
    submit_report(report=draft, by=ahead.coordinator, now=BEFORE, received_by="post")


def withdraw(ahead):
    Participant.objects.filter(pk=ahead.of.tutor.pk).update(status=ParticipantStatus.WITHDRAWN)


def cancel(ahead):
    cancel_conference(conference=ahead.conference, reason="Moved away", by=ahead.coordinator, now=BEFORE)


@pytest.mark.parametrize("ending", [hand_in, withdraw, cancel])
def test_what_is_not_needed_any_more_does_not_leave(ahead, clock, ending):
    lead_of_tutors_school(ahead)
    remind_authors(now=warned(ahead))
    ending(ahead)
    clock.move_to(MONDAY)
    send_due(now=MONDAY, limit=500)
    for address in ("shazia@agency.example", "una@agency.example"):
        assert to(address).get(key__contains=f":{due(ahead).pk}:").state == "withdrawn"


def test_it_leaves_where_it_is_still_needed(ahead, clock):
    lead_of_tutors_school(ahead)
    at = warned(ahead)
    clock.move_to(at)
    remind_authors(now=at)
    later = at + datetime.timedelta(days=1)
    clock.move_to(later)
    send_due(now=later, limit=500)
    for address in ("shazia@agency.example", "una@agency.example"):
        assert to(address).get(key__contains=f":{due(ahead).pk}:").state == "sent"


def test_a_lead_of_the_family_or_kept_out_hears_nothing(ahead):
    FamilyMember.objects.create(family=ahead.family, person=ahead.olive, starts_on=BEFORE.date())
    lead_of_tutors_school(ahead, person=ahead.olive)
    remind_authors(now=warned(ahead))
    assert not to("una@agency.example").exists()


def test_an_author_with_an_account_is_told_by_their_own_work(ahead):
    ahead.of.tutor.person.user = user_with_role("professional", authority=ahead.authority)
    ahead.of.tutor.person.save()
    remind_authors(now=warned(ahead))
    assert not to("shazia@agency.example").exists()


def test_the_coordinator_sees_who_is_missing_with_numbers_to_ring(ahead, client, clock):
    lead = lead_of_tutors_school(ahead)
    Post.objects.filter(pk=lead.pk).update(phone="01632 960 222")
    Post.objects.filter(pk=ahead.tutor.pk).update(phone="01632 960 111")
    Post.objects.filter(pk=ahead.teacher.pk).update(phone="01632 960 333")
    at = warned(ahead)
    clock.move_to(at)
    remind_authors(now=at)
    clock.move_to(at + datetime.timedelta(days=1))
    send_due(now=at + datetime.timedelta(days=1), limit=500)
    client.force_login(ahead.coordinator)
    page = client.get(f"/conferences/{ahead.conference.pk}/papers/").content.decode().replace("\xa0", " ")
    for words in ("01632 960 111", "Una Crake, 01632 960 222", "whom to ask", "Thu 17 Dec"):
        assert words in page
    # Nothing of a school that is confidential.
    assert "01632 960 333" not in page
