"""What was withheld or refused at sending was not sent: not on the list, not by the clock, not on a page."""

from __future__ import annotations

import datetime
import smtplib

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from conferences.enums import ParticipantStatus, RequestGround
from conferences.models import Conference
from conferences.services.exclusions import decide_request, open_request
from conferences.services.invitations import add_participant, change_list, record_reply, send_invitations
from conferences.services.new_links import send_new_link
from conferences.services.telling import record_telling
from deadlines.models import Deadline
from families.models import ContactPoint
from families.services import end_record, record_contact_point
from govuk.words import NO_BREAK
from notifications.enums import MessageState
from notifications.models import Message, Notice
from notifications.services.outbox import send_again, send_due
from tests.conferences import story
from tests.conferences.story import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


def send(now=LATER):
    return send_due(now=now, limit=200)


def unsafe(told):
    ContactPoint.objects.filter(person=told.dale).update(is_safe=False)


def ended(told):
    end_record(row=ContactPoint.objects.get(person=told.dale), on=NOW.date(), by=told.social_worker)


def refused_by_server(told):
    """Let the recipient's server refuse his address for good."""


@pytest.fixture
def server(monkeypatch):
    """A mail server that refuses one address for good."""
    refusing: set[str] = set()
    send_messages = EmailBackend.send_messages

    def refuse(self, messages):
        for message in messages:
            if refusing & set(message.to):
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"no such mailbox")})
        return send_messages(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    return refusing


def clock_of(conference):
    return Deadline.objects.get(kind="invitations-sent", conference_id=conference.pk)


@pytest.mark.parametrize("spoiled", [unsafe, ended, refused_by_server])
def test_a_person_whose_first_message_did_not_leave_is_not_invited(told, invited, server, spoiled):
    spoiled(told)
    if spoiled is refused_by_server:
        server.add("dale@home.example")
    assert clock_of(invited).met_at
    send()
    dale, conference = story.on_list(invited, told.dale), Conference.objects.get(pk=invited.pk)
    assert Message.objects.get(person_id=told.dale.pk).state in (MessageState.WITHDRAWN, MessageState.FAILED)
    assert (dale.status, dale.invited_at) == (ParticipantStatus.TO_INVITE, None)
    assert story.on_list(invited, told.hazel).status == ParticipantStatus.INVITED
    assert conference.invited_at is None
    assert clock_of(invited).met_at is None
    assert Notice.objects.filter(user=told.coordinator, text__contains="did not leave", urgent=True).count() == 1
    with pytest.raises(ValidationError, match="not invited"):
        record_reply(participant=dale, reply="coming", by=None, now=LATER)


def test_the_clock_is_met_when_the_last_of_them_is_sent_or_told_another_way(told, invited):
    unsafe(told)
    send()
    dale = story.on_list(invited, told.dale)
    change_list(
        conference=invited,
        changes=[story.as_listed(dale, email="", invited_how="Amara brings it")],
        by=told.coordinator,
        now=LATER,
    )
    send_invitations(conference=invited, by=told.coordinator, now=LATER)
    assert (clock_of(invited).met_at, story.on_list(invited, told.dale).status) == (None, ParticipantStatus.TO_INVITE)
    row = invited.to_tell.get(told_at=None, ended_at=None)
    record_telling(to_tell=row, outcome="told", how="phone", at=LATER, by=told.coordinator, now=LATER)
    assert (clock_of(invited).met_at, story.on_list(invited, told.dale).status) == (LATER, ParticipantStatus.INVITED)


def test_it_is_met_too_where_the_one_it_did_not_reach_is_left_out(told, invited):
    shazia = told.posts["academy"].person
    told.posts["academy"].ends_on = NOW.date() - datetime.timedelta(days=1)
    told.posts["academy"].save()
    send()
    row = story.on_list(invited, shazia)
    assert (row.status, clock_of(invited).met_at) == (ParticipantStatus.TO_INVITE, None)
    change_list(
        conference=invited,
        changes=[story.as_listed(row, wanted=False, reason="She has left the school")],
        by=told.coordinator,
        now=LATER,
    )
    assert clock_of(invited).met_at == LATER


def test_once_the_address_is_safe_again_a_new_message_leaves(told, invited):
    unsafe(told)
    send()
    ContactPoint.objects.filter(person=told.dale).update(is_safe=True)
    send_invitations(conference=invited, by=told.coordinator, now=LATER)
    mail.outbox.clear()
    send()
    assert [message.to for message in mail.outbox] == [["dale@home.example"]]
    assert Message.objects.filter(person_id=told.dale.pk, state=MessageState.SENT).count() == 1


def test_a_change_that_did_not_leave_is_told_and_leaves_the_person_invited(told, invited):
    send()
    unsafe(told)
    dale = story.on_list(invited, told.dale)
    changed = story.as_listed(dale, arrives_at=story.STARTS_AT + datetime.timedelta(hours=1))
    change_list(conference=invited, changes=[changed], by=told.coordinator, now=LATER)
    send()
    assert story.on_list(invited, told.dale).status == ParticipantStatus.INVITED
    assert clock_of(invited).met_at
    assert Notice.objects.filter(user=told.coordinator, text__contains="did not leave").count() == 1


def test_what_a_newer_version_replaces_takes_nobody_off_the_list(told, invited):
    dale = story.on_list(invited, told.dale)
    send_new_link(participant=dale, because="He lost it", by=told.coordinator, now=LATER)
    send()
    assert story.on_list(invited, told.dale).status == ParticipantStatus.INVITED
    assert Message.objects.filter(person_id=told.dale.pk, state=MessageState.SENT).count() == 1


def test_whoever_comes_back_on_the_list_before_anything_left_gets_a_message_after_all(told, invited):
    gp = told.posts["gp"]
    row = story.on_list(invited, gp.person)
    change_list(
        conference=invited,
        changes=[story.as_listed(row, wanted=False, reason="A mistake")],
        by=told.coordinator,
        now=NOW,
    )
    add_participant(
        conference=invited, person=gp.person, post=gp, capacity="professional", children=list(row.children.all()),
        reason="After all", email=gp.email, by=told.coordinator, now=NOW,
    )  # fmt: skip
    send_invitations(conference=invited, by=told.coordinator, now=NOW)
    send()
    assert Message.objects.filter(person_id=gp.person_id, state=MessageState.SENT).count() == 1


def test_whoever_the_chair_lets_in_before_anything_left_gets_a_message(told, invited):
    dale = story.on_list(invited, told.dale)
    asked = open_request(participant=dale, ground=RequestGround.ASKED, reason="Fear", by=told.social_worker, now=NOW)
    decide_request(request=asked, by=told.chair, how="whole", reason="No danger", views_through=None, now=NOW)
    send()
    subject = Message.objects.get(person_id=told.dale.pk, state=MessageState.SENT).subject
    assert subject == f"Invitation to a meeting: {invited.reference}"


def test_sending_again_is_refused_in_words_where_it_would_be_withheld(told, invited, server):
    server.add("dale@home.example")
    send()
    message = Message.objects.get(person_id=told.dale.pk)
    with pytest.raises(ValidationError, match="not invited"):
        send_again(message=message, now=LATER)
    assert Message.objects.get(pk=message.pk).state == MessageState.FAILED


# before


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        (unsafe, ("The e-mail address of Dale Ashdown is not marked safe. Say how you know that it is, or "
         "how they are told instead.")),
        (ended, "The e-mail address of Dale Ashdown has ended. Enter another one, or say how they are told instead."),
    ],
)  # fmt: skip
def test_nobody_is_invited_at_an_address_that_is_unsafe_or_has_ended(told, booked, spoiled, said):
    story.settled(told, booked)
    spoiled(told)
    with pytest.raises(ValidationError) as refused:
        send_invitations(conference=booked, by=told.coordinator, now=LATER)
    assert refused.value.messages == [said]


