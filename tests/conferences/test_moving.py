"""After a move every answer is asked again and the old one kept; after a cancellation nobody stands as invited."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from icalendar import Calendar

from conferences.enums import AnswerEnded, HowToAttend, Mode, Need, ParticipantStatus, Reply, SittingState
from conferences.models import EarlierAnswer, SaidByGuest, Sitting
from conferences.selectors.people import participants_of
from conferences.selectors.quorum_forecast import quorum_forecast
from conferences.services.deputies import confirm_deputy, name_deputy
from conferences.services.guest_answers import answer_as_guest, ask_as_guest
from conferences.services.invitations import record_reply
from conferences.services.scheduling import book_next_sitting, move_sitting
from deadlines.models import Deadline
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import LONDON, NOW, STARTS_AT
from tests.factories import RoomFactory

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=2)
NEXT_DAY = STARTS_AT + datetime.timedelta(days=1)
DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False) as traveller:
        yield traveller


def send(now=NOW + datetime.timedelta(hours=1)):
    return send_due(now=now, limit=200)


def move(told, conference, starts_at=NEXT_DAY, *, now=LATER, **changes):
    return move_sitting(
        sitting=conference.sittings.order_by("-number").first(),
        booking=story.booking(told, starts_at=starts_at, **changes),
        reason="The room is lost",
        by=told.coordinator,
        now=now,
    )


def answered(told, conference, person, reply=Reply.COMING):
    return record_reply(participant=story.on_list(conference, person), reply=reply, by=told.coordinator, now=NOW)


def reply_of(conference, person):
    row = story.on_list(conference, person)
    return (row.reply, row.replied_at)


def newest(person):
    return Message.objects.filter(person_id=person.pk).order_by("-pk").first()


@pytest.mark.parametrize(
    ("starts_at", "when", "then"),
    [
        (NEXT_DAY, "Tuesday 22 December", "on the new day"),
        (STARTS_AT + datetime.timedelta(hours=4), "9:30 on Tuesday 22 December", "at the new time"),
    ],
)
def test_an_answer_is_kept_as_history_and_asked_again_with_the_old_one_named(told, invited, starts_at, when, then):
    answered(told, invited, told.hazel)
    send()
    move(told, invited, starts_at)
    assert reply_of(invited, told.hazel) == (Reply.NONE, None)
    kept = EarlierAnswer.objects.get()
    assert (kept.participant.person, kept.reply, kept.replied_at) == (told.hazel, Reply.COMING, NOW)
    assert (kept.expected_at, kept.ended_at, kept.ended_by, kept.ended_because) == (
        STARTS_AT - datetime.timedelta(minutes=30),
        LATER,
        told.coordinator,
        AnswerEnded.MOVED,
    )
    assert f"You had said yes to {when}. Please tell us whether you can come {then}." in newest(told.hazel).body
    assert "You had said" not in newest(told.martin).body


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply.ONLINE, "You had said that you would come online on Tuesday 22 December."),
        (Reply.DEPUTY, "You had said that a deputy would come on Tuesday 22 December."),
        (Reply.REPORT_ONLY, "You had said that you would send a report for Tuesday 22 December."),
        (Reply.NOT_COMING, "You had said no to Tuesday 22 December."),
    ],
)
def test_whatever_they_had_said_is_named(told, invited, reply, words):
    gp = told.posts["gp"].person
    answered(told, invited, gp, reply)
    send()
    move(told, invited)
    assert words in newest(gp).body


@pytest.mark.parametrize(
    "changes",
    [
        {"room": "another"},
        {"mode": Mode.ONLINE, "room": None, "link": "https://meet.example/x"},
        {"until": STARTS_AT + datetime.timedelta(hours=3)},
        {"family_arrives_at": STARTS_AT - datetime.timedelta(minutes=15)},
    ],
)
def test_the_same_day_and_start_keep_the_answers(told, invited, changes):
    if changes.get("room") == "another":
        changes = {"room": RoomFactory(authority=told.authority, name="Heron Room")}
    answered(told, invited, told.hazel)
    send()
    move(told, invited, STARTS_AT, **changes)
    assert reply_of(invited, told.hazel)[0] == Reply.COMING
    assert "You had said" not in newest(told.hazel).body


def test_only_those_for_whom_something_changes_are_told(told, invited):
    dale = story.on_list(invited, told.dale)
    dale.how = HowToAttend.SEPARATE_PLACE
    dale.save()
    another = RoomFactory(authority=told.authority, name="Heron Room")
    move(told, invited, STARTS_AT, room=another)
    send(LATER)
    newest_before = {person: newest(person).pk for person in (told.dale, told.hazel)}
    move(told, invited, STARTS_AT, now=LATER + MINUTE)
    assert newest(told.dale).pk == newest_before[told.dale]
    assert newest(told.hazel).pk > newest_before[told.hazel]


def test_two_moves_before_anything_left_tell_only_of_the_last(told, invited):
    answered(told, invited, told.hazel)
    send()
    move(told, invited, NEXT_DAY)
    move(told, invited, NEXT_DAY + DAY, now=LATER + MINUTE)
    waiting = Message.objects.get(person_id=told.hazel.pk, state=MessageState.WAITING)
    assert "You had said yes to Tuesday 22 December." in waiting.body
    (event,) = Calendar.from_ical(waiting.calendar_file).walk("VEVENT")
    assert event["dtstart"].dt.astimezone(LONDON).day == 24


def test_moving_back_before_anything_left_tells_nobody_and_lets_answers_stand(told, invited):
    answered(told, invited, told.hazel)
    send()
    move(told, invited, NEXT_DAY)
    move(told, invited, STARTS_AT, now=LATER + MINUTE)
    assert not Message.objects.filter(state=MessageState.WAITING).exists()
    assert reply_of(invited, told.hazel) == (Reply.COMING, NOW)
    assert EarlierAnswer.objects.get().stands_again_at == LATER + MINUTE


def test_moving_back_to_a_day_they_were_told_to_drop_asks_again(told, invited):
    answered(told, invited, told.hazel)
    send()
    move(told, invited, NEXT_DAY)
    send(LATER)
    move(told, invited, STARTS_AT, now=LATER + MINUTE)
    assert reply_of(invited, told.hazel) == (Reply.NONE, None)
    assert (
        "You had said yes to Tuesday 22 December. Please tell us whether you can still come." in newest(told.hazel).body
    )
    send(LATER + MINUTE)
    move(told, invited, NEXT_DAY, now=LATER + 2 * MINUTE)
    move(told, invited, STARTS_AT, now=LATER + 3 * MINUTE)
    assert reply_of(invited, told.hazel) == (Reply.NONE, None)


def test_an_answer_given_after_the_move_is_heard_even_if_it_is_the_old_one(told, invited):
    gp = story.on_list(invited, told.posts["gp"].person)
    answer_as_guest(participant=gp, guest_session_id=1, reply=Reply.COMING, now=NOW)
    send()
    move(told, invited)
    gp.refresh_from_db()
    answer_as_guest(participant=gp, guest_session_id=2, reply=Reply.COMING, now=LATER + MINUTE)
    answer_as_guest(participant=gp, guest_session_id=2, reply=Reply.COMING, now=LATER + 2 * MINUTE)
    assert list(SaidByGuest.objects.order_by("pk").values_list("said_at", flat=True)) == [NOW, LATER + MINUTE]
    move(told, invited, NEXT_DAY + DAY, now=LATER + 3 * MINUTE)
    assert "You had said yes to Wednesday 23 December." in newest(gp.person).body


def test_lists_counts_and_the_quorum_take_nobody_for_coming(told, invited):
    for key in ("academy", "primary", "midwife", "gp"):
        answered(told, invited, told.posts[key].person)
    assert quorum_forecast(invited, list(participants_of(invited))).is_met
    move(told, invited)
    forecast = quorum_forecast(invited, list(participants_of(invited)))
    assert (forecast.is_met, [seat.filled for seat in forecast.reserve]) == (False, [False] * 4)


def test_a_deputy_and_how_people_take_part_stay(told, invited):
    teacher = story.on_list(invited, told.posts["academy"].person)
    teacher.mode = Mode.ONLINE
    teacher.save()
    named = {"given_name": "Jo", "family_name": "Crake", "title": "Head of year", "email": "jo@agency.example"}
    deputy = name_deputy(participant=teacher, guest_session_id=1, now=NOW, **named)
    jo = confirm_deputy(deputy=deputy, how_confirmed="Rang the school", by=told.coordinator, now=NOW)
    record_reply(participant=jo, reply=Reply.ONLINE, by=None, now=NOW)
    hazel = story.on_list(invited, told.hazel)
    ask_as_guest(participant=hazel, guest_session_id=1, needs=[Need.INTERPRETER], text="Polish", now=NOW)
    send()
    move(told, invited)
    deputy.refresh_from_db()
    assert (deputy.state, deputy.comes_as) == ("confirmed", jo)
    assert {row.mode for row in invited.participants.filter(pk__in=[teacher.pk, jo.pk])} == {Mode.ONLINE}
    assert "You had said that you would come online on Tuesday 22 December." in newest(jo.person).body
    assert "Please tell us" not in newest(teacher.person).body
    assert hazel.said_as_guest.get().needs == [Need.INTERPRETER]


def test_a_deputy_named_before_the_move_can_be_sent_again(told, invited):
    teacher = story.on_list(invited, told.posts["academy"].person)
    named = {"given_name": "Jo", "family_name": "Crake", "title": "Head of year", "email": "jo@agency.example"}
    first = name_deputy(participant=teacher, guest_session_id=1, now=NOW, **named)
    send()
    move(told, invited)
    assert reply_of(invited, teacher.person) == (Reply.NONE, None)
    again = name_deputy(participant=teacher, guest_session_id=1, now=LATER + MINUTE, **named)
    assert (again, reply_of(invited, teacher.person)[0]) == (first, Reply.DEPUTY)


def test_whoever_waits_for_the_chair_is_asked_again_too_once_let_in(told, invited):
    answered(told, invited, told.dale)
    send()
    row = story.on_list(invited, told.dale)
    row.status = ParticipantStatus.AWAITING_CHAIR
    row.save()
    move(told, invited)
    assert reply_of(invited, told.dale) == (Reply.NONE, None)
    assert not Message.objects.filter(person_id=told.dale.pk, state=MessageState.WAITING).exists()


def test_a_sitting_recorded_afterwards_tells_nobody_and_asks_nobody(told, invited):
    answered(told, invited, told.hazel)
    send()
    move(told, invited, NOW - datetime.timedelta(hours=1), recorded_afterwards_reason="Held that morning")
    assert not Message.objects.filter(state=MessageState.WAITING).exists()
    assert reply_of(invited, told.hazel) == (Reply.COMING, NOW)


def test_the_next_sitting_of_an_adjourned_meeting_is_asked_about_too(told, invited):
    answered(told, invited, told.hazel)
    send()
    Sitting.objects.update(state=SittingState.ADJOURNED)
    book_next_sitting(
        conference=invited, booking=story.booking(told, starts_at=NEXT_DAY), by=told.coordinator, now=LATER
    )
    assert reply_of(invited, told.hazel) == (Reply.NONE, None)
    assert EarlierAnswer.objects.get().ended_because == AnswerEnded.ADJOURNED


def test_the_reports_are_due_by_the_new_day(told, invited):
    due = set(Deadline.objects.filter(kind="report-submitted").values_list("due_on", flat=True))
    move(told, invited, NEXT_DAY)
    assert due == {datetime.date(2026, 12, 18)}
    assert set(Deadline.objects.filter(kind="report-submitted").values_list("due_on", flat=True)) == {
        datetime.date(2026, 12, 21)
    }


def test_an_own_arrival_keeps_its_hour_over_a_change_of_the_clocks(told):
    with time_machine.travel(datetime.datetime(2026, 12, 10, 10, tzinfo=LONDON), tick=False):
        spring = datetime.datetime(2027, 3, 25, 10, tzinfo=LONDON)
        conference = story.invited(told, starts_at=spring)
        row = story.on_list(conference, told.dale)
        row.arrives_at = spring - datetime.timedelta(minutes=90)
        row.save()
        move(told, conference, datetime.datetime(2027, 3, 31, 10, tzinfo=LONDON))
        row.refresh_from_db()
        assert row.arrives_at.astimezone(LONDON).time() == datetime.time(8, 30)
