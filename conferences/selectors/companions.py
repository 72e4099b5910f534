"""Who comes with someone in the family: who may not, what the chair is shown, and who is not accepted yet."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from conferences.enums import (
    COME_WITH_SOMEBODY,
    FAMILY_CAPACITIES,
    Capacity,
    ConferenceStatus,
    HowToAttend,
    ParticipantStatus,
)
from conferences.models import CompanionCheck, Conference, Participant
from conferences.selectors.proposing import risk_words
from conferences.selectors.risks import risks_of
from families.models import Child, FamilyMember, ParentalResponsibility, Person, Post, Relationship
from families.models.persons import ADULT_FROM

BEFORE_THE_INVITATION = (ParticipantStatus.PROPOSED, ParticipantStatus.TO_INVITE, ParticipantStatus.AWAITING_CHAIR)
GONE = (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN)
STILL_TO_ACCEPT = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
NOT_ACCEPTED = "The chair has not accepted this person yet."


def why_not_companion(person: Person, capacity: str, conference: Conference, *, on: datetime.date) -> str:
    """Return why a person can't come to a conference in this capacity at all, "" where they can.

    No child and no relative interprets; a child is anyone known to be under 18, and a relative anyone in the family or
    tied to one of its children now or before.
    """
    if capacity != Capacity.INTERPRETER or person.pk is None:
        return ""
    age = person.age(on)
    if age is not None and age < ADULT_FROM:
        return f"{person.full_name} is under 18. A child can’t interpret: book an interpreter from outside the family."
    if is_relative(person, conference):
        return (
            f"{person.full_name} is in the family or close to it. A relative can’t interpret: book an interpreter "
            "from outside the family."
        )
    return ""


def is_relative(person: Person, conference: Conference) -> bool:
    """Return whether a person is, or was, in the family of a conference or tied to one of its children."""
    children = Child.objects.filter(conferences__conference=conference)
    families = FamilyMember.objects.filter(person__child__in=children).values("family")
    return (
        FamilyMember.objects.filter(Q(family=conference.family_id) | Q(family__in=families), person=person).exists()
        or Relationship.objects.filter(child__in=children, person=person).exists()
        or ParentalResponsibility.objects.filter(child__in=children, person=person).exists()
        or conference.participants.filter(person=person, capacity__in=FAMILY_CAPACITIES).exists()
    )


def family_on(conference: Conference) -> QuerySet[Participant]:
    """Return the family on a conference's list, with whom someone can come."""
    rows: QuerySet[Participant] = conference.participants.filter(capacity__in=FAMILY_CAPACITIES).exclude(
        status__in=GONE
    )
    return rows.select_related("person").order_by("pk")


def newest_check(participant: Participant) -> CompanionCheck | None:
    """Return the newest question to the chair about a participant; None where nobody has asked."""
    return participant.companion_checks.select_related("asked_by", "answered_by").order_by("-asked_at", "-pk").first()


def not_accepted() -> Q:
    """Match participants who come with someone in the family and get no invitation before the chair accepts them.

    Whoever was invited before the chair was ever asked stays invited.
    """
    checks = CompanionCheck.objects.filter(participant=OuterRef("pk"))
    newest = CompanionCheck.objects.filter(participant=OuterRef(OuterRef("pk"))).order_by("-asked_at", "-pk")
    accepted = CompanionCheck.objects.filter(pk=Subquery(newest.values("pk")[:1]), accepted=True)
    asked_or_new = Exists(checks) | ~Q(status=ParticipantStatus.INVITED)
    return Q(capacity__in=COME_WITH_SOMEBODY) & ~Exists(accepted) & asked_or_new


def waits_for_acceptance(participant: Participant) -> bool:
    """Return whether the chair has not accepted a participant who comes with someone in the family."""
    if participant.capacity not in COME_WITH_SOMEBODY:
        return False
    return Participant.objects.filter(not_accepted(), pk=participant.pk).exists()


def awaiting_acceptance(conference: Conference) -> set[int]:
    """Return the ids of those on a list who get no invitation before the chair accepts them."""
    rows = conference.participants.filter(not_accepted(), status__in=BEFORE_THE_INVITATION)
    return set(rows.values_list("pk", flat=True))


def unanswered_checks() -> QuerySet[CompanionCheck]:
    """Return the questions that wait for the chair, about people who are still meant to come."""
    rows: QuerySet[CompanionCheck] = CompanionCheck.objects.filter(answered_at__isnull=True).exclude(
        participant__status__in=GONE
    )
    return rows


def found_about(participant: Participant, *, on: datetime.date) -> list[str]:
    """Return what is recorded about someone who is to come with the family, a sentence each: risks, parties, ties."""
    person, conference = participant.person, participant.conference
    return [
        *_age(person, on),
        *(risk_words([risk]) for risk in risks_of([participant], on=on).get(person.pk, [])),
        *_questions(participant),
        *_ties(person, conference),
        *_parties(participant, on=on),
    ]


def _age(person: Person, on: datetime.date) -> list[str]:
    age = person.age(on)
    if age is None:
        return ["Their age is not recorded."]
    return [f"They are {age}, so under 18."] if age < ADULT_FROM else []


def _questions(participant: Participant) -> list[str]:
    asked = participant.exclusion_requests.filter(Q(decided_at__isnull=True) | ~Q(how=HowToAttend.WHOLE))
    return ["The chair was asked to keep them out or apart."] if asked.exists() else []


def _ties(person: Person, conference: Conference) -> list[str]:
    rows = Relationship.objects.filter(child__conferences__conference=conference, person=person).select_related(
        "child__person", "child__pregnancy"
    )
    said = list(dict.fromkeys(f"{row.get_kind_display()} of {row.child.person.full_name}." for row in rows))
    if not said and is_relative(person, conference):
        return ["They are recorded in the family."]
    return said


def _parties(participant: Participant, *, on: datetime.date) -> list[str]:
    conference = participant.conference
    others = conference.participants.filter(person=participant.person_id).exclude(pk=participant.pk)
    said = []
    for row in others.exclude(status__in=GONE).select_related("acts_for__person").order_by("pk"):
        beside = f", with {row.acts_for.person.full_name}" if row.acts_for else ""
        said.append(f"They are also on the list as {row.get_capacity_display().lower()}{beside}.")
    agencies = conference.participants.exclude(status__in=GONE).exclude(pk=participant.pk).values("agency")
    posts = Post.objects.current(on=on).filter(person=participant.person_id, agency__in=agencies)
    if posts.exists():
        said.append("They hold a post at an agency that is on the list.")
    return said
