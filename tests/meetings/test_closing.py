from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import ConferenceStatus, Outcome, Presence, SittingState
from deadlines.own_meetings import OwnMeeting, own_meetings
from meetings import events
from meetings.selectors.core_group_time import why_not_free
from meetings.selectors.day_steps import TheDay
from meetings.selectors.next_dates import last_days_after_plan
from meetings.services.closing import agree_next_dates, close_conference, proposed_participation
from meetings.services.decisions import DecisionFacts, record_decision
from meetings.services.opening import open_conference, withdraw_child
from meetings.services.without_quorum import QuorumFacts
from tests.conferences.conftest import NOW, OPENED
from tests.factories import RoomFactory, SittingFactory, procedures_with
from tests.hooks import restored
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HALF = datetime.timedelta(minutes=30)
ENDED = datetime.datetime(2026, 12, 22, 12, 20, tzinfo=datetime.UTC)
LATER = datetime.datetime(2026, 12, 22, 12, 40, tzinfo=datetime.UTC)


WENT_ON = QuorumFacts(condition="delay-harmful", written=["Wren can't wait.", "Her aunt stays with her."])


def decide(meeting, child, outcome=Outcome.CP_PLAN, now=NOW, **changes):
    facts = {
        "rationale": "Because of what was heard.",
        "went_on_reason": "Tested elsewhere.",
        "main_category": "EMO" if outcome == Outcome.CP_PLAN else "",
        "key_worker": meeting.worker,
        "visit_every_working_days": 10,
        "core_group": [meeting.people.amara, meeting.people.callum],
        "help_offered": "The school's family worker",
    }
    return record_decision(
        conference_child=child,
        facts=DecisionFacts(outcome=outcome, **{**facts, **changes}),
        chair=meeting.chair,
        now=now,
    )


def agree(meeting, **changes):
    facts = {
        "first_core_group_at": datetime.datetime(2026, 12, 30, 14, tzinfo=datetime.UTC),
        "first_core_group_place": "Meadow Lane",
        "review_at": datetime.datetime(2027, 3, 16, 10, tzinfo=datetime.UTC),
    }
    return agree_next_dates(conference=meeting.conference, by=meeting.coordinator, now=NOW, **{**facts, **changes})


def close(meeting, **changes):
    facts = {"conference": meeting.conference, "by": meeting.chair, "ended_at": ENDED, "now": LATER}
    return close_conference(**{**facts, **changes})


@once_per_module(at=NOW)
def decided(meeting):
    decide(meeting, meeting.wren)
    decide(meeting, meeting.robin, Outcome.OTHER_SUPPORT)
    return meeting


def test_dates_and_place_of_the_core_group_and_the_review_are_agreed(decided):
    agreed = agree(decided)
    assert (agreed.first_core_group_place, agreed.review_at) == (
        "Meadow Lane", datetime.datetime(2027, 3, 16, 10, tzinfo=datetime.UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"first_core_group_at": None}, ["first_core_group_at"]),
        ({"review_at": None}, ["review_at"]),
        ({"first_core_group_place": " "}, ["first_core_group_place"]),
        ({"first_core_group_at": OPENED - datetime.timedelta(days=1)}, ["first_core_group_at"]),
        ({"review_at": datetime.datetime(2026, 12, 29, tzinfo=datetime.UTC)}, ["review_at"]),
    ],
)
def test_errors_in_the_next_dates_appear_beside_their_fields(decided, changes, fields):
    with pytest.raises(ValidationError) as refused:
        agree(decided, **changes)
    assert list(refused.value.message_dict) == fields


@pytest.mark.parametrize(
    ("words", "day", "refused"), [("never", 22, True), ("never", 23, False), ("allowed", 22, False)]
)
def test_a_core_group_straight_after_the_conference_is_agreed_only_where_the_council_allows_it(
    decided, words, day, refused
):
    procedures_with(
        decided.conference.authority, since=datetime.date(2026, 12, 1),
        values={"core-group-straight-after-conference": words},
    )  # fmt: skip
    at = datetime.datetime(2026, 12, day, 17, tzinfo=datetime.UTC)
    if not refused:
        assert agree(decided, first_core_group_at=at).first_core_group_at == at
        return
    with pytest.raises(ValidationError) as caught:
        agree(decided, first_core_group_at=at)
    assert list(caught.value.message_dict) == ["first_core_group_at"]


