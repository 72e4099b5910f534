"""Whoever gets no e-mail is told by someone: a list, a tick with who, when and how, and nobody falls between."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from conferences.enums import Occasion, ParticipantStatus, RequestGround
from conferences.models import ToTell
from conferences.selectors.telling import list_of_those_to_tell, names_to_tell
from conferences.services.exclusions import decide_request, open_request
from conferences.services.invitations import change_list, send_invitations
from conferences.services.scheduling import cancel_conference, move_sitting
from conferences.services.telling import record_telling, take_back_telling, tell_people
from deadlines.models import Deadline
from families.models import ContactPoint
from notifications.enums import MessageState, Subject
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import NOW

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
LATER = NOW + 2 * HOUR
MOVED_TO = story.STARTS_AT + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


def open_rows(conference):
    return list(ToTell.objects.filter(conference=conference, told_at=None, ended_at=None))


def occasions(conference):
    return [Occasion(row.occasion) for row in open_rows(conference)]


def tick(told, row, *, at=LATER, now=LATER, **changes):
    facts = {"outcome": "told", "how": "in_person", "by": told.social_worker, **changes}
    return record_telling(to_tell=row, at=at, now=now, **facts)


def dale_of(told, conference):
    return story.on_list(conference, told.dale)


def clock_of(conference):
    return Deadline.objects.get(kind="invitations-sent", conference_id=conference.pk)


def move(told, conference, *, now=LATER):
    return move_sitting(
        sitting=conference.sittings.get(),
        booking=story.booking(told, starts_at=MOVED_TO),
        reason="The chair is ill",
        by=told.coordinator,
        now=now,
    )


def cancel(told, conference, *, now=LATER):
    return cancel_conference(conference=conference, reason="No longer needed", by=told.coordinator, now=now)


# the invitation


def test_who_is_told_another_way_stands_as_invited_only_once_told(told, otherwise):
    assert occasions(otherwise) == [Occasion.INVITATION]
    assert dale_of(told, otherwise).status == ParticipantStatus.TO_INVITE
    assert (otherwise.invited_at, clock_of(otherwise).met_at) == (None, None)
    tick(told, open_rows(otherwise)[0])
    dale = dale_of(told, otherwise)
    assert (dale.status, dale.invited_at) == (ParticipantStatus.INVITED, LATER)
    assert clock_of(otherwise).met_at == LATER
    assert open_rows(otherwise) == []


def test_a_repeat_of_sending_lists_nobody_twice(told, otherwise):
    send_invitations(conference=otherwise, by=told.coordinator, now=LATER)
    assert occasions(otherwise) == [Occasion.INVITATION]


def test_a_safe_address_given_later_lets_an_email_take_its_place(told, otherwise):
    change_list(
        conference=otherwise,
        changes=[story.as_listed(dale_of(told, otherwise), email="dale@home.example", invited_how="")],
        by=told.coordinator,
        now=LATER,
    )
    send_invitations(conference=otherwise, by=told.coordinator, now=LATER)
    send_due(now=LATER, limit=50)
    assert open_rows(otherwise) == []
    assert Message.objects.get(person_id=told.dale.pk).state == MessageState.SENT
    assert clock_of(otherwise).met_at == LATER


def unsafe(told):
    ContactPoint.objects.filter(person=told.dale).update(is_safe=False)


def test_an_email_that_did_not_leave_puts_the_person_on_the_list(told, invited):
    unsafe(told)
    send_due(now=LATER, limit=50)
    assert occasions(invited) == [Occasion.INVITATION]
    assert dale_of(told, invited).status == ParticipantStatus.TO_INVITE
    tick(told, open_rows(invited)[0])
    assert dale_of(told, invited).status == ParticipantStatus.INVITED


@pytest.mark.parametrize(("change", "occasion"), [(move, Occasion.CHANGED), (cancel, Occasion.CANCELLED)])
def test_a_change_that_did_not_leave_is_on_the_list_too(told, invited, change, occasion):
    send_due(now=NOW, limit=50)
    unsafe(told)
    change(told, invited)
    send_due(now=LATER, limit=50)
    assert occasions(invited) == [occasion]


def test_whoever_is_on_the_list_does_not_hold_up_the_invitations_of_others(told, invited):
    unsafe(told)
    send_due(now=LATER, limit=50)
    assert send_invitations(conference=invited, by=told.coordinator, now=LATER) is not None


# changes and the cancellation


def test_a_move_is_told_to_whoever_was_told_and_not_the_old_time_to_whoever_was_not(told, otherwise):
    first = open_rows(otherwise)[0]
    move(told, otherwise)
    row = open_rows(otherwise)[0]
    assert (row.occasion, row != first) == (Occasion.INVITATION, True)
    words = list_of_those_to_tell(otherwise, on=LATER.date())[0].words
    assert "23 December" in words
    assert "22 December" not in words
    assert "changed" not in words


def test_whoever_was_told_hears_of_a_move_and_of_the_cancellation_once(told, otherwise):
    tick(told, open_rows(otherwise)[0])
    move(told, otherwise)
    assert occasions(otherwise) == [Occasion.CHANGED]
    cancel(told, otherwise)
    assert occasions(otherwise) == [Occasion.CANCELLED]
    row = list_of_those_to_tell(otherwise, on=LATER.date())[0]
    assert "will not go ahead" in row.words
    tick(told, row.to_tell)
    assert not names_to_tell(otherwise, on=LATER.date())


def test_whoever_was_never_told_need_not_hear_of_the_cancellation(told, otherwise):
    cancel(told, otherwise)
    assert open_rows(otherwise) == []


def test_a_telling_before_a_move_that_is_recorded_after_it_makes_the_move_a_change(told, otherwise):
    first = open_rows(otherwise)[0]
    move(told, otherwise, now=LATER)
    tick(told, first, at=NOW + HOUR, now=LATER + HOUR)
    assert dale_of(told, otherwise).status == ParticipantStatus.INVITED
    assert occasions(otherwise) == [Occasion.CHANGED]


def test_the_old_time_cannot_be_told_after_the_move(told, otherwise):
    first = open_rows(otherwise)[0]
    move(told, otherwise, now=LATER)
    with pytest.raises(ValidationError, match="Something later"):
        tick(told, first, at=LATER + HOUR, now=LATER + HOUR)


def test_what_was_written_for_a_person_is_kept_by_a_later_change(told, otherwise):
    tick(told, open_rows(otherwise)[0])
    sitting = otherwise.sittings.get()
    tell_people(
        conference=otherwise,
        people=[dale_of(told, otherwise)],
        subject=Subject.CHANGED,
        sitting=sitting,
        told="Tomasz Kestrel leads your meeting now.",
        now=LATER,
    )
    move(told, otherwise)
    words = list_of_those_to_tell(otherwise, on=LATER.date())[0].words
    assert "Tomasz Kestrel leads your meeting now." in words
    assert "The day, time or place of your meeting has changed." in words
    assert "23 December" in words


def test_everyone_who_knows_hears_of_the_cancellation_by_one_way_or_the_other(told, otherwise):
    send_due(now=NOW, limit=50)
    tick(told, open_rows(otherwise)[0])
    knew = set(otherwise.participants.filter(status="invited").values_list("person_id", flat=True))
    cancel(told, otherwise)
    written = set(Message.objects.filter(key__endswith=":cancel").values_list("person_id", flat=True))
    listed = {row.participant.person_id for row in open_rows(otherwise)}
    assert written | listed == knew
    assert written & listed == set()


# the tick


def test_could_not_be_reached_keeps_it_open_with_the_note(told, otherwise):
    row = open_rows(otherwise)[0]
    tick(told, row, outcome="not_reached", how="phone", note="No answer at two numbers")
    assert occasions(otherwise) == [Occasion.INVITATION]
    shown = list_of_those_to_tell(otherwise, on=LATER.date())[0]
    assert [entry.note for entry in shown.tried] == ["No answer at two numbers"]
    with pytest.raises(ValidationError) as refused:
        tick(told, row, outcome="not_reached", how="phone", at=LATER - HOUR)
    assert set(refused.value.message_dict) == {"note"}


def test_a_tick_is_not_in_the_future_nor_before_there_was_something_to_tell(told, otherwise):
    row = open_rows(otherwise)[0]
    for at in (LATER + HOUR, NOW - HOUR):
        with pytest.raises(ValidationError) as refused:
            tick(told, row, at=at)
        assert set(refused.value.message_dict) == {"at"}


def test_the_same_tick_twice_is_one_and_another_one_is_refused(told, otherwise):
    row = open_rows(otherwise)[0]
    assert tick(told, row) == tick(told, row)
    with pytest.raises(ValidationError, match="recorded already"):
        tick(told, row, how="phone")


def test_a_tick_taken_back_makes_them_to_be_told_again_and_stays_in_the_record(told, otherwise):
    entry = tick(told, open_rows(otherwise)[0])
    with pytest.raises(ValidationError):
        take_back_telling(telling=entry, because=" ", by=told.coordinator, now=LATER)
    take_back_telling(telling=entry, because="It was his brother", by=told.coordinator, now=LATER)
    assert occasions(otherwise) == [Occasion.INVITATION]
    assert dale_of(told, otherwise).status == ParticipantStatus.TO_INVITE
    assert clock_of(otherwise).met_at is None
    entry.refresh_from_db()
    assert (entry.outcome, entry.taken_back_because) == ("told", "It was his brother")
    tick(told, open_rows(otherwise)[0], at=LATER, how="phone")
    assert dale_of(told, otherwise).status == ParticipantStatus.INVITED


def test_a_tick_taken_back_after_a_move_makes_the_change_an_invitation(told, otherwise):
    entry = tick(told, open_rows(otherwise)[0])
    move(told, otherwise)
    take_back_telling(telling=entry, because="It was his brother", by=told.coordinator, now=LATER)
    assert occasions(otherwise) == [Occasion.INVITATION]
    assert dale_of(told, otherwise).status == ParticipantStatus.TO_INVITE


def test_a_tick_taken_back_after_the_cancellation_leaves_nothing_to_tell(told, otherwise):
    entry = tick(told, open_rows(otherwise)[0])
    cancel(told, otherwise)
    take_back_telling(telling=entry, because="It was his brother", by=told.coordinator, now=LATER)
    assert open_rows(otherwise) == []


# the chair


def asked_about(told, conference):
    return open_request(
        participant=dale_of(told, conference), ground=RequestGround.ASKED, reason="Fear", by=told.social_worker,
        now=LATER,
    )  # fmt: skip


def decide(told, request, **changes):
    facts = {"how": "not_at_all", "reason": "Danger", "told_text": "You are not asked to come.", **changes}
    through = story.on_list(request.conference, told.hazel) if facts["how"] == "not_at_all" else None
    return decide_request(request=request, by=told.chair, views_through=through, now=LATER, **facts)


def test_nothing_is_said_before_the_chair_has_decided(told, otherwise):
    row = open_rows(otherwise)[0]
    asked_about(told, otherwise)
    shown = list_of_those_to_tell(otherwise, on=LATER.date())[0]
    assert (shown.waits, shown.words) == (True, "")
    assert not names_to_tell(otherwise, on=LATER.date())
    with pytest.raises(ValidationError, match="chair"):
        tick(told, row)


def test_whoever_is_kept_out_and_never_knew_is_told_nothing(told, otherwise):
    decide(told, asked_about(told, otherwise))
    assert list_of_those_to_tell(otherwise, on=LATER.date()) == []


def test_whoever_knew_and_is_kept_out_is_told_so_in_the_chairs_words_alone(told, otherwise):
    tick(told, open_rows(otherwise)[0])
    move(told, otherwise)
    decide(told, asked_about(told, otherwise))
    rows = list_of_those_to_tell(otherwise, on=LATER.date())
    assert [row.to_tell.occasion for row in rows] == [Occasion.TAKEN_OFF]
    assert "You are not asked to come." in rows[0].words
    assert "December" not in rows[0].words


def test_whoever_comes_apart_hears_it_with_their_own_time(told, otherwise):
    tick(told, open_rows(otherwise)[0])
    decide(
        told, asked_about(told, otherwise), how="separate_time", told_text="You come at your own time.",
        arrives_at=story.STARTS_AT + 4 * HOUR,
    )  # fmt: skip
    row = list_of_those_to_tell(otherwise, on=LATER.date())[0]
    assert row.to_tell.occasion == Occasion.PLACE
    assert "You come at your own time." in row.words
    assert "14:00" in row.words or "2:00" in row.words


def test_the_answer_to_whoever_asked_is_on_the_list_where_no_email_goes(told, otherwise):
    tick(told, open_rows(otherwise)[0])
    request = open_request(
        participant=story.on_list(otherwise, told.martin), ground=RequestGround.ASKED, reason="Fear",
        by=told.social_worker, asked_for=told.dale, now=LATER,
    )  # fmt: skip
    decide_request(
        request=request, by=told.chair, how="whole", reason="No danger", views_through=None,
        answer_text="You asked that he stays away; the chair decided that he comes.", now=LATER,
    )  # fmt: skip
    row = list_of_those_to_tell(otherwise, on=LATER.date())[0]
    assert (row.participant.person, row.to_tell.occasion) == (told.dale, Occasion.ANSWER)
    assert "the chair decided that he comes" in row.words
    tick(told, row.to_tell)
    assert open_rows(otherwise) == []
