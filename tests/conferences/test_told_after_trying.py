"""What is told to those whom someone only tried to reach, or who wait for the chair, when a meeting moves or is cancelled."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import Occasion, ParticipantStatus, Reply
from conferences.selectors.moving import who_is_told
from conferences.selectors.telling import list_of_those_to_tell, names_to_tell
from conferences.services.invitations import change_list, record_reply
from conferences.services.scheduling import move_sitting
from conferences.services.telling import send_by_email_instead, take_back_telling
from conferences.services.to_tell import put_on_list
from deadlines.models import Deadline
from families.models import ContactRisk
from notifications.models import Message, Notice
from tests.conferences import story
from tests.conferences import test_told_in_the_chairs_words as chair
from tests.conferences import test_told_otherwise as hand
from tests.conferences import test_told_otherwise_pages as pages
from tests.conferences.story import NOW
from tests.conferences.test_told_otherwise import HOUR, LATER
from tests.conferences.test_told_rightly import WORDS, clock, knowing, send  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db


# moved there and back, or tried only


def moved(told, conference, to):
    for starts_at in to:
        move_sitting(
            sitting=conference.sittings.get(), booking=story.booking(told, starts_at=starts_at), reason="x",
            by=told.coordinator, now=LATER + HOUR,
        )  # fmt: skip


def told_and_coming(told, conference):
    tick = hand.tick(told, hand.open_rows(conference)[0])
    dale = story.on_list(conference, told.dale)
    record_reply(participant=dale, reply=Reply.COMING, by=told.coordinator, now=LATER)
    return tick


def test_whoever_was_told_what_stands_again_is_not_told_again(client, told, otherwise):
    told_and_coming(told, otherwise)
    moved(told, otherwise, [hand.MOVED_TO])
    assert hand.occasions(otherwise) == [Occasion.CHANGED]
    assert how_told(told, otherwise, story.STARTS_AT) == ("Nothing changes for them, so nothing is sent", False)
    moved(told, otherwise, [story.STARTS_AT])
    assert hand.open_rows(otherwise) == []
    dale = story.on_list(otherwise, told.dale)
    assert (dale.status, dale.reply) == (ParticipantStatus.INVITED, Reply.COMING)


def how_told(told, conference, starts_at):
    booking = story.booking(told, starts_at=starts_at)
    rows = who_is_told(conference, conference.sittings.get(), booking, now=LATER)
    return next((row.how, row.is_told) for row in rows if row.participant.person_id == told.dale.pk)


def test_it_is_known_too_of_a_telling_recorded_after_the_move(told, otherwise):
    first = hand.open_rows(otherwise)[0]
    moved(told, otherwise, [hand.MOVED_TO])
    hand.tick(told, first, at=LATER, now=LATER + 2 * HOUR)
    moved(told, otherwise, [story.STARTS_AT])
    assert hand.open_rows(otherwise) == []


@pytest.mark.parametrize("what", ["told", "not_reached"])
def test_whoever_may_have_heard_of_the_other_day_is_told_again(told, otherwise, what):
    told_and_coming(told, otherwise)
    moved(told, otherwise, [hand.MOVED_TO])
    hand.tick(told, hand.open_rows(otherwise)[0], at=LATER + HOUR, now=LATER + HOUR, outcome=what, note="Left a message")  # fmt: skip
    moved(told, otherwise, [story.STARTS_AT])
    assert hand.occasions(otherwise) == [Occasion.CHANGED]


def test_what_the_chair_wrote_meanwhile_is_told_all_the_same(told, otherwise):
    told_and_coming(told, otherwise)
    put_on_list(story.on_list(otherwise, told.dale), Occasion.PLACE, words=WORDS, now=LATER)
    moved(told, otherwise, [hand.MOVED_TO, story.STARTS_AT])
    assert [WORDS in row.words for row in hand.open_rows(otherwise)] == [True]


def tried(told, conference):
    return hand.tick(
        told, hand.open_rows(conference)[0], outcome="not_reached", how="post", note="Sent a letter, no answer"
    )


def test_whoever_was_only_tried_hears_of_the_cancellation(told, otherwise):
    tried(told, otherwise)
    hand.cancel(told, otherwise)
    assert hand.occasions(otherwise) == [Occasion.CANCELLED]
    assert names_to_tell(otherwise, on=LATER.date()).names == ["Dale Ashdown"]


def test_not_where_the_attempt_was_entered_in_error(told, otherwise):
    take_back_telling(telling=tried(told, otherwise), because="Other family", by=told.coordinator, now=LATER)
    hand.cancel(told, otherwise)
    assert hand.open_rows(otherwise) == []


def test_nor_where_that_is_found_after_the_cancellation(told, otherwise):
    entry = tried(told, otherwise)
    hand.cancel(told, otherwise)
    take_back_telling(telling=entry, because="Other family", by=told.coordinator, now=LATER)
    assert hand.open_rows(otherwise) == []


def test_whoever_was_only_tried_hears_that_they_do_not_come(told, booked):
    story.settled(told, booked)
    shazia = told.posts["academy"].person
    story.without_mail(told, booked, shazia)
    story.send_invitations(conference=booked, by=told.coordinator, now=NOW)
    tried(told, booked)
    row = story.on_list(booked, shazia)
    change_list(
        conference=booked, changes=[story.as_listed(row, wanted=False, reason="No need")], by=told.coordinator, now=LATER
    )  # fmt: skip
    assert hand.occasions(booked) == [Occasion.TAKEN_OFF]


def test_whom_the_chair_keeps_out_hears_nothing_because_someone_tried(told, otherwise):
    tried(told, otherwise)
    request = chair.ask(told, story.on_list(otherwise, told.dale))
    chair.decide(told, request, told_text="")
    assert [row.participant.person for row in hand.open_rows(otherwise) if row.occasion != Occasion.ANSWER] == []


# whoever waits for the chair, when the meeting moves or is cancelled


def test_whoever_waits_for_the_chair_and_knows_is_told_of_a_cancellation_by_someone(client, told, knowing):  # noqa: F811
    chair.ask(told, story.on_list(knowing, told.dale))
    written = Message.objects.filter(person_id=told.dale.pk).count()
    hand.cancel(told, knowing)
    send()
    rows = hand.open_rows(knowing)
    assert [(row.participant.person, row.occasion) for row in rows] == [(told.dale, Occasion.CANCELLED)]
    assert Message.objects.filter(person_id=told.dale.pk).count() == written
    assert names_to_tell(knowing, on=LATER.date()).names == ["Dale Ashdown"]
    assert list(Deadline.objects.filter(kind="tell-otherwise").open().values_list("what", flat=True)) == [
        "Dale Ashdown"
    ]
    page = pages.page(client, told, knowing)
    assert "will not go ahead" in page
    assert "Send it by e-mail" not in page
    with pytest.raises(ValidationError, match="has not decided"):
        send_by_email_instead(to_tell=rows[0], now=LATER)
    hand.tick(told, rows[0])
    assert story.on_list(knowing, told.dale).status == ParticipantStatus.AWAITING_CHAIR


def test_whoever_waits_for_the_chair_and_never_knew_hears_of_no_cancellation(told, otherwise):
    chair.ask(told, story.on_list(otherwise, told.dale))
    hand.cancel(told, otherwise)
    assert hand.open_rows(otherwise) == []


def test_a_move_tells_nobody_who_waits_for_the_chair_but_asks_the_chair_to_decide(told, knowing):  # noqa: F811
    chair.ask(told, story.on_list(knowing, told.dale))
    written = Message.objects.filter(person_id=told.dale.pk).count()
    moved(told, knowing, [hand.MOVED_TO])
    asked = Notice.objects.filter(key__startswith="moved-undecided:")
    assert [(row.user, row.urgent) for row in asked] == [(told.chair, True)]
    assert Message.objects.filter(person_id=told.dale.pk).count() == written
    assert told.dale not in {row.participant.person for row in hand.open_rows(knowing)}


def test_a_move_asks_nothing_of_the_chair_where_nobody_knew(told, otherwise):
    chair.ask(told, story.on_list(otherwise, told.dale))
    moved(told, otherwise, [hand.MOVED_TO])
    assert not Notice.objects.filter(key__startswith="moved-undecided:").exists()


def test_whoever_is_held_by_a_risk_is_told_of_a_cancellation_by_someone_too(client, told, knowing):  # noqa: F811
    hand.cancel(told, knowing)
    ContactRisk.objects.create(
        person=told.dale, ground="violence", detail="x", recorded_by=told.social_worker, recorded_at=LATER
    )
    send()
    rows = [row for row in hand.open_rows(knowing) if row.participant.person == told.dale]
    assert [row.occasion for row in rows] == [Occasion.CANCELLED]
    listed = next(row for row in list_of_those_to_tell(knowing, on=LATER.date()) if row.to_tell == rows[0])
    assert (listed.waits, listed.by_mail_from_here, "will not go ahead" in listed.words) == (False, False, True)