def test_a_date_past_its_limit_is_recorded_all_the_same(decided):
    late = datetime.datetime(2027, 1, 15, 14, tzinfo=datetime.UTC)
    assert agree(decided, first_core_group_at=late).first_core_group_at == late
    group, review = last_days_after_plan(decided.conference, decided.sitting)
    assert (group.on, group.plan_for, group.is_kept_by(late)) == (
        datetime.date(2027, 1, 1), datetime.date(2026, 12, 31), False,
    )  # fmt: skip
    assert (review.on, review.is_kept_by(late)) == (datetime.date(2027, 3, 22), True)


def test_closing_ends_sitting_and_conference_at_the_true_time(decided):
    agree(decided)
    closed = close(decided)
    decided.sitting.refresh_from_db()
    assert (closed.status, closed.ended_at, closed.closed_at, closed.quorate) == (
        ConferenceStatus.CLOSED, ENDED, LATER, True,
    )  # fmt: skip
    assert (decided.sitting.state, decided.sitting.ended_at) == (SittingState.ENDED, ENDED)


def test_closing_is_idempotent(decided):
    agree(decided)
    close(decided)
    assert close(decided, ended_at=LATER).ended_at == ENDED


def test_without_an_end_time_it_ends_now(decided):
    agree(decided)
    assert close(decided, ended_at=None).ended_at == LATER


def test_an_undecided_child_prevents_closing(meeting):
    decide(meeting, meeting.wren)
    agree(meeting)
    with pytest.raises(ValidationError, match="has not decided for Robin"):
        close(meeting)
    withdraw_child(conference_child=meeting.robin, because="With his father", by=meeting.chair, now=NOW)
    assert close(meeting).status == ConferenceStatus.CLOSED


def test_a_child_protection_plan_needs_its_dates_before_closing(decided):
    with pytest.raises(ValidationError, match="Agree the next dates first"):
        close(decided)


def test_without_a_child_protection_plan_no_date_is_needed(meeting):
    for child in (meeting.wren, meeting.robin):
        decide(meeting, child, Outcome.OTHER_SUPPORT)
    assert close(meeting).review_at is None


def test_below_quorum_the_chair_must_say_why_they_went_on(decided):
    agree(decided)
    for name in ("ngozi", "beth"):
        getattr(decided.people, name).attendances.update(presence=Presence.ABSENT)
    with pytest.raises(ValidationError) as refused:
        close(decided)
    assert list(refused.value.message_dict) == ["condition", "need_0", "need_1"]
    assert close(decided, without_quorum=WENT_ON).quorate is False


def test_the_quorum_is_counted_at_the_time_of_the_decisions(decided):
    """Someone who left after the decisions still counts; someone who left before does not."""
    agree(decided)
    for name, left_at in (("ngozi", LATER), ("beth", NOW - datetime.timedelta(minutes=5))):
        getattr(decided.people, name).attendances.update(left_at=left_at)
    assert close(decided).quorate is True


def test_people_who_left_before_the_decisions_do_not_count_towards_the_quorum(decided):
    agree(decided)
    for name in ("ngozi", "beth"):
        getattr(decided.people, name).attendances.update(left_at=NOW - datetime.timedelta(minutes=5))
    with pytest.raises(ValidationError) as refused:
        close(decided)
    assert list(refused.value.message_dict) == ["condition", "need_0", "need_1"]


def test_only_the_chair_closes(decided):
    agree(decided)
    with pytest.raises(ValidationError, match="Only the chair"):
        close(decided, by=decided.coordinator)


@pytest.mark.parametrize("ended", [OPENED - datetime.timedelta(minutes=1), LATER + datetime.timedelta(minutes=1)])
def test_an_end_before_the_start_or_in_the_future_is_refused(decided, ended):
    agree(decided)
    with pytest.raises(ValidationError) as refused:
        close(decided, ended_at=ended)
    assert list(refused.value.message_dict) == ["ended_at"]


