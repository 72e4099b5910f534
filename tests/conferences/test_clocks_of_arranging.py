"""The clocks of requesting a conference, of late dates, of exclusion requests, and of another attempt."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import ConferenceStatus, HowToAttend, RequestGround, SittingState
from conferences.models import ExclusionRequest
from conferences.services.enquiries import decide_to_convene, end_without_conference
from conferences.services.exclusions import decide_request, open_request
from conferences.services.scheduling import book_next_sitting, cancel_conference, move_sitting, request_conference
from deadlines.models import Deadline
from deadlines.services import reconcile
from families.enums import EnquiryOutcome
from meetings.services.opening import adjourn, open_conference
from tests.conferences import story
from tests.conferences.story import HELD_AT, LAST_DAY, LONDON, NOW, STARTS_AT

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def rows(kind):
    return [(row.due_on, row.met_at, row.not_needed) for row in Deadline.objects.filter(kind=kind).order_by("fact_id")]


def same_for_everybody():
    before = list(Deadline.objects.order_by("pk").values())
    reconcile(now=NOW)
    assert list(Deadline.objects.order_by("pk").values()) == before


# request to the service


def convened(told, *, decided_at=HELD_AT + HOUR, children=None):
    if not told.robin.enquiries.exists():
        story.discussed(told)
    return decide_to_convene(
        enquiries=[child.enquiries.get() for child in children or told.children],
        decided_at=decided_at,
        decided_by=told.manager,
        now=NOW,
    )


def test_the_request_is_due_a_working_day_after_the_decision_to_convene(told):
    convened(told)
    assert rows("request-to-service") == [(datetime.date(2026, 12, 9), None, "")] * 3
    found = Deadline.objects.filter(kind="request-to-service")
    assert {tuple(row.responsible_ids) for row in found} == {(told.social_worker.pk,)}
    same_for_everybody()


def test_no_request_is_due_before_the_decision_to_convene(discussed):
    assert rows("request-to-service") == []


def test_the_request_meets_it_even_if_the_conference_is_cancelled_later(told):
    convened(told)
    conference = request_conference(
        family=told.family, children=story.to_confer(told), reason="x", by=told.social_worker, now=NOW
    )
    assert rows("request-to-service") == [(datetime.date(2026, 12, 9), NOW, "")] * 3
    cancel_conference(conference=conference, reason="Chair ill", by=told.coordinator, now=NOW)
    assert rows("request-to-service") == [(datetime.date(2026, 12, 9), NOW, "")] * 3


def test_a_request_made_before_the_decision_was_recorded_meets_it(told, booked):
    convened(told)
    assert rows("request-to-service") == [(datetime.date(2026, 12, 9), NOW, "")] * 3


def test_no_request_is_needed_if_the_enquiry_ends_after_all(told):
    convened(told, children=[told.wren])
    end_without_conference(enquiry=told.wren.enquiries.get(), reason="A fall", by=told.manager, now=NOW)
    assert rows("request-to-service") == [
        (datetime.date(2026, 12, 9), None, "The enquiries ended without a conference.")
    ]


def test_deciding_twice_keeps_the_first_moment(told):
    convened(told)
    enquiry = convened(told, decided_at=HELD_AT + 2 * HOUR)[0]
    assert (enquiry.outcome, enquiry.to_conference_at) == (EnquiryOutcome.CONFERENCE, HELD_AT + HOUR)


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (NOW + HOUR, "This time is in the future. Enter when it was decided."),
        (HELD_AT - HOUR, "This is before the strategy discussion that started the enquiries."),
    ],
)
def test_a_decision_at_an_impossible_moment_is_refused(told, moment, sentence):
    with pytest.raises(ValidationError) as raised:
        convened(told, decided_at=moment)
    assert raised.value.message_dict == {"decided_on": [sentence]}


def test_an_enquiry_that_ended_without_a_conference_is_not_convened(told, discussed):
    end_without_conference(enquiry=told.wren.enquiries.get(), reason="A fall", by=told.manager, now=NOW)
    with pytest.raises(ValidationError) as raised:
        convened(told)
    assert raised.value.message_dict == {
        "children": ["The enquiries about a child you chose ended without a conference."]
    }


# exclusion requests


def asked(told, conference, *, now=NOW, person=None):
    return open_request(
        participant=story.on_list(conference, person or told.martin),
        ground=RequestGround.ASKED,
        reason="He threatened her",
        by=told.social_worker,
        now=now,
    )


def open_requests():
    opened = ExclusionRequest.objects.filter(ground=RequestGround.ASKED).values("pk")
    return [
        (row.due_on, row.met_at, row.not_needed)
        for row in Deadline.objects.filter(kind="exclusion-request", fact_id__in=opened).order_by("fact_id")
    ]


def test_the_chair_decides_three_working_days_before_the_conference(told, booked):
    asked(told, booked)
    assert open_requests() == [(datetime.date(2026, 12, 17), None, "")]
    row = Deadline.objects.get(kind="exclusion-request")
    assert row.responsible_ids == [told.chair.pk]
    same_for_everybody()


def test_a_request_made_later_than_that_is_due_on_its_own_day(told, booked):
    eve = datetime.datetime(2026, 12, 21, 16, tzinfo=LONDON)
    request = asked(told, booked, now=eve)
    row = Deadline.objects.get(kind="exclusion-request")
    assert (row.due_on, row.late_from) == (eve.date(), datetime.datetime(2026, 12, 22, tzinfo=LONDON))
    morning = STARTS_AT - HOUR
    decide_request(
        request=request,
        by=told.chair,
        how=HowToAttend.WHOLE,
        reason="Both can be in the room",
        views_through=None,
        now=morning,
    )
    assert open_requests() == [(eve.date(), morning, "")]


def test_moving_the_conference_moves_the_day_for_the_chair(told, booked):
    asked(told, booked)
    move_sitting(
        sitting=booked.sittings.get(),
        booking=story.booking(told, starts_at=STARTS_AT + DAY),
        reason="Room",
        by=told.coordinator,
        now=NOW,
    )
    assert open_requests() == [(datetime.date(2026, 12, 18), None, "")]


def test_a_cancelled_conference_needs_no_exclusion_decision(told, booked):
    asked(told, booked)
    cancel_conference(conference=booked, reason="Chair ill", by=told.coordinator, now=NOW)
    assert open_requests() == [(datetime.date(2026, 12, 17), None, "The conference was cancelled.")]


# inquorate again


def broken_off(told, *, inquorate=True):
    """The conference of 22 December, opened and adjourned as inquorate."""
    conference = story.booked(told)
    conference.exclusion_requests.all()
    open_conference(conference=conference, by=told.chair, now=STARTS_AT)
    adjourn(conference=conference, reason="Nobody came", by=told.chair, now=STARTS_AT + HOUR, inquorate=inquorate)
    conference.refresh_from_db()
    return conference


def test_an_inquorate_conference_is_due_again_in_ten_working_days(told):
    broken_off(told)
    assert rows("inquorate-again") == [(datetime.date(2027, 1, 8), None, "")]
    assert {row[:2] for row in rows("initial-conference")} == {(LAST_DAY, None)}
    same_for_everybody()


def test_a_plain_adjournment_starts_no_such_clock(told):
    broken_off(told, inquorate=False)
    assert rows("inquorate-again") == []


def test_holding_another_sitting_meets_it_but_booking_one_does_not(told):
    conference = broken_off(told)
    again = datetime.datetime(2027, 1, 5, 10, tzinfo=LONDON)
    later = STARTS_AT + DAY
    book_next_sitting(
        conference=conference, booking=story.booking(told, starts_at=again), by=told.coordinator, now=later
    )
    assert rows("inquorate-again") == [(datetime.date(2027, 1, 8), None, "")]
    open_conference(conference=conference, by=told.chair, now=again)
    adjourn(conference=conference, reason="The evening", by=told.chair, now=again + HOUR)
    assert rows("inquorate-again") == [(datetime.date(2027, 1, 8), again, "")]


def test_a_second_inquorate_sitting_leaves_the_first_unmet(told):
    conference = broken_off(told)
    again = datetime.datetime(2027, 1, 5, 10, tzinfo=LONDON)
    book_next_sitting(
        conference=conference, booking=story.booking(told, starts_at=again), by=told.coordinator, now=STARTS_AT + DAY
    )
    open_conference(conference=conference, by=told.chair, now=again)
    adjourn(conference=conference, reason="Nobody", by=told.chair, now=again + HOUR, inquorate=True)
    assert rows("inquorate-again") == [(datetime.date(2027, 1, 8), None, ""), (datetime.date(2027, 1, 19), None, "")]


def test_another_conference_about_the_same_children_is_the_next_attempt(told):
    conference = broken_off(told)
    cancel_conference(conference=conference, reason="Start afresh", by=told.coordinator, now=STARTS_AT + DAY)
    assert rows("inquorate-again") == [(datetime.date(2027, 1, 8), None, "")]
    again = datetime.datetime(2027, 1, 5, 10, tzinfo=LONDON)
    other = story.booked(told, starts_at=again)
    open_conference(conference=other, by=told.chair, now=again)
    adjourn(conference=other, reason="The evening", by=told.chair, now=again + HOUR)
    assert rows("inquorate-again") == [(datetime.date(2027, 1, 8), again, "")]


def test_no_other_attempt_is_due_once_every_enquiry_has_ended(told):
    conference = broken_off(told)
    cancel_conference(conference=conference, reason="Not needed", by=told.coordinator, now=STARTS_AT + DAY)
    for child in told.children:
        end_without_conference(enquiry=child.enquiries.get(), reason="Explained", by=told.manager, now=STARTS_AT + DAY)
    assert rows("inquorate-again") == [
        (datetime.date(2027, 1, 8), None, "No child is waiting for this conference any more.")
    ]
    assert (conference.sittings.get().state, conference.status) == (SittingState.INQUORATE, ConferenceStatus.SCHEDULED)