def test_an_address_typed_for_one_of_the_family_is_not_safe_by_being_typed(told, booked):
    story.settled(told, booked)
    dale = story.on_list(booked, told.dale)
    change_list(
        conference=booked, changes=[story.as_listed(dale, email="new@home.example")], by=told.coordinator, now=NOW
    )
    with pytest.raises(ValidationError, match="is not marked safe"):
        send_invitations(conference=booked, by=told.coordinator, now=LATER)


def test_whoever_is_invited_is_not_moved_to_an_unsafe_address(told, invited):
    dale = story.on_list(invited, told.dale)
    for email in ("new@home.example", ""):
        with pytest.raises(ValidationError) as refused:
            change_list(
                conference=invited, changes=[story.as_listed(dale, email=email)], by=told.coordinator, now=LATER
            )
        assert list(refused.value.message_dict) == [f"{dale.pk}-email"]


def test_no_new_link_is_promised_to_an_unsafe_address(told, invited):
    unsafe(told)
    dale = story.on_list(invited, told.dale)
    with pytest.raises(ValidationError, match="is not marked safe"):
        send_new_link(participant=dale, because="Lost", by=told.coordinator, now=LATER)


def check_page(client, told, conference):
    client.force_login(told.coordinator)
    return client.get(reverse("conferences:check-invitations", args=[conference.pk])).content.decode()


