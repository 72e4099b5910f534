"""Whoever gets no e-mail: when nothing is said any more, the clock of telling them, and the pages with the list."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import Occasion, ParticipantStatus
from conferences.models import Conference
from conferences.selectors.telling import list_of_those_to_tell
from conferences.services.invitations import change_list, send_invitations
from conferences.services.to_tell import put_on_list
from deadlines.models import Deadline
from deadlines.services import reconcile
from families.models import ContactPoint
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import NOW
from tests.conferences.test_told_otherwise import (  # noqa: F401 the fixtures
    HOUR,
    LATER,
    cancel,
    clock,
    dale_of,
    move,
    occasions,
    open_rows,
    tick,
    unsafe,
)
from tests.factories import ConferenceFactory, ParticipantFactory, TeamFactory, user_with_role

pytestmark = pytest.mark.django_db


# those to whom nothing is said any more


def test_the_dead_the_sealed_and_those_out_of_their_post_are_not_on_the_list(told, otherwise):
    told.dale.death_date = LATER.date()
    told.dale.save()
    assert list_of_those_to_tell(otherwise, on=LATER.date()) == []


def test_whoever_is_left_off_the_list_before_being_told_hears_nothing(told, booked):
    story.settled(told, booked)
    gp = told.posts["gp"].person
    story.without_mail(told, booked, gp)
    send_invitations(conference=booked, by=told.coordinator, now=NOW)
    row = story.on_list(booked, gp)
    change_list(
        conference=booked, changes=[story.as_listed(row, wanted=False, reason="A mistake")],
        by=told.coordinator, now=LATER,
    )  # fmt: skip
    assert open_rows(booked) == []
    assert Conference.objects.get(pk=booked.pk).invited_at == LATER


# the clock


def test_my_work_names_each_person_until_they_are_told(told, otherwise):
    rows = Deadline.objects.filter(kind="tell-otherwise", conference_id=otherwise.pk)
    assert [(row.what, row.is_open) for row in rows] == [("Dale Ashdown", True)]
    assert set(rows[0].responsible_ids) == {told.coordinator.pk, told.social_worker.pk}
    tick(told, open_rows(otherwise)[0])
    assert rows.get().met_at == LATER


@pytest.mark.parametrize(
    ("arose", "due"),
    [
        (datetime.datetime(2026, 12, 11, 9, tzinfo=story.LONDON), datetime.date(2026, 12, 14)),
        (datetime.datetime(2026, 12, 18, 9, tzinfo=story.LONDON), datetime.date(2026, 12, 21)),
        (datetime.datetime(2026, 12, 21, 9, tzinfo=story.LONDON), datetime.date(2026, 12, 21)),
        (datetime.datetime(2026, 12, 22, 8, tzinfo=story.LONDON), datetime.date(2026, 12, 22)),
    ],
    ids=["long before", "the Friday before", "the day before", "the morning of"],
)
def test_the_limit_of_telling_ends_before_the_meeting(told, otherwise, arose, due):
    with time_machine.travel(arose, tick=False):
        put_on_list(dale_of(told, otherwise), Occasion.INVITATION, now=arose)
        reconcile(family_ids=[told.family.pk], now=arose)
    rows = Deadline.objects.filter(kind="tell-otherwise", conference_id=otherwise.pk).open()
    assert [row.due_on for row in rows] == [due]


# the pages


def page(client, told, conference, name="to-tell", *args, user=None):
    client.force_login(user or told.coordinator)
    return client.get(reverse(f"conferences:{name}", args=[conference.pk, *args])).content.decode()


def test_the_list_says_what_to_say_and_how_it_is_safe(client, told, otherwise):
    told.dale.interpreter_needed, told.dale.language = True, "Polish"
    told.dale.save()
    ContactPoint.objects.create(
        person=told.dale, kind="mobile", value="07700 900123", is_safe=True, safety_note="After 6"
    )
    ContactPoint.objects.create(
        person=told.dale, kind="phone", value="0191 498 0001", safety_note="Do not ring at home"
    )
    ContactPoint.objects.create(person=told.dale, kind="phone", value="0191 498 0002", is_safe=True, confidential=True)
    shown = page(client, told, otherwise)
    for said in (
        "Dale Ashdown",
        "Amara brings it",
        "07700 900123",
        "After 6",
        "Do not ring at home",
        "Polish",
        "Mulberry House",
    ):
        assert said in shown
    assert "0191 498" not in shown


def test_the_next_step_names_them_until_done(client, told, otherwise):
    for name in ("overview", "people"):
        shown = page(client, told, otherwise, name)
        assert "Tell 1\N{NO-BREAK SPACE}person by post, telephone or in person" in shown
        assert reverse("conferences:to-tell", args=[otherwise.pk]) in shown
    assert "To be told" in page(client, told, otherwise, "people")
    client.force_login(told.social_worker)
    assert "Dale Ashdown" in client.get(reverse("deadlines:my-work")).content.decode()
    tick(told, open_rows(otherwise)[0])
    for name in ("overview", "people"):
        assert "Tell 1" not in page(client, told, otherwise, name)


def test_the_cancellation_is_named_on_a_cancelled_conference(client, told, otherwise):
    tick(told, open_rows(otherwise)[0])
    cancel(told, otherwise)
    assert "Tell 1\N{NO-BREAK SPACE}person" in page(client, told, otherwise, "overview")


def test_nobody_counts_as_told_because_an_answer_stood_there_already(client, told, otherwise):
    row = open_rows(otherwise)[0]
    address = reverse("conferences:record-telling", args=[otherwise.pk, row.pk])
    client.force_login(told.social_worker)
    assert "outcome" not in client.get(address).context["form"].initial
    day = {"told_on_day": "10", "told_on_month": "12", "told_on_year": "2026", "told_time": "11:30"}
    assert client.post(address, {"how": "phone", **day}).status_code == 200
    assert not row.tellings.exists()


def test_a_tick_is_now_and_by_me_unless_said_otherwise(client, told, otherwise):
    row = open_rows(otherwise)[0]
    address = reverse("conferences:record-telling", args=[otherwise.pk, row.pk])
    client.force_login(told.social_worker)
    form = client.get(address).context["form"]
    assert form.initial["at"] == LATER
    day = {"told_on_day": "10", "told_on_month": "12", "told_on_year": "2026", "told_time": "11:30"}
    client.post(address, {"outcome": "told", "how": "in_person", **day})
    entry = row.tellings.get()
    assert (entry.told_by, entry.at) == (told.social_worker, NOW + 1.5 * HOUR)
    wrong = reverse("conferences:take-back-telling", args=[otherwise.pk, row.pk, entry.pk])
    client.post(wrong, {"because": "It was his brother"})
    assert "It was his brother" in page(client, told, otherwise)
    client.post(address, {"outcome": "told", "how": "phone", "told_by_other": "Shazia Wing, school", **day})
    assert row.tellings.last().told_by_words == "Shazia Wing, school"


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_all(client, told, otherwise):
    with CaptureQueriesContext(connection) as one:
        page(client, told, otherwise)
    for row in otherwise.participants.filter(status=ParticipantStatus.INVITED).exclude(person=told.hazel):
        put_on_list(row, Occasion.CHANGED, now=LATER)
    for _ in range(30):
        row = put_on_list(ParticipantFactory(conference=otherwise, email=""), Occasion.CANCELLED, now=LATER)
        tick(told, row, outcome="not_reached", note="Nobody in")
    with CaptureQueriesContext(connection) as many:
        assert page(client, told, otherwise).count("Nobody in") >= 30
    assert len(many) <= len(one)


def test_whoever_has_a_safe_address_by_now_is_told_by_email_instead(client, told, invited):
    send_due(now=NOW, limit=50)
    unsafe(told)
    move(told, invited)
    send_due(now=LATER, limit=50)
    row = open_rows(invited)[0]
    client.force_login(told.coordinator)
    address = reverse("conferences:tell-by-email", args=[invited.pk, row.pk])
    client.post(address)
    assert open_rows(invited) == [row]
    ContactPoint.objects.filter(person=told.dale).update(is_safe=True)
    assert address in page(client, told, invited)
    client.post(address)
    send_due(now=LATER, limit=50)
    assert open_rows(invited) == []
    newest = Message.objects.filter(person_id=told.dale.pk).latest("pk")
    assert (newest.state, "has changed" in newest.subject) == (MessageState.SENT, True)


def test_whoever_is_asked_again_before_hearing_that_they_are_not_is_told_the_invitation(told, otherwise):
    gp = told.posts["gp"]
    story.without_mail(told, otherwise, gp.person)
    tick(told, next(row for row in open_rows(otherwise) if row.participant.person == gp.person))
    row = story.on_list(otherwise, gp.person)
    change_list(
        conference=otherwise, changes=[story.as_listed(row, wanted=False, reason="A mistake")],
        by=told.coordinator, now=LATER,
    )  # fmt: skip
    assert Occasion.TAKEN_OFF in occasions(otherwise)
    row = story.on_list(otherwise, gp.person)
    change_list(
        conference=otherwise, changes=[story.as_listed(row, reason="After all")], by=told.coordinator, now=LATER
    )
    send_invitations(conference=otherwise, by=told.coordinator, now=LATER)
    assert occasions(otherwise) == [Occasion.INVITATION, Occasion.INVITATION]


def test_a_telling_between_the_writing_of_an_email_and_its_failing_counts(told, invited):
    unsafe(told)
    send_due(now=LATER, limit=50)
    tick(told, open_rows(invited)[0], at=NOW + HOUR)
    assert dale_of(told, invited).invited_at == NOW + HOUR


def test_nobody_else_opens_the_list_nor_ticks(client, told, otherwise):
    row = open_rows(otherwise)[0]
    other = user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=told.authority))
    client.force_login(other)
    for name, ids in (("to-tell", ()), ("record-telling", (row.pk,)), ("tell-by-email", (row.pk,))):
        assert client.post(reverse(f"conferences:{name}", args=[otherwise.pk, *ids])).status_code == 404
    assert not row.tellings.exists()


def test_a_tick_for_another_conference_is_not_found(client, told, otherwise):
    row = open_rows(otherwise)[0]
    client.force_login(told.coordinator)
    elsewhere = ConferenceFactory(family=told.family)
    assert client.get(reverse("conferences:record-telling", args=[elsewhere.pk, row.pk])).status_code == 404