def test_a_meeting_ends_after_midnight_and_its_plan_starts_on_the_day_it_began(planned):
    """T19."""
    planned.sitting.starts_at = datetime.datetime(2026, 12, 22, 22, tzinfo=datetime.UTC)
    planned.sitting.booked_until = datetime.datetime(2026, 12, 23, 1, tzinfo=datetime.UTC)
    planned.sitting.save()
    opened = datetime.datetime(2026, 12, 22, 22, 5, tzinfo=datetime.UTC)
    after_midnight = datetime.datetime(2026, 12, 23, 0, 30, tzinfo=datetime.UTC)
    open_conference(conference=planned.conference, by=planned.chair, now=opened)
    decision = decide(planned, planned.wren, now=after_midnight)
    decide(planned, planned.robin, Outcome.OTHER_SUPPORT, now=after_midnight)
    agree(planned)
    closed = close(planned, ended_at=after_midnight, now=after_midnight, without_quorum=WENT_ON)
    assert decision.plans.get().starts_on == datetime.date(2026, 12, 22)
    assert closed.ended_at == after_midnight


def test_a_meeting_recorded_afterwards_keeps_its_true_end_and_the_time_of_entry(planned):
    """T19."""
    planned.sitting.recorded_afterwards_reason = "The network was down."
    planned.sitting.save()
    entered = datetime.datetime(2026, 12, 24, 9, tzinfo=datetime.UTC)
    open_conference(conference=planned.conference, by=planned.chair, now=entered)
    for child in (planned.wren, planned.robin):
        decide(planned, child, Outcome.OTHER_SUPPORT, now=entered)
    closed = close(planned, ended_at=ENDED, now=entered, without_quorum=WENT_ON)
    assert (closed.ended_at, closed.closed_at) == (ENDED, entered)


def test_how_each_child_took_part_is_recorded(decided):
    agree(decided)
    close(decided, participation={decided.wren.pk: "PN0", decided.robin.pk: "PN5"})
    decided.wren.refresh_from_db()
    decided.robin.refresh_from_db()
    assert (decided.wren.participation, decided.robin.participation) == ("PN0", "PN5")


@pytest.mark.parametrize(
    ("age", "there", "heard", "code"),
    [
        (None, False, False, ""),
        (3, False, True, "PN0"),
        (6, False, True, "PN5"),
        (12, True, False, "PN1"),
        (12, False, False, "PN7"),
    ],
)
def test_the_census_code_is_proposed_from_the_record(age, there, heard, code):
    assert proposed_participation(age, was_there=there, heard_through_somebody=heard) == code


def test_closing_is_announced_to_other_apps_once(decided):
    seen = []
    with restored(events.conference_closed):
        events.conference_closed.connect(lambda closed, now: seen.append(closed.pk))
        agree(decided)
        close(decided)
        close(decided)
    assert seen == [decided.conference.pk]


def test_the_core_groups_time_is_looked_up_for_key_worker_and_room_and_never_refused(client, decided):
    at = datetime.datetime(2026, 12, 30, 14, tzinfo=datetime.UTC)
    room = RoomFactory(authority=decided.conference.authority)
    other = SittingFactory(conference__authority=room.authority, starts_at=at, room=room)
    agreed = agree(decided, first_core_group_place=other.room.name.upper())
    decisions = TheDay(agreed).decisions.values()

    def busy(user, now):
        yield OwnMeeting("other", "Other", at - HALF, at + HALF, "/", 0)

    assert why_not_free(agreed, decisions, now=NOW) == [f"{other.room.name.upper()} is taken then."]
    with restored(own_meetings):
        own_meetings.connect(busy)
        assert why_not_free(agreed, decisions, now=NOW)[0] == (
            f"{decided.worker.name}, the key worker, is in another meeting then."
        )
        with time_machine.travel(NOW, tick=False):
            client.force_login(decided.coordinator)
            page = client.get(reverse("meetings:next-dates", args=[agreed.pk])).content.decode()
        assert ("in another meeting then" in page, "The time stands." in page) == (True, True)
    assert why_not_free(agree(decided, first_core_group_at=at + 3 * HALF), decisions, now=NOW) == []