def test_the_page_before_sending_tells_no_address_from_one_not_marked_safe(client, told):
    ContactPoint.objects.filter(person=told.hazel).delete()
    unsafe(told)
    conference = story.booked(told)
    story.settled(told, conference)
    page = check_page(client, told, conference)
    assert (page.count("No e-mail address"), page.count("Not marked safe")) == (1, 1)
    assert reverse("conferences:mark-safe", args=[conference.pk, story.on_list(conference, told.dale).pk]) in page


def test_marking_an_address_safe_asks_how_and_when_on_the_spot(client, told):
    unsafe(told)
    conference = story.booked(told)
    story.settled(told, conference)
    dale = story.on_list(conference, told.dale)
    client.force_login(told.coordinator)
    address = reverse("conferences:mark-safe", args=[conference.pk, dale.pk])
    assert client.get(address).context["form"].initial["value"] == "dale@home.example"
    page = client.post(address, {"value": "dale@home.example"})
    assert set(page.context["form"].errors) == {"safe_how", "safe_on"}
    day = {"safe_on_day": "11", "safe_on_month": "12", "safe_on_year": "2026"}
    answers = {"value": "dale@home.example", "safe_how": "Asked him on the phone"}
    page = client.post(address, answers | day)
    assert page.context["form"].errors == {"safe_on": ["The day can’t be in the future."]}
    client.post(address, answers | day | {"safe_on_day": "9"})
    point = ContactPoint.objects.get(person=told.dale)
    assert (point.is_safe, point.safe_how, point.safe_on) == (
        True,
        "Asked him on the phone",
        datetime.date(2026, 12, 9),
    )
    assert story.on_list(conference, told.dale).email == "dale@home.example"
    assert "Not marked safe" not in check_page(client, told, conference)


def test_no_way_of_reaching_somebody_is_marked_safe_without_saying_how_and_when(told):
    with pytest.raises(ValidationError) as refused:
        record_contact_point(
            person=told.dale, kind="mobile", value="07700 900123", is_safe=True, by=told.social_worker, now=NOW
        )
    assert set(refused.value.message_dict) == {"safe_how", "safe_on"}


# after


def test_the_list_shows_what_was_sent_and_what_was_not_and_why(client, told, invited):
    client.force_login(told.coordinator)
    people = reverse("conferences:people", args=[invited.pk])
    assert "Waiting to be sent" in client.get(people).content.decode()
    unsafe(told)
    send()
    page = client.get(people).content.decode()
    assert "Not sent" in page
    assert "This e-mail address is not marked safe." in page
    assert "Waiting to be sent" not in page
    person = reverse("conferences:participant", args=[invited.pk, story.on_list(invited, told.dale).pk])
    assert "Not sent: This e-mail address is not marked safe." in client.get(person).content.decode()


def test_the_page_after_sending_does_not_call_sent_what_only_waits(client, told, booked):
    story.settled(told, booked)
    client.force_login(told.coordinator)
    page = client.post(reverse("conferences:check-invitations", args=[booked.pk]), follow=True).content.decode()
    assert f"11{NO_BREAK}invitations are on the way" in page
    assert "invitations sent" not in page
