"""Who is here, who came unlisted, and the quorum."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import Capacity, Mode, ParticipantStatus, Presence
from conferences.selectors.procedures import policy_of_conference
from conferences.services.exclusions import open_request
from families.models import AgencyInvolvement, ContactRisk, Person
from families.services import EnteredWorker
from meetings.selectors.attendance import asked, asked_for_view, attendees_of
from meetings.selectors.newcomers import Newcomer
from meetings.selectors.quorum import quorum_of
from meetings.services.attendance import (
    add_attendee,
    readmit_attendee,
    record_attendance,
    remove_attendee,
    say_who_brings_views,
    say_who_speaks_for_child,
)
from meetings.services.views_given import record_view
from tests.conferences.conftest import NOW, OPENED, attend
from tests.factories import FamilyMemberFactory, ParticipantFactory, PostFactory, SittingFactory

pytestmark = pytest.mark.django_db


def test_attendance_is_recorded_and_overwritten(meeting):
    dale = meeting.people.dale
    row = record_attendance(
        participant=dale,
        part=meeting.part,
        presence=Presence.PRESENT,
        mode=Mode.ONLINE,
        version=1,
        by=meeting.coordinator,
        now=NOW,
    )
    assert (row.presence, row.mode, row.arrived_at) == (Presence.PRESENT, Mode.ONLINE, NOW)
    record_attendance(
        participant=dale, part=meeting.part, presence=Presence.APOLOGIES, version=2, by=meeting.coordinator, now=NOW
    )
    row.refresh_from_db()
    assert (row.presence, row.arrived_at) == (Presence.APOLOGIES, None)
    assert dale.attendances.count() == 1


def test_leaving_before_arriving_is_refused_with_a_message(meeting):
    with pytest.raises(ValidationError) as refused:
        record_attendance(
            participant=meeting.people.dale,
            part=meeting.part,
            presence=Presence.PRESENT,
            arrived_at=NOW,
            left_at=OPENED,
            version=1,
            by=meeting.coordinator,
            now=NOW,
        )
    assert refused.value.message_dict == {"left_at": ["No one leaves before they arrive. Check the two times."]}


def test_no_one_awaiting_the_chair_can_be_marked_as_here(meeting):
    dale = meeting.people.dale
    open_request(participant=dale, ground="asked", reason="She is afraid of him.", by=meeting.worker, now=NOW)
    with pytest.raises(ValidationError, match="has not yet decided"):
        record_attendance(
            participant=dale, part=meeting.part, presence=Presence.PRESENT, by=meeting.coordinator, now=NOW
        )


def test_a_person_kept_out_cannot_be_marked_as_here(meeting):
    dale = meeting.people.dale
    dale.status = ParticipantStatus.KEPT_OUT
    dale.save()
    with pytest.raises(ValidationError, match="does not take part"):
        record_attendance(
            participant=dale, part=meeting.part, presence=Presence.PRESENT, by=meeting.coordinator, now=NOW
        )


def test_apologies_are_recorded_whatever_the_chair_has_decided(meeting):
    dale = meeting.people.dale
    dale.status = ParticipantStatus.KEPT_OUT
    dale.save()
    row = record_attendance(
        participant=dale, part=meeting.part, presence=Presence.APOLOGIES, version=1, by=meeting.coordinator, now=NOW
    )
    assert row.presence == Presence.APOLOGIES


def test_attendance_belongs_to_the_running_sitting(meeting):
    other = SittingFactory(
        conference=meeting.conference, number=2, starts_at=datetime.datetime(2027, 1, 5, 10, tzinfo=datetime.UTC)
    )
    with pytest.raises(ValidationError) as refused:
        record_attendance(
            participant=meeting.people.dale,
            part=other.parts.get(),
            presence=Presence.PRESENT,
            by=meeting.coordinator,
            now=NOW,
        )
    assert list(refused.value.message_dict) == ["part"]


def test_the_chair_removes_and_readmits_someone(meeting):
    beth = meeting.people.beth
    remove_attendee(participant=beth, reason="Shouted at the mother.", by=meeting.chair, now=NOW)
    row = beth.attendances.get()
    assert (row.presence, row.left_at, row.note) == (Presence.REMOVED, NOW, "Shouted at the mother.")
    with pytest.raises(ValidationError, match="removed this person"):
        record_attendance(
            participant=beth, part=meeting.part, presence=Presence.PRESENT, by=meeting.coordinator, now=NOW
        )
    readmit_attendee(participant=beth, by=meeting.chair, now=NOW)
    row.refresh_from_db()
    assert (row.presence, row.left_at) == (Presence.PRESENT, None)


def test_the_coordinator_cannot_remove_anyone(meeting):
    with pytest.raises(ValidationError, match="Only the chair"):
        remove_attendee(participant=meeting.people.beth, reason="Noise.", by=meeting.coordinator, now=NOW)


def test_an_agency_worker_who_came_is_added_with_a_post_and_is_here(meeting):
    agency = meeting.people.callum.agency
    who = Newcomer(entered=EnteredWorker(given_name="Iris", family_name="Dunnock", title="Form tutor"), agency=agency)
    arguments = {
        "conference": meeting.conference,
        "who": who,
        "capacity": Capacity.PROFESSIONAL,
        "children": [meeting.robin],
        "reason": "Knows Robin best",
        "by": meeting.coordinator,
        "now": NOW,
    }
    added = add_attendee(**arguments)
    again = add_attendee(**arguments)
    assert again == added
    assert (added.agency, added.post.title, added.change_reason) == (agency, "Form tutor", "Knows Robin best")
    assert added.attendances.get().presence == Presence.PRESENT
    assert Person.objects.filter(given_name="Iris").count() == 1


def test_a_person_under_a_contact_risk_waits_outside_when_added(meeting):
    member = FamilyMemberFactory(family=meeting.family)
    ContactRisk.objects.create(
        person=member.person, ground="violence", detail="Threatened staff", recorded_by=meeting.worker, recorded_at=NOW
    )
    added = add_attendee(
        conference=meeting.conference,
        who=Newcomer(person=member.person),
        capacity=Capacity.RELATIVE,
        children=[meeting.wren],
        reason="Came along",
        by=meeting.coordinator,
        now=NOW,
    )
    assert added.status == ParticipantStatus.AWAITING_CHAIR
    assert added.attendances.count() == 0


def test_a_supporter_is_added_with_the_person_they_support(meeting):
    with pytest.raises(ValidationError) as refused:
        add_attendee(
            conference=meeting.conference,
            who=Newcomer(entered=EnteredWorker(given_name="May", family_name="Clover")),
            capacity=Capacity.SUPPORTER,
            children=[meeting.wren],
            reason="A friend",
            by=meeting.coordinator,
            now=NOW,
        )
    assert list(refused.value.message_dict) == ["acts_for"]


def test_the_address_of_a_supporter_who_is_typed_again_is_kept(meeting):
    def came(email=""):
        return add_attendee(
            conference=meeting.conference,
            who=Newcomer(entered=EnteredWorker(given_name="May", family_name="Clover", email=email)),
            capacity=Capacity.SUPPORTER,
            acts_for=meeting.people.dale,
            children=[meeting.wren],
            reason="A friend",
            by=meeting.coordinator,
            now=NOW,
        )

    may = came()
    assert (came("may@home.example"), came(), came("May@home.example")) == (may, may, may)
    may.refresh_from_db()
    assert may.email == "may@home.example"
    with pytest.raises(ValidationError) as refused:
        came("other@home.example")
    assert list(refused.value.message_dict) == ["email"]


def test_who_comes_with_someone_has_no_view_of_their_own(meeting):
    may = add_attendee(
        conference=meeting.conference,
        who=Newcomer(entered=EnteredWorker(given_name="May", family_name="Clover")),
        capacity=Capacity.ADVOCATE,
        acts_for=meeting.people.dale,
        children=[meeting.wren],
        reason="Speaks Dale's words",
        by=meeting.coordinator,
        now=NOW,
    )
    with pytest.raises(ValidationError, match="no view of their own"):
        record_view(conference_child=meeting.wren, participant=may, reason="Harm", by=meeting.coordinator, now=NOW)
    there = [row for row in attendees_of(meeting.conference) if row.participant.pk == may.pk]
    assert there
    assert asked(there, meeting.wren, policy_of_conference(meeting.conference), asked_for_view) == []


def test_absent_people_cannot_bring_their_own_views(meeting):
    with pytest.raises(ValidationError) as refused:
        say_who_brings_views(
            participant=meeting.people.dale, brought_by=meeting.people.dale, by=meeting.coordinator, now=NOW
        )
    assert list(refused.value.message_dict) == ["brought_by"]


def test_someone_brings_the_views_of_a_child_who_was_not_invited(meeting):
    meeting.people.wren_there.status = ParticipantStatus.WITHDRAWN
    meeting.people.wren_there.save()
    row = say_who_speaks_for_child(
        conference_child=meeting.robin, brought_by=meeting.people.callum, by=meeting.coordinator, now=NOW
    )
    assert (row.person, row.views_brought_by) == (meeting.robin.child.person, meeting.people.callum)


def test_one_person_with_two_posts_fills_one_seat_of_the_quorum(meeting):
    """T10: Beth works for the police and, on other days, at the school."""
    for name in ("callum", "ngozi"):
        getattr(meeting.people, name).attendances.update(presence=Presence.ABSENT)
    second = ParticipantFactory(
        conference=meeting.conference,
        post=PostFactory(agency=meeting.people.callum.agency, person=meeting.people.beth.person),
    )
    attend(meeting, second)
    quorum = quorum_of(meeting.conference)
    assert (quorum.social_care, len(quorum.agencies), quorum.persons, quorum.is_met) == (True, 1, 2, False)


def test_two_people_from_one_agency_count_as_one(meeting):
    """T10."""
    for name in ("beth", "ngozi"):
        getattr(meeting.people, name).attendances.update(presence=Presence.ABSENT)
    colleague = ParticipantFactory(conference=meeting.conference, post=PostFactory(agency=meeting.people.callum.agency))
    attend(meeting, colleague)
    assert [agency.name for agency in quorum_of(meeting.conference).agencies] == ["Meadow Lane Primary"]


def test_a_second_person_frees_the_seat_that_one_with_two_posts_would_take(meeting):
    """T10: Beth could sit for police or school; Callum can only sit for the school."""
    meeting.people.ngozi.attendances.update(presence=Presence.ABSENT)
    second = ParticipantFactory(
        conference=meeting.conference,
        post=PostFactory(agency=meeting.people.callum.agency, person=meeting.people.beth.person),
    )
    attend(meeting, second)
    assert len(quorum_of(meeting.conference).agencies) == 2


def test_an_agency_without_direct_contact_or_removed_does_not_count(meeting):
    AgencyInvolvement.objects.filter(agency=meeting.people.beth.agency).update(direct_contact=False)
    assert {agency.name for agency in quorum_of(meeting.conference).agencies} == {
        "Meadow Lane Primary",
        "Health visiting",
    }
    remove_attendee(participant=meeting.people.callum, reason="Private reasons.", by=meeting.chair, now=NOW)
    quorum = quorum_of(meeting.conference)
    assert ([agency.name for agency in quorum.agencies], quorum.is_met) == (["Health visiting"], False)


def test_without_social_care_there_is_no_quorum(meeting):
    meeting.people.amara.attendances.update(presence=Presence.ABSENT)
    quorum = quorum_of(meeting.conference)
    assert (quorum.social_care, quorum.is_met) == (False, False)
