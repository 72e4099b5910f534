from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import Capacity, ConferenceStatus, Mode, PartKind, Presence, SittingState
from conferences.models import Part
from conferences.services.booking import Booking
from conferences.services.guards import MeetingClosed
from conferences.services.scheduling import book_next_sitting
from deadlines.policies import policy_of
from meetings.models import AgendaItem
from meetings.selectors.attendance import attendees_of
from meetings.services.opening import add_part, adjourn, open_conference, withdraw_child
from tests.conferences.conftest import NOW, OPENED
from tests.factories import ParticipantFactory, PersonFactory, PostFactory, SittingFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_opening_starts_the_sitting_and_creates_the_councils_agenda(planned):
    opened = open_conference(conference=planned.conference, by=planned.chair, now=OPENED)
    planned.sitting.refresh_from_db()
    assert opened.status == ConferenceStatus.OPEN
    assert opened.opened_at == OPENED
    assert (planned.sitting.state, planned.sitting.opened_at) == (SittingState.IN_SESSION, OPENED)
    titles = tuple(AgendaItem.objects.filter(conference=opened).values_list("title", flat=True))
    assert titles == policy_of(opened.policy_version_id).agenda


def test_opening_is_idempotent(meeting):
    again = open_conference(conference=meeting.conference, by=meeting.chair, now=NOW)
    assert again.opened_at == OPENED
    assert again.agenda.count() == len(policy_of(again.policy_version_id).agenda)
    assert Part.objects.filter(sitting=meeting.sitting).count() == 1


def test_opening_makes_one_whole_part_if_none_was_planned(planned):
    planned.sitting.parts.all().delete()
    open_conference(conference=planned.conference, by=planned.chair, now=OPENED)
    assert [part.kind for part in planned.sitting.parts.all()] == [PartKind.WHOLE]


def test_opening_keeps_the_parts_that_were_planned(planned):
    planned.sitting.parts.all().delete()
    for number, title in ((1, "With the father"), (2, "With the mother")):
        Part.objects.create(sitting=planned.sitting, number=number, kind=PartKind.HALF, title=title)
    open_conference(conference=planned.conference, by=planned.chair, now=OPENED)
    assert [part.title for part in planned.sitting.parts.all()] == ["With the father", "With the mother"]


def test_only_the_chair_opens(planned):
    with pytest.raises(ValidationError, match="Only the chair"):
        open_conference(conference=planned.conference, by=planned.coordinator, now=OPENED)


@pytest.mark.parametrize("status", [ConferenceStatus.CANCELLED, ConferenceStatus.CLOSED])
def test_a_conference_that_is_over_cannot_be_opened(planned, status):
    planned.conference.status = status
    planned.conference.cancelled_because = "The family moved."
    planned.conference.opened_at = planned.conference.ended_at = OPENED
    planned.conference.save()
    with pytest.raises(MeetingClosed):
        open_conference(conference=planned.conference, by=planned.chair, now=OPENED)


def test_a_conference_without_a_date_cannot_be_opened(planned):
    planned.sitting.state = SittingState.CANCELLED
    planned.sitting.save()
    with pytest.raises(ValidationError, match="No date is booked"):
        open_conference(conference=planned.conference, by=planned.chair, now=OPENED)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_sitting_is_opened_on_its_own_day_only(planned, days):
    with pytest.raises(ValidationError, match="is booked for"):
        open_conference(conference=planned.conference, by=planned.chair, now=OPENED + datetime.timedelta(days=days))


def test_a_conference_recorded_afterwards_keeps_its_true_time(planned):
    planned.sitting.recorded_afterwards_reason = "The system was down."
    planned.sitting.save()
    later = OPENED + datetime.timedelta(days=3)
    opened = open_conference(conference=planned.conference, by=planned.chair, now=later)
    planned.sitting.refresh_from_db()
    assert opened.opened_at == planned.sitting.starts_at
    assert planned.sitting.day == datetime.date(2026, 12, 22)


