"""Somebody comes to the meeting who is not on the list."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import (
    FAMILY_CAPACITIES,
    SUPPORTING_CAPACITIES,
    Capacity,
    Mode,
    ParticipantStatus,
    Presence,
)
from conferences.models import Attendance, Conference, ConferenceChild, Participant
from conferences.services.guards import participant_in
from conferences.services.invitations import add_participant
from families.models import Person, Post
from families.services.agencies import add_post
from families.services.people import PersonFacts, add_person
from meetings.selectors.joining import Newcomer
from meetings.services.guards import lock_in_session
from meetings.services.opening import record_attendance

COME_WITH_SOMEBODY = SUPPORTING_CAPACITIES - {Capacity.OBSERVER}


@transaction.atomic
def add_attendee(
    *,
    conference: Conference,
    who: Newcomer,
    capacity: str,
    children: Iterable[ConferenceChild],
    reason: str,
    by: User,
    now: datetime.datetime,
    acts_for: Participant | None = None,
    mode: str = Mode.IN_PERSON,
) -> Participant:
    """Put somebody who came on the list, with the reason, and into the part of the meeting that runs.

    In order:

    1. records a new person: with a post at their agency, else as somebody around the family;
    2. adds them to the list; under a contact risk they wait for the chair, and are not in the meeting yet;
    3. records that they are here, from now.

    Somebody of that name who is on the list in that capacity already is given back.

    Raises ValidationError by field; MeetingClosed, StoppedForSafety.
    """
    locked, sitting = lock_in_session(conference)
    participant_in(locked, acts_for, "acts_for")
    if capacity in COME_WITH_SOMEBODY and acts_for is None:
        raise ValidationError({"acts_for": "Choose with whom they come."})
    standing = _already_listed(locked, who, capacity=capacity)
    if standing is not None:
        return standing
    person, post = _person(locked, who, capacity=capacity, by=by, now=now)
    try:
        participant = add_participant(
            conference=locked,
            person=person,
            post=post,
            capacity=capacity,
            children=children,
            reason=reason,
            acts_for=acts_for,
            mode=mode,
            by=by,
            now=now,
        )
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict") and "person" in refusal.error_dict:
            raise ValidationError({"known": refusal.message_dict["person"]}) from refusal
        raise
    if participant.exclusion_requests.filter(decided_at__isnull=True).exists():
        return participant
    part = sitting.parts.order_by("number").last()
    if part is not None and not Attendance.objects.filter(participant=participant, part=part).exists():
        record_attendance(
            participant=participant, part=part, presence=Presence.PRESENT, mode=mode, by=by, now=now
        )
    return participant


def _already_listed(conference: Conference, who: Newcomer, *, capacity: str) -> Participant | None:
    listed = conference.participants.exclude(
        status__in=[ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN]
    )
    if who.person is not None:
        return listed.filter(person=who.person, post=who.post, capacity=capacity).first()
    return listed.filter(
        person__given_name__iexact=who.given_name.strip(),
        person__family_name__iexact=who.family_name.strip(),
        agency=who.agency,
        capacity=capacity,
    ).first()


def _person(
    conference: Conference, who: Newcomer, *, capacity: str, by: User, now: datetime.datetime
) -> tuple[Person, Post | None]:
    if who.person is not None:
        return who.person, who.post
    if who.agency is not None:
        if capacity in FAMILY_CAPACITIES:
            raise ValidationError({"capacity": "Somebody from an agency does not take part as family."})
        post = add_post(
            agency=who.agency, title=who.title, given_name=who.given_name, family_name=who.family_name, by=by
        )
        return post.person, post
    facts = PersonFacts(given_name=who.given_name, family_name=who.family_name)
    return add_person(family=conference.family, facts=facts, by=by, now=now), None
