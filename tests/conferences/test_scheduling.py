from __future__ import annotations

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from accounts.constraint_errors import refused_by_database
from accounts.enums import Role
from conferences.enums import ConferenceKind, ConferenceStatus, Mode, SittingState
from conferences.models import Conference, ConferenceChild, Sitting
from conferences.services.booking import ChildToConfer
from conferences.services.late_dates import explain_lateness
from conferences.services.scheduling import cancel_conference, convene_conference, move_sitting, request_conference
from deadlines.models import Deadline
from families.models import Person
from notifications.models import Notice
from tests.conferences import story
from tests.conferences.story import HELD_AT, LONDON, NOW, STARTS_AT
from tests.factories import RoomFactory, user_with_role

pytestmark = pytest.mark.django_db


def refusals(raised: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return raised.value.message_dict


def test_one_conference_for_three_children_each_with_its_own_kind(told, booked):
    assert booked.status == ConferenceStatus.SCHEDULED
    assert list(booked.children.order_by("pk").values_list("child", "kind")) == [
        (told.robin.pk, ConferenceKind.INITIAL),
        (told.wren.pk, ConferenceKind.INITIAL),
        (told.baby.pk, ConferenceKind.PRE_BIRTH),
    ]


def test_the_booking_runs_from_the_first_arrival_to_the_expected_end(booked):
    sitting = booked.sittings.get()
    assert sitting.booked_from == datetime.datetime(2026, 12, 22, 9, 30, tzinfo=LONDON)
    assert sitting.booked_until == datetime.datetime(2026, 12, 22, 12, 30, tzinfo=LONDON)
    assert sitting.parts.count() == 1


def test_references_count_by_council_and_year_and_name_no_one(told, booked):
    other = story.tell()
    second = story.booked(other)
    assert (booked.reference, second.reference) == ("CC26-0001", "CC26-0001")
    cancel_conference(conference=booked, reason="Chair ill", by=told.coordinator, now=NOW)
    assert story.booked(told).reference == "CC26-0002"


def test_submitting_the_form_twice_makes_one_conference(told, booked):
    assert story.booked(told) == booked
    assert Sitting.objects.count() == 1


def test_a_child_of_an_open_conference_is_refused_in_another(told, booked):
    with pytest.raises(ValidationError) as raised:
        request_conference(
            family=told.family, children=story.to_confer(told)[:1], reason="x", by=told.coordinator, now=NOW
        )
    assert refusals(raised) == {
        "children": [f"A child you chose is already in conference {booked.reference}, which is not over yet."]
    }


def test_refuses_a_conference_before_the_strategy_discussion(told):
    with pytest.raises(ValidationError) as raised:
        story.booked(
            told, starts_at=HELD_AT - datetime.timedelta(hours=1), recorded_afterwards_reason="Held that morning"
        )
    assert refusals(raised) == {
        "day": [
            "The strategy discussion was on Tuesday\xa08\xa0December\xa02026 at 14:00. The conference can't be before it."
        ]
    }
    assert Conference.objects.count() == 0
    assert story.booked(told, starts_at=HELD_AT, recorded_afterwards_reason="Held at once") == Conference.objects.get()


def test_refuses_an_initial_conference_on_a_weekend(told):
    with pytest.raises(ValidationError) as raised:
        story.booked(told, starts_at=datetime.datetime(2026, 12, 19, 10, tzinfo=LONDON))
    assert refusals(raised) == {
        "day": ["Saturday\xa019\xa0December\xa02026 is a weekend. An initial conference is held from Monday to Friday."]
    }


@pytest.mark.parametrize(("born", "day"), [((2008, 12, 22), "22"), ((2008, 12, 21), "21")])
def test_refuses_the_18th_birthday_and_any_day_after_it(told, born, day):
    Person.objects.filter(pk=told.robin.person_id).update(birth_date=datetime.date(*born))
    with pytest.raises(ValidationError) as raised:
        story.booked(told)
    assert refusals(raised) == {
        "day": [
            f"Robin turns 18 on {day}\xa0December\xa02026. Choose an earlier day: there is no conference about an adult."
        ]
    }
    Person.objects.filter(pk=told.robin.person_id).update(birth_date=datetime.date(2008, 12, 23))
    assert story.booked(told).status == ConferenceStatus.SCHEDULED


def test_the_database_refuses_a_weekend_on_every_write(booked):
    sitting = booked.sittings.get()
    times = ("starts_at", "booked_from", "booked_until", "family_arrives_at", "professionals_arrive_at")
    on_saturday = {name: getattr(sitting, name) + datetime.timedelta(days=4) for name in times}
    with pytest.raises(ValidationError) as raised, refused_by_database():
        Sitting.objects.filter(pk=sitting.pk).update(**on_saturday)
    assert refusals(raised) == {
        "day": ["An initial conference is not held on a Saturday or Sunday. Choose a day from Monday to Friday."]
    }


def test_warns_of_a_bank_holiday_until_it_is_confirmed(told):
    christmas = datetime.datetime(2026, 12, 25, 10, tzinfo=LONDON)
    with pytest.raises(ValidationError) as raised:
        story.booked(told, starts_at=christmas)
    assert refusals(raised) == {
        "closed_day_confirmed": ["This is not a working day (Christmas Day). Confirm that you mean it."]
    }
    assert story.booked(told, starts_at=christmas, closed_day_confirmed=True).status == ConferenceStatus.SCHEDULED


def test_a_date_past_the_limit_is_booked_and_the_reason_asked_afterwards(told):
    conference = story.booked(told, starts_at=datetime.datetime(2027, 1, 6, 10, tzinfo=LONDON))
    assert (conference.late_reason, conference.late_cause) == ("", "")
    explain_lateness(conference=conference, cause="room", reason="No room before.", by=told.coordinator, now=NOW)
    conference.refresh_from_db()
    assert (conference.late_reason, conference.late_cause) == ("No room before.", "room")


def test_a_cause_unknown_to_the_council_is_refused(told):
    late = story.booked(told, starts_at=datetime.datetime(2027, 1, 6, 10, tzinfo=LONDON))
    with pytest.raises(ValidationError) as raised:
        explain_lateness(conference=late, cause="weather", reason="Snow", by=told.coordinator, now=NOW)
    assert refusals(raised) == {"late_cause": ["Choose what makes it late."]}


def test_a_past_date_must_be_recorded_afterwards_with_a_reason(told):
    yesterday = datetime.datetime(2026, 12, 9, 10, tzinfo=LONDON)
    with pytest.raises(ValidationError) as raised:
        story.booked(told, starts_at=yesterday)
    assert refusals(raised) == {
        "recorded_afterwards_reason": [
            "This time is in the past. If the conference was held then, say why it is recorded afterwards."
        ]
    }
    conference = story.booked(told, starts_at=yesterday, recorded_afterwards_reason="The system was down.")
    assert conference.sittings.get().recorded_afterwards_reason == "The system was down."


def test_less_than_eight_days_notice_needs_a_reason(told):
    soon = datetime.datetime(2026, 12, 17, 10, tzinfo=LONDON)
    with pytest.raises(ValidationError) as raised:
        story.booked(told, starts_at=soon)
    assert refusals(raised) == {
        "short_notice_reason": ["People would get 7\xa0days of notice. Say why it can't be more."]
    }
    assert (
        story.booked(told, starts_at=soon, short_notice_reason="No chair later").short_notice_reason == "No chair later"
    )


def test_times_out_of_order_are_refused_beside_their_fields(told):
    with pytest.raises(ValidationError) as raised:
        story.booked(
            told,
            family_arrives_at=STARTS_AT + datetime.timedelta(minutes=5),
            professionals_arrive_at=STARTS_AT + datetime.timedelta(minutes=5),
            until=STARTS_AT,
        )
    assert sorted(refusals(raised)) == ["family_arrives_at", "length", "professionals_arrive_at"]


@pytest.mark.parametrize(("mode", "with_room"), [(Mode.IN_PERSON, False), (Mode.BLENDED, False), (Mode.ONLINE, True)])
def test_place_and_mode_must_match(told, mode, with_room):
    with pytest.raises(ValidationError) as raised:
        story.booked(told, mode=mode, room=told.room if with_room else None)
    assert list(refusals(raised)) == ["room"]


def test_chair_coordinator_and_room_must_belong_to_the_council(told):
    with pytest.raises(ValidationError) as raised:
        story.booked(
            told, chair=user_with_role(Role.CHAIR), coordinator=user_with_role(Role.COORDINATOR), room=RoomFactory()
        )
    assert sorted(refusals(raised)) == ["chair", "coordinator", "room"]


def test_the_database_refuses_a_chair_who_is_already_booked(told, booked):
    other = another_family(told)
    with pytest.raises(ValidationError) as raised:
        book_other(told, other, room=RoomFactory(authority=told.authority))
    assert refusals(raised) == {"chair": ["The chair is already booked at this time."]}


def test_the_database_refuses_a_room_that_is_already_booked(told, booked):
    other = another_family(told)
    with pytest.raises(ValidationError) as raised:
        book_other(told, other, chair=user_with_role(Role.CHAIR, authority=told.authority))
    assert refusals(raised) == {"room": ["The room is already booked at this time."]}


def test_a_cancelled_conference_frees_chair_and_room(told, booked):
    cancel_conference(conference=booked, reason="Chair ill", by=told.coordinator, now=NOW)
    assert book_other(told, another_family(told)).status == ConferenceStatus.SCHEDULED


def another_family(told):
    other = story.tell(told.authority)
    story.discussed(other)
    return other


def book_other(told, other, **changes):
    return convene_conference(
        family=other.family,
        children=story.to_confer(other),
        reason="Worry",
        booking=story.booking(told, **changes),
        by=told.coordinator,
        now=NOW,
    )


def test_booking_tells_chair_and_coordinator_once(told, booked):
    story.booked(told)
    assert list(Notice.objects.order_by("pk").values_list("user", "text")) == [
        (told.chair.pk, f"{booked.reference}: you chair this conference on Tue 22 Dec at 10:00."),
        (told.coordinator.pk, f"{booked.reference}: you coordinate this conference on Tue 22 Dec at 10:00."),
        (
            told.manager.pk,
            f"{booked.reference}: you are asked whether this conference is held. Nothing goes out before.",
        ),
    ]


def test_moving_never_restarts_the_limit(told, booked):
    before = list(Deadline.objects.filter(kind="initial-conference").values_list("child_id", "due_on"))
    move_sitting(
        sitting=booked.sittings.get(),
        booking=story.booking(told, starts_at=datetime.datetime(2026, 12, 23, 14, tzinfo=LONDON)),
        reason="The mother has a scan",
        by=told.coordinator,
        now=NOW,
    )
    assert list(Deadline.objects.filter(kind="initial-conference").values_list("child_id", "due_on")) == before
    assert {due_on for _, due_on in before} == {story.LAST_DAY}
    assert booked.sittings.get().starts_at == datetime.datetime(2026, 12, 23, 14, tzinfo=LONDON)


def test_moving_needs_a_reason(told, booked):
    with pytest.raises(ValidationError) as raised:
        move_sitting(
            sitting=booked.sittings.get(), booking=story.booking(told), reason=" ", by=told.coordinator, now=NOW
        )
    assert list(refusals(raised)) == ["reason"]


def test_a_cancelled_conference_keeps_the_clocks_running_and_its_reason(told, booked):
    cancel_conference(conference=booked, reason="Chair ill", by=told.coordinator, now=NOW)
    again = cancel_conference(conference=booked, reason="Other", by=told.coordinator, now=NOW)
    assert (again.status, again.cancelled_because) == (ConferenceStatus.CANCELLED, "Chair ill")
    assert booked.sittings.get().state == SittingState.CANCELLED
    open_kinds = Deadline.objects.open().filter(kind="initial-conference")
    assert list(open_kinds.values_list("conference_id", "due_on")) == [(None, story.LAST_DAY)] * 3


def test_a_child_added_without_a_discussion_needs_the_reason(told, discussed):
    rows = [ChildToConfer(child=told.wren, kind=ConferenceKind.INITIAL)]
    with pytest.raises(ValidationError) as raised:
        request_conference(family=told.family, children=rows, reason="x", by=told.coordinator, now=NOW)
    assert list(refusals(raised)) == ["children"]
    rows = [ChildToConfer(child=told.wren, kind=ConferenceKind.INITIAL, added_reason="Brother of Robin")]
    conference = request_conference(family=told.family, children=rows, reason="x", by=told.coordinator, now=NOW)
    assert ConferenceChild.objects.get(conference=conference).added_reason == "Brother of Robin"


@pytest.mark.django_db(transaction=True)
def test_concurrent_bookings_of_one_chair_make_one_booking():
    told = story.tell()
    story.discussed(told)
    other = another_family(told)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def book(who):
        start.wait()
        try:
            convene_conference(
                family=who.family,
                children=story.to_confer(who),
                reason="Worry",
                booking=story.booking(told),
                by=told.coordinator,
                now=NOW,
            )
            outcomes.append("booked")
        except ValidationError as refused:
            outcomes.append(" ".join(sorted(refused.message_dict)))
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=book, args=(who,)) for who in (told, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["booked", "chair"]
    assert Sitting.objects.count() == 1
    assert connection.is_usable()
