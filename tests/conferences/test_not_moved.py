"""What is not moved, and what a cancellation leaves of those who were asked."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from icalendar import Calendar

from conferences.access import own_invitations
from conferences.enums import AnswerEnded, Need, ParticipantStatus, Reply, SittingState
from conferences.models import EarlierAnswer, Sitting
from conferences.selectors.guests import who_comes
from conferences.services.guest_answers import ask_as_guest
from conferences.services.scheduling import cancel_conference, move_sitting
from deadlines.models import Deadline
from notifications.enums import MessageState
from notifications.models import Message
from tests.conferences import story
from tests.conferences.story import NOW, STARTS_AT
from tests.conferences.test_moving import DAY, LATER, NEXT_DAY, answered, clock, move, newest, send  # noqa: F401 the fixtures
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["requested", "open", "closed", "cancelled", "adjourned"])
def test_what_has_begun_or_ended_is_not_moved_and_the_refusal_says_so(told, invited, client, state):
    words = {
        "requested": "has no date yet",
        "open": "is in session",
        "closed": "is over",
        "cancelled": "is cancelled",
        "adjourned": "was adjourned",
    }[state]
    sitting = invited.sittings.get()
    if state == "adjourned":
        Sitting.objects.update(state=SittingState.ADJOURNED)
    else:
        fields = {"opened_at": STARTS_AT, "ended_at": STARTS_AT} if state == "closed" else {}
        type(invited).objects.update(status=state, cancelled_because="Ill", **fields)
    with pytest.raises(ValidationError) as raised:
        move_sitting(
            sitting=sitting, booking=story.booking(told, starts_at=NEXT_DAY), reason="x", by=told.coordinator, now=LATER
        )
    assert words in raised.value.messages[0]
    client.force_login(told.coordinator)
    page = client.get(reverse("conferences:move", args=[invited.pk]), follow=True)
    assert words in page.content.decode()
    assert reverse("conferences:move", args=[invited.pk]) not in page.content.decode()


def test_a_page_that_is_older_than_the_booking_moves_nothing(told, invited):
    seen = invited.version
    move(told, invited, NEXT_DAY, now=LATER)
    with pytest.raises(ValidationError, match="Someone else has changed"):
        move_sitting(
            sitting=invited.sittings.get(),
            booking=story.booking(told, starts_at=NEXT_DAY + DAY),
            reason="x",
            version=seen,
            by=told.social_worker,
            now=LATER,
        )


def test_the_same_move_sent_twice_is_one(told, invited):
    send()
    seen = invited.version
    for _ in range(2):
        move_sitting(
            sitting=invited.sittings.get(),
            booking=story.booking(told, starts_at=NEXT_DAY),
            reason="x",
            version=seen,
            by=told.coordinator,
            now=LATER,
        )
    assert Message.objects.filter(person_id=told.hazel.pk).count() == 2


def test_a_move_that_changes_nothing_is_refused(told, invited):
    with pytest.raises(ValidationError, match="Nothing is different"):
        move(told, invited, STARTS_AT)


def test_after_a_cancellation_nobody_stands_as_invited(told, invited):
    answered(told, invited, told.hazel)
    send()
    gp = told.posts["gp"].person
    gp.user = UserFactory()
    gp.save()
    assert own_invitations(gp.user).exists()
    hazel = story.on_list(invited, told.hazel)
    cancel_conference(conference=invited, reason="Chair ill", by=told.coordinator, now=LATER)
    invited.refresh_from_db()
    hazel.refresh_from_db()
    assert set(invited.participants.values_list("status", flat=True)) == {ParticipantStatus.WITHDRAWN}
    assert (hazel.reply, hazel.invited_at is not None) == (Reply.NONE, True)
    assert EarlierAnswer.objects.get().ended_because == AnswerEnded.CANCELLED
    assert (who_comes(hazel, now=LATER), own_invitations(gp.user).exists()) == ([], False)
    deadline = Deadline.objects.get(kind="invitations-sent")
    assert (deadline.met_at, deadline.not_needed) == (None, "The conference was cancelled.")
    assert invited.invited_at is None
    (event,) = Calendar.from_ical(newest(told.hazel).calendar_file).walk("VEVENT")
    assert str(event["status"]) == "CANCELLED"
    assert send(LATER) > 0
    assert newest(told.hazel).state == MessageState.SENT


def test_a_meeting_cancelled_after_it_was_adjourned_has_nobody_invited_either(told, invited):
    Sitting.objects.update(state=SittingState.ADJOURNED)
    cancel_conference(conference=invited, reason="Start afresh", by=told.coordinator, now=LATER)
    assert not invited.participants.filter(status=ParticipantStatus.INVITED).exists()


def test_a_cancelled_conference_shows_nobody_as_invited_on_any_page(told, invited, client):
    answered(told, invited, told.hazel)
    send()
    cancel_conference(conference=invited, reason="Chair ill", by=told.coordinator, now=LATER)
    client.force_login(told.coordinator)
    overview = client.get(reverse("conferences:overview", args=[invited.pk]))
    assert [(step.name, step.state) for step in overview.context["conference_page"].steps][2] == (
        "Cancelled",
        "stopped",
    )
    assert overview.context["waits"] == []
    people = client.get(reverse("conferences:people", args=[invited.pk]))
    assert (people.context["invited"], people.context["to_send"], people.context["not_settled"]) == (0, [], [])
    assert ">Invited<" not in people.content.decode()


def test_booking_again_starts_with_asking_and_shows_what_was_asked_for_before(told, invited, client):
    hazel = story.on_list(invited, told.hazel)
    answered(told, invited, told.hazel)
    ask_as_guest(participant=hazel, guest_session_id=1, needs=[Need.INTERPRETER], text="Polish, please", now=NOW)
    send()
    cancel_conference(conference=invited, reason="Chair ill", by=told.coordinator, now=LATER)
    again = story.booked(told, starts_at=NEXT_DAY)
    row = story.on_list(again, told.hazel)
    assert (row.status, row.reply, row.invited_at) == (ParticipantStatus.PROPOSED, Reply.NONE, None)
    client.force_login(told.coordinator)
    for name in ("people", "change-list", "check-invitations"):
        story.settled(told, again)
        page = client.get(reverse(f"conferences:{name}", args=[again.pk])).content.decode()
        assert ("an interpreter" in page, invited.reference in page) == (True, True), name
    page = client.get(reverse("conferences:participant", args=[again.pk, row.pk])).content.decode()
    assert ("Polish, please" in page, invited.reference in page) == (True, True)
