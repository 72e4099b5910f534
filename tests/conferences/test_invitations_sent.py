"""Sending invitations, moves and cancellations, and the answers to them."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from icalendar import Calendar

from conferences.enums import Capacity, HowToAttend, ParticipantStatus, Reply
from conferences.models import Participant
from conferences.services.exclusions import decide_request
from conferences.services.invitations import add_participant, change_list, record_reply, send_invitations
from conferences.services.scheduling import cancel_conference, move_sitting
from conferences.services.sending import reason_to_withhold
from deadlines.models import Deadline
from families.models import Address, Residence
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import LONDON, NOW
from tests.conferences.test_invitations import LATER, clock, risk_of  # noqa: F401 the fixtures
from tests.factories import PersonFactory, PostFactory

pytestmark = pytest.mark.django_db


# sending


def test_each_invitation_has_the_persons_arrival_and_a_reference_in_the_subject(told, booked):
    story.settled(told, booked)
    robin = story.on_list(booked, told.robin.person)
    change_list(
        conference=booked,
        changes=[story.as_listed(robin, arrives_at=datetime.datetime(2026, 12, 22, 11, tzinfo=LONDON))],
        by=told.coordinator,
        now=NOW,
    )
    send_invitations(conference=booked, by=told.coordinator, now=NOW)

    def start_of(person):
        message = Message.objects.get(person_id=person.pk)
        assert message.subject == f"Invitation to a meeting: {booked.reference}"
        (event,) = Calendar.from_ical(message.calendar_file).walk("VEVENT")
        return event["dtstart"].dt.astimezone(LONDON).time()

    assert start_of(told.robin.person) == datetime.time(11)
    assert start_of(told.hazel) == datetime.time(9, 30)
    assert start_of(told.posts["gp"].person) == datetime.time(10)


def test_messages_and_calendar_files_name_no_one_else_and_no_home(told):
    home = Address.objects.create(authority=told.authority, lines="Flat 7, Secret Refuge Lane", postcode="EX1 1AA")
    Residence.objects.create(person=told.hazel, address=home, confidential=True)
    story.invited(told)
    names = {
        *(row.person.full_name for row in Participant.objects.select_related("person")),
        *(row.person.given_name for row in Participant.objects.select_related("person")),
        "Brambley",
        "Wren",
        "Olive",
        "Secret Refuge Lane",
        "EX1 1AA",
        *(post.agency.name for post in told.posts.values()),
        *(row.email for row in Participant.objects.all()),
    }
    messages = list(Message.objects.all())
    assert len(messages) == 11
    for message in messages:
        own = Participant.objects.get(person=message.person_id)
        text = f"{message.subject}\n{message.body}\n{message.calendar_file.replace(chr(13) + chr(10) + ' ', '')}"
        assert [name for name in names if name and name in text and name != own.email] == []
        assert text.count("ATTENDEE") == 1
        assert f"mailto:{message.to_email}" in text


def test_a_person_in_a_separate_part_is_not_told_when_or_where_others_meet(told):
    risk_of(told, told.dale)
    conference = story.booked(told)
    story.settled(told, conference)
    decide_request(
        request=story.on_list(conference, told.dale).exclusion_requests.get(),
        by=told.chair,
        how=HowToAttend.SEPARATE_PLACE,
        reason="Bail",
        views_through=None,
        arrives_at=datetime.datetime(2026, 12, 22, 13, tzinfo=LONDON),
        now=LATER,
    )
    send_invitations(conference=conference, by=told.coordinator, now=LATER)
    message = Message.objects.get(person_id=told.dale.pk)
    (event,) = Calendar.from_ical(message.calendar_file).walk("VEVENT")
    assert event["dtend"].dt.astimezone(LONDON).time() == datetime.time(14)
    assert str(event["location"]) == "We will tell you where"
    assert told.room.name not in message.body


def test_invitations_go_once_and_only_to_those_added_since(told, invited):
    assert Message.objects.count() == 11
    assert send_invitations(conference=invited, by=told.coordinator, now=LATER) == []
    add_participant(
        conference=invited,
        person=told.olive,
        capacity=Capacity.RELATIVE,
        children=invited.children.all(),
        email="olive@home.example",
        reason="Hazel wishes it",
        by=told.coordinator,
        now=LATER,
    )
    assert [row.person for row in send_invitations(conference=invited, by=told.coordinator, now=LATER)] == [told.olive]
    assert Message.objects.count() == 12


def test_a_person_without_a_mailbox_must_be_told_another_way_before_sending(told, booked):
    story.settled(told, booked)
    hazel = story.on_list(booked, told.hazel)
    Participant.objects.filter(pk=hazel.pk).update(email="")
    with pytest.raises(ValidationError) as raised:
        send_invitations(conference=booked, by=told.coordinator, now=NOW)
    assert raised.value.messages == [
        "Hazel Brambley has no e-mail address. Enter one, or say how they are told instead."
    ]
    assert Message.objects.count() == 0
    Participant.objects.filter(pk=hazel.pk).update(invited_how="On paper, by the social worker")
    send_invitations(conference=booked, by=told.coordinator, now=NOW)
    assert Message.objects.filter(person_id=told.hazel.pk).count() == 0
    assert story.on_list(booked, told.hazel).status == ParticipantStatus.TO_INVITE
    assert list(booked.to_tell.values_list("participant", flat=True)) == [hazel.pk]


def test_sending_meets_the_clock_of_the_invitations(told, booked):
    assert Deadline.objects.get(kind="invitations-sent").responsible_ids == [told.coordinator.pk]
    story.settled(told, booked)
    send_invitations(conference=booked, by=told.coordinator, now=NOW)
    assert Deadline.objects.get(kind="invitations-sent").met_at == NOW


def test_moving_sends_the_next_version_only_to_those_invited(told, invited):
    risk_of(told, told.dale)
    Message.objects.filter(state=MessageState.WAITING).update(state=MessageState.SENT, sent_at=NOW)
    move_sitting(
        sitting=invited.sittings.get(),
        booking=story.booking(told, starts_at=datetime.datetime(2026, 12, 23, 14, tzinfo=LONDON)),
        reason="Scan",
        by=told.coordinator,
        now=LATER,
    )
    new = Message.objects.filter(state=MessageState.WAITING)
    assert new.count() == 10
    assert not new.filter(person_id=told.dale.pk).exists()
    message = new.get(person_id=told.hazel.pk)
    (event,) = Calendar.from_ical(message.calendar_file).walk("VEVENT")
    assert (int(event["sequence"]), event["dtstart"].dt.astimezone(LONDON)) == (
        1,
        datetime.datetime(2026, 12, 23, 13, 30, tzinfo=LONDON),
    )
    assert message.subject == f"A meeting has changed: {invited.reference}"


def test_moving_before_the_first_version_was_sent_sends_only_the_second(told, invited):
    move_sitting(
        sitting=invited.sittings.get(),
        booking=story.booking(told, starts_at=datetime.datetime(2026, 12, 23, 14, tzinfo=LONDON)),
        reason="Scan",
        by=told.coordinator,
        now=LATER,
    )
    states = Message.objects.filter(person_id=told.hazel.pk).order_by("pk").values_list("state", flat=True)
    assert list(states) == [MessageState.WITHDRAWN, MessageState.WAITING]


def test_cancelling_cancels_sent_entries_and_withdraws_the_rest(told, invited):
    Message.objects.filter(person_id=told.hazel.pk).update(state=MessageState.SENT, sent_at=NOW)
    cancel_conference(conference=invited, reason="Chair ill", by=told.coordinator, now=LATER)
    waiting = Message.objects.filter(state=MessageState.WAITING)
    assert [row.person_id for row in waiting] == [told.hazel.pk]
    (event,) = Calendar.from_ical(waiting.get().calendar_file).walk("VEVENT")
    assert (str(event["status"]), int(event["sequence"])) == ("CANCELLED", 1)
    assert reason_to_withhold(waiting.get()) == ""


def test_withdrawing_an_invited_person_cancels_their_entry(told, invited):
    Message.objects.update(state=MessageState.SENT, sent_at=NOW)
    gp = story.on_list(invited, told.posts["gp"].person)
    change_list(
        conference=invited,
        changes=[story.as_listed(gp, wanted=False, reason="Retired")],
        by=told.coordinator,
        now=LATER,
    )
    gp.refresh_from_db()
    assert gp.status == ParticipantStatus.WITHDRAWN
    message = Message.objects.get(state=MessageState.WAITING)
    assert (message.person_id, reason_to_withhold(message)) == (gp.person_id, "")


def test_a_person_who_has_left_the_post_gets_nothing(told, invited):
    post = told.posts["gp"]
    post.ends_on = datetime.date(2020, 1, 1)
    post.save()
    message = Message.objects.get(person_id=post.person_id)
    assert reason_to_withhold(message) == "This person has left the post."


@pytest.mark.django_db(transaction=True)
def test_the_outbox_checks_again_before_it_sends(told, invited, mailoutbox):
    Participant.objects.filter(person=told.dale).update(status=ParticipantStatus.KEPT_OUT)
    send_due(now=LATER, limit=50)
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(
        row.email for row in invited.participants.exclude(person=told.dale)
    )
    assert Message.objects.get(person_id=told.dale.pk).state == MessageState.WITHDRAWN


# answers


def test_records_an_answer_only_from_an_invited_person(told, invited):
    gp = story.on_list(invited, told.posts["gp"].person)
    assert record_reply(participant=gp, reply=Reply.ONLINE, by=told.coordinator, now=LATER).reply == Reply.ONLINE
    Participant.objects.filter(pk=gp.pk).update(status=ParticipantStatus.KEPT_OUT)
    with pytest.raises(ValidationError, match="not invited"):
        record_reply(participant=gp, reply=Reply.COMING, by=told.coordinator, now=LATER)


def test_a_person_in_two_capacities_is_not_two_people_sharing_a_mailbox(told, booked):
    story.settled(told, booked)
    post = PostFactory(agency=told.posts["gp"].agency, person=told.olive, email="olive@home.example")
    for capacity, held in ((Capacity.RELATIVE, None), (Capacity.PROFESSIONAL, post)):
        add_participant(
            conference=booked,
            person=told.olive,
            post=held,
            capacity=capacity,
            children=booked.children.all(),
            email="olive@home.example",
            reason="Aunt and teacher",
            by=told.coordinator,
            now=NOW,
        )
    both = list(booked.participants.filter(person=told.olive))
    change_list(conference=booked, changes=[story.as_listed(row) for row in both], by=told.coordinator, now=NOW)
    assert [row.capacity for row in booked.participants.filter(person=told.olive).order_by("pk")] == [
        Capacity.RELATIVE,
        Capacity.PROFESSIONAL,
    ]


def test_a_new_person_is_not_invited_without_an_explicit_choice(told, invited):
    with pytest.raises(ValidationError):
        add_participant(
            conference=invited,
            person=PersonFactory(authority=told.authority),
            capacity=Capacity.OBSERVER,
            children=invited.children.all(),
            reason="",
            by=told.coordinator,
            now=NOW,
        )
    assert Message.objects.count() == 11