def test_a_part_needs_a_title_and_is_added_once(meeting):
    part = add_part(conference=meeting.conference, kind=PartKind.HALF, title="With Dale", by=meeting.chair, now=NOW)
    assert part.number == 2
    assert (
        add_part(conference=meeting.conference, kind=PartKind.HALF, title="With Dale", by=meeting.chair, now=NOW)
        == part
    )
    with pytest.raises(ValidationError):
        add_part(conference=meeting.conference, kind=PartKind.HALF, title=" ", by=meeting.chair, now=NOW)


def test_the_chair_withdraws_a_child_with_a_reason(meeting):
    with pytest.raises(ValidationError) as refused:
        withdraw_child(conference_child=meeting.robin, because=" ", by=meeting.chair, now=NOW)
    assert list(refused.value.message_dict) == ["because"]
    row = withdraw_child(conference_child=meeting.robin, because="Lives with his father.", by=meeting.chair, now=NOW)
    assert (row.withdrawn_at, row.withdrawn_because) == (NOW, "Lives with his father.")
    with pytest.raises(ValidationError, match="only child"):
        withdraw_child(conference_child=meeting.wren, because="Too.", by=meeting.chair, now=NOW)


def test_adjourning_ends_the_sitting_and_the_conference_continues_later(meeting):
    sitting = adjourn(conference=meeting.conference, reason="The interpreter left.", by=meeting.chair, now=NOW)
    meeting.conference.refresh_from_db()
    assert (sitting.state, sitting.ended_at, sitting.state_reason) == (
        SittingState.ADJOURNED, NOW, "The interpreter left.",
    )  # fmt: skip
    assert meeting.conference.status == ConferenceStatus.SCHEDULED
    assert adjourn(conference=meeting.conference, reason="Again", by=meeting.chair, now=NOW) == sitting


def test_a_second_sitting_is_opened_after_the_first_was_adjourned(meeting):
    """T7: the first sitting keeps its parts and people, the second has its own."""
    adjourn(conference=meeting.conference, reason="Time ran out.", by=meeting.chair, now=NOW)
    second = SittingFactory(
        conference=meeting.conference, number=2, starts_at=datetime.datetime(2027, 1, 5, 10, tzinfo=datetime.UTC)
    )
    then = datetime.datetime(2027, 1, 5, 10, 2, tzinfo=datetime.UTC)
    opened = open_conference(conference=meeting.conference, by=meeting.chair, now=then)
    second.refresh_from_db()
    assert (opened.opened_at, second.opened_at) == (OPENED, then)
    assert [row.presence for row in attendees_of(opened) if row.presence] == []


def test_the_next_sitting_is_booked_once_after_adjourning(meeting):
    def book():
        start = datetime.datetime(2027, 1, 5, 10, tzinfo=datetime.UTC)
        return book_next_sitting(
            conference=meeting.conference,
            booking=Booking(
                starts_at=start,
                family_arrives_at=start - datetime.timedelta(minutes=30),
                professionals_arrive_at=start,
                until=start + datetime.timedelta(hours=2),
                mode=Mode.ONLINE,
                chair=meeting.chair,
                coordinator=meeting.coordinator,
            ),
            by=meeting.coordinator,
            now=NOW,
        )

    with pytest.raises(ValidationError, match="Only an adjourned meeting"):
        book()
    adjourn(conference=meeting.conference, reason="Time ran out.", by=meeting.chair, now=NOW)
    sitting = book()
    assert (sitting.number, sitting.state, sitting.parts.count()) == (2, SittingState.BOOKED, 1)
    assert book() == sitting
    meeting.people.beth.refresh_from_db()
    assert meeting.people.beth.invitation_sequence == 1


def test_the_chair_who_opens_is_recorded_as_present(planned):
    person = PersonFactory(authority=planned.authority, user=planned.chair)
    post = PostFactory(agency=planned.people.amara.agency, person=person)
    listed = ParticipantFactory(conference=planned.conference, post=post, capacity=Capacity.CHAIR)
    open_conference(conference=planned.conference, by=planned.chair, now=OPENED)
    assert (listed.attendances.get().presence, listed.attendances.get().arrived_at) == (Presence.PRESENT, OPENED)


def test_another_chair_cannot_act_here(meeting):
    stranger = UserFactory()
    with pytest.raises(ValidationError, match="Only the chair"):
        adjourn(conference=meeting.conference, reason="Mine", by=stranger, now=NOW)
