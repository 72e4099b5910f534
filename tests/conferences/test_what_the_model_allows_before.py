"""What the model of a conference must be able to hold, whatever pages exist: domain rules T7 to T10 and T19."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from accounts.constraint_errors import constraint_of, message_of, refused_by_database
from conferences.enums import (
    Capacity,
    ConferenceKind,
    ConferenceStatus,
    HowToAttend,
    Outcome,
    ParticipantStatus,
    Participation,
    PartKind,
    Presence,
    RequestGround,
    SittingState,
)
from conferences.models import (
    Attendance,
    Conference,
    ConferenceChild,
    Decision,
    ExclusionRequest,
    Part,
    Participant,
    Sitting,
)
from conferences.selectors.quorum_forecast import quorum_forecast
from families.enums import AgencyKind
from tests.conferences import story
from tests.conferences.story import LONDON
from tests.factories import (
    AgencyFactory,
    AgencyInvolvementFactory,
    ChildFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    EnquiryFactory,
    FamilyFactory,
    ParticipantFactory,
    PersonFactory,
    PostFactory,
    RoomFactory,
    SittingFactory,
    StrategyDiscussionFactory,
    UserFactory,
    family_participant,
)

pytestmark = pytest.mark.django_db


def at(day, hour, minute=0):
    return datetime.datetime(2026, 12, day, hour, minute, tzinfo=LONDON)


# T7 sittings and parts


def test_t7_an_adjourned_conference_continues_in_a_second_sitting_that_decides():
    row = ConferenceChildFactory()
    first = SittingFactory(conference=row.conference, state=SittingState.ADJOURNED, state_reason="Fire alarm")
    second = SittingFactory(conference=row.conference, number=2, starts_at=at(23, 10))
    decision = Decision.objects.create(
        conference_child=row,
        sitting=second,
        outcome=Outcome.NOTHING,
        rationale="Safe",
        decided_by=second.chair,
        decided_at=at(23, 12),
    )
    assert decision.sitting.day == datetime.date(2026, 12, 23)
    assert first.day == datetime.date(2026, 12, 22)


def test_t7_a_person_can_attend_only_one_part_of_a_sitting():
    row = ConferenceChildFactory()
    sitting = SittingFactory(conference=row.conference)
    second = Part.objects.create(sitting=sitting, number=2, kind=PartKind.HALF, title="With the father")
    father = family_participant(row.conference)
    Attendance.objects.create(participant=father, part=second, presence=Presence.PRESENT, recorded_by=UserFactory())
    assert [seen.part for seen in father.attendances.all()] == [second]


def test_t7_a_child_is_added_or_withdrawn_on_the_day():
    row = ConferenceChildFactory()
    added = ConferenceChildFactory(conference=row.conference, enquiry=None, added_reason="Born last week")
    row.withdrawn_at = at(22, 10)
    row.withdrawn_because = "Moved away"
    row.save()
    assert list(row.conference.children.present()) == [added]
    row.withdrawn_because = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# T8 enquiries


def test_t8_one_discussion_several_children_and_several_discussions_one_child():
    family = FamilyFactory()
    one, other = StrategyDiscussionFactory(family=family), StrategyDiscussionFactory(family=family)
    robin, wren = ChildFactory(family=family), ChildFactory(family=family)
    EnquiryFactory(child=robin, discussion=one)
    EnquiryFactory(child=wren, discussion=one)
    EnquiryFactory(child=robin, discussion=other)
    assert (one.enquiries.count(), robin.enquiries.count()) == (2, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        EnquiryFactory(child=robin, discussion=one)


def test_t8_a_transfer_in_and_an_added_sibling_have_no_discussion():
    moved = ConferenceChildFactory(kind=ConferenceKind.TRANSFER_IN, enquiry=None)
    sibling = ConferenceChildFactory(conference=moved.conference, enquiry=None, added_reason="Brother")
    assert (moved.enquiry, sibling.enquiry) == (None, None)
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        ConferenceChildFactory(conference=moved.conference, enquiry=None)
    assert constraint_of(raised.value) == "initial_needs_enquiry_or_reason"


# T9 per child


def test_t9_a_newborns_initial_is_held_with_the_siblings_review():
    review = ConferenceChildFactory(kind=ConferenceKind.REVIEW, enquiry=None, participation=Participation.PN1)
    initial = ConferenceChildFactory(conference=review.conference, participation=Participation.PN0)
    assert (review.is_initial, initial.is_initial) == (False, True)


def test_t9_children_of_two_families_meet_in_one_conference():
    row = ConferenceChildFactory()
    other = ConferenceChildFactory(
        conference=row.conference,
        child=ChildFactory(authority=row.conference.authority, family=FamilyFactory()),
        kind=ConferenceKind.REVIEW,
        enquiry=None,
    )
    assert other.conference == row.conference


def test_t9_a_child_is_in_a_conference_only_once():
    row = ConferenceChildFactory()
    with pytest.raises(ValidationError) as raised, refused_by_database():
        ConferenceChildFactory(conference=row.conference, child=row.child, enquiry=row.enquiry)
    assert raised.value.messages == ["This child is already in the conference."]


# T10 attendance and quorum


def agency_of(conference, child, **fields):
    agency = AgencyFactory(authority=conference.authority, **fields)
    AgencyInvolvementFactory(child=child.child, agency=agency, post=None)
    return agency


def test_t10_two_people_from_one_agency_count_as_one():
    row = ConferenceChildFactory()
    school = agency_of(row.conference, row)
    for _ in range(2):
        ParticipantFactory(conference=row.conference, post=PostFactory(agency=school), reply="coming")
    forecast = quorum_forecast(row.conference, list(row.conference.participants.select_related("person", "agency")))
    assert [(seat.agency, seat.filled) for seat in forecast.seats] == [
        ("Social care", False),
        (school.name, True),
        ("Another agency", False),
    ]


def test_t10_an_agency_without_direct_contact_fills_no_seat():
    row = ConferenceChildFactory()
    ParticipantFactory(conference=row.conference, reply="coming")
    forecast = quorum_forecast(row.conference, list(row.conference.participants.select_related("person", "agency")))
    assert ([seat.filled for seat in forecast.seats], forecast.reserve) == ([False] * 3, [])


def test_t10_social_care_and_two_agencies_that_come_are_a_quorum():
    row = ConferenceChildFactory()
    for kind in (AgencyKind.SCHOOL, AgencyKind.GP):
        agency = agency_of(row.conference, row, kind=kind)
        ParticipantFactory(conference=row.conference, post=PostFactory(agency=agency), reply="coming")
    ParticipantFactory(conference=row.conference, capacity=Capacity.SOCIAL_WORKER)
    people = list(row.conference.participants.select_related("person", "agency"))
    assert quorum_forecast(row.conference, people).is_met is True


def test_t10_one_person_with_two_posts_is_listed_in_each():
    row = ConferenceChildFactory()
    person = PersonFactory(authority=row.conference.authority)
    for _ in range(2):
        ParticipantFactory(conference=row.conference, post=PostFactory(person=person))
    assert row.conference.participants.filter(person=person).count() == 2


def test_t10_the_same_person_post_and_capacity_is_listed_once():
    father = family_participant(ConferenceFactory())
    with pytest.raises(ValidationError) as raised, refused_by_database():
        family_participant(father.conference, person=father.person)
    assert raised.value.messages == ["This person is already on the list in this capacity."]


def test_t10_deputies_supporters_and_interpreters_name_the_person_they_are_with():
    row = ConferenceChildFactory()
    gp = ParticipantFactory(conference=row.conference)
    mother = family_participant(row.conference)
    deputy = ParticipantFactory(conference=row.conference, acts_for=gp, is_deputy=True)
    interpreter = family_participant(row.conference, Capacity.INTERPRETER, acts_for=mother)
    assert (deputy.acts_for, interpreter.acts_for) == (gp, mother)


# T19 time


def test_t19_a_conference_may_end_after_midnight():
    conference = ConferenceFactory()
    sitting = SittingFactory(
        conference=conference, starts_at=at(22, 22), booked_until=at(23, 0, 30), opened_at=at(22, 22)
    )
    conference.opened_at, conference.ended_at = at(22, 22), at(23, 0, 30)
    conference.save()
    assert (sitting.day, conference.ended_at.date()) == (datetime.date(2026, 12, 22), datetime.date(2026, 12, 23))


def test_t19_a_past_sitting_keeps_its_true_time_beside_the_time_of_entry():
    with pytest.raises(ValidationError) as raised, refused_by_database():
        SittingFactory(starts_at=at(10, 10), booked_at=at(11, 9))
    assert list(raised.value.message_dict) == ["recorded_afterwards_reason"]
    row = SittingFactory(starts_at=at(10, 10), booked_at=at(11, 9), recorded_afterwards_reason="No network")
    assert (row.starts_at, row.booked_at) == (at(10, 10), at(11, 9))


def test_t19_the_database_refuses_a_sitting_before_the_discussion_of_a_child():
    row = ConferenceChildFactory()
    with pytest.raises(ValidationError) as raised, refused_by_database():
        SittingFactory(conference=row.conference, starts_at=at(8, 10), booked_at=at(8, 9))
    assert raised.value.message_dict == {"day": [message_of("conference_not_before_discussion")]}


def test_t19_a_child_whose_discussion_was_later_cannot_join_a_sitting_before_it():
    conference = ConferenceFactory()
    SittingFactory(conference=conference)
    late = StrategyDiscussionFactory(family=conference.family, held_at=at(22, 18))
    child = ChildFactory(authority=conference.authority, family=conference.family)
    with pytest.raises(ValidationError), refused_by_database():
        ConferenceChild.objects.create(
            conference=conference,
            child=child,
            kind=ConferenceKind.INITIAL,
            enquiry=EnquiryFactory(child=child, discussion=late),
        )


# constraints in human words


def test_the_times_of_a_sitting_must_be_in_order():
    with pytest.raises(ValidationError) as raised, refused_by_database():
        SittingFactory(booked_from=at(22, 11), starts_at=at(22, 10))
    assert raised.value.messages == ["The arrival times come first, then the start, then the expected end."]


def test_a_scheduled_conference_needs_a_chair_and_a_cancelled_one_a_reason():
    conference = ConferenceFactory()
    conference.chair = None
    with pytest.raises(ValidationError) as raised, refused_by_database():
        conference.save()
    assert raised.value.message_dict == {"chair": ["Choose the chair and the coordinator."]}
    conference.refresh_from_db()
    conference.status = ConferenceStatus.CANCELLED
    with pytest.raises(ValidationError) as raised, refused_by_database():
        conference.save()
    assert raised.value.message_dict == {"reason": ["Say why you are cancelling the conference."]}


def test_a_review_may_be_on_a_saturday_but_an_initial_conference_may_not():
    review = ConferenceChildFactory(kind=ConferenceKind.REVIEW, enquiry=None)
    SittingFactory(conference=review.conference, starts_at=at(19, 10))
    with pytest.raises(ValidationError), refused_by_database():
        ConferenceChildFactory(conference=review.conference)


def test_chair_and_room_are_booked_once_unless_cancelled_or_recorded_afterwards():
    room = RoomFactory()
    first = SittingFactory(room=room)
    with pytest.raises(ValidationError) as raised, refused_by_database():
        SittingFactory(chair=first.chair, starts_at=at(22, 11))
    assert raised.value.message_dict == {"chair": ["The chair is already booked at this time."]}
    with pytest.raises(ValidationError) as raised, refused_by_database():
        SittingFactory(room=room, starts_at=at(22, 11))
    assert raised.value.message_dict == {"room": ["The room is already booked at this time."]}
    SittingFactory(chair=first.chair, starts_at=at(22, 12, 30))
    first.state = SittingState.CANCELLED
    first.save()
    assert SittingFactory(room=room, starts_at=at(22, 11)).room == room


def request(participant, **fields):
    return ExclusionRequest.objects.create(
        conference=participant.conference,
        participant=participant,
        **{"ground": RequestGround.ASKED, "reason": "Fear", "asked_by": UserFactory(), "asked_at": at(11, 9), **fields},
    )


@pytest.mark.parametrize(
    ("fields", "messages"),
    [
        ({"reason": " "}, {"reason": ["Say why, and what the evidence is."]}),
        ({"how": HowToAttend.WHOLE}, {"reason": ["Choose how the person takes part, and say why."]}),
        (
            {"how": HowToAttend.NOT_AT_ALL, "decided_at": at(12, 9), "decision_reason": "Bail", "decided": True},
            {"views_through": ["Choose who brings this person's views to the meeting."]},
        ),
    ],
)
def test_an_exclusion_request_needs_reason_decision_and_who_is_heard(fields, messages):
    if fields.pop("decided", False):
        fields = {**fields, "decided_by": UserFactory()}
    with pytest.raises(ValidationError) as raised, refused_by_database():
        request(family_participant(ConferenceFactory()), **fields)
    assert raised.value.message_dict == messages


def test_only_one_open_request_about_a_person():
    father = family_participant(ConferenceFactory())
    request(father)
    with pytest.raises(ValidationError) as raised, refused_by_database():
        request(father)
    assert raised.value.messages == ["A request about this person is already with the chair."]


def test_left_out_needs_a_reason_and_invited_a_time():
    father = family_participant(ConferenceFactory())
    for fields in ({"status": ParticipantStatus.LEFT_OUT}, {"status": ParticipantStatus.INVITED, "invited_at": None}):
        with pytest.raises(ValidationError), refused_by_database():
            Participant.objects.filter(pk=father.pk).update(**fields)


@pytest.mark.parametrize("model", [Conference, Sitting, Participant, ExclusionRequest])
def test_nothing_is_ever_deleted(model):
    conference = story.invited(story.tell())
    request(conference.participants.first())
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.order_by("pk").first().delete()


def test_history_keeps_every_version_of_a_participant():
    father = family_participant(ConferenceFactory())
    father.status = ParticipantStatus.KEPT_OUT
    father.save()
    rows = father.events.order_by("pgh_id").values_list("pgh_label", "status")
    assert list(rows) == [("insert", "invited"), ("update", "kept_out")]


def test_every_conference_constraint_has_a_message_or_needs_none():
    silent = {
        constraint.name
        for model in (Conference, Sitting, ConferenceChild, Participant, ExclusionRequest)
        for constraint in model._meta.constraints
        if "violates" in message_of(constraint.name) or message_of(constraint.name).startswith("This can't be saved")
    }
    # Nothing that anybody enters breaks these.
    assert silent == {
        "sitting_number_once", "request_asked_by_somebody", "sitting_goes_on_only_where_broken_off",
    }  # fmt: skip
