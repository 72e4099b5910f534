"""Who is told of a conference or appointed to it: only people who may open its case."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.enums import Role
from conferences.access import own_invitations
from conferences.enums import Capacity, Party, RequestGround
from conferences.selectors.lateness import who_answers
from conferences.selectors.recipients import managers_of, to_be_told
from conferences.services.exclusions import open_request
from families.models import Family
from meetings.services.attendance import remove_attendee
from meetings.services.safety import tell_managers
from notifications.models import Message, Notice
from tests.conferences import story
from tests.conferences.conftest import NOW
from tests.factories import ConflictOfInterestFactory, NamedForFamilyFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _in_the_meeting():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def service(planned):
    return user_with_role(Role.SERVICE_MANAGER, authority=planned.authority)


def fresh(conference):
    return type(conference).objects.get(pk=conference.pk)


def restricted(planned, *named):
    Family.objects.filter(pk=planned.family.pk).update(restricted=True)
    for user in named:
        NamedForFamilyFactory(family=planned.family, user=user, starts_on=TODAY)
    return fresh(planned.conference)


def test_the_teams_managers_are_told_or_the_service_managers_if_there_are_none(planned, service):
    assert managers_of(planned.conference, on=TODAY) == [planned.manager]
    planned.manager.roles.update(ends_on=TODAY)
    assert managers_of(fresh(planned.conference), on=TODAY) == [service]


def test_only_named_managers_are_told_of_a_restricted_case(planned, service):
    other = user_with_role(Role.TEAM_MANAGER, authority=planned.authority)
    conference = restricted(planned, other)
    assert managers_of(conference, on=TODAY) == [other]
    assert who_answers(conference, Party.MANAGER, on=TODAY) == [other]
    assert who_answers(conference, Party.SERVICE_MANAGER, on=TODAY) == []


def test_a_manager_with_a_conflict_of_interest_is_not_told(planned, service):
    ConflictOfInterestFactory(user=planned.manager, family=planned.family)
    assert managers_of(fresh(planned.conference), on=TODAY) == [service]


def test_a_danger_in_a_restricted_case_is_reported_but_never_to_a_barred_user(planned, service):
    conference = restricted(planned)
    ConflictOfInterestFactory(user=planned.chair, family=planned.family)
    tell_managers(conference, key="stop", text="A child is not safe.", also=(planned.chair,), now=NOW)
    assert {notice.user for notice in Notice.objects.all()} == {service}
    assert {message.user for message in Message.objects.all()} == {service}


def test_managers_are_told_instead_of_a_chair_with_a_conflict_of_interest(planned):
    conference = planned.conference
    assert to_be_told(conference, [planned.chair, None], on=TODAY) == [planned.chair]
    ConflictOfInterestFactory(user=planned.chair, family=planned.family)
    open_request(
        participant=planned.people.dale, ground=RequestGround.ASKED, reason="She is afraid", by=planned.worker,
        now=NOW,
    )  # fmt: skip
    notice = Notice.objects.exclude(user=planned.coordinator).get()
    assert (notice.user, "is asking the chair" in notice.text) == (planned.manager, True)


@pytest.mark.parametrize("job", ["chair", "coordinator"])
def test_only_people_who_may_open_the_case_are_appointed(job):
    with time_machine.travel(story.NOW, tick=False):
        told = story.tell()
        ConflictOfInterestFactory(user=getattr(told, job), family=told.family)
        with pytest.raises(ValidationError) as refused:
            story.booked(told)
    said = f"{getattr(told, job).name} can’t do this here. Choose someone else."
    assert refused.value.message_dict == {job: [said]}


def test_a_person_the_chair_removed_cannot_open_their_invitation(meeting):
    user = user_with_role(Role.PROFESSIONAL, authority=meeting.authority)
    callum = meeting.people.callum
    callum.person.user = user
    callum.person.save()
    assert callum.capacity == Capacity.PROFESSIONAL
    assert list(own_invitations(user)) == [callum]
    remove_attendee(participant=callum, reason="He shouted", by=meeting.chair, now=NOW)
    assert list(own_invitations(user)) == []
