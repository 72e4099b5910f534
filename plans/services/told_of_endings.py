"""Who is told that a child's plan has ended: whoever was asked to the conference that made it, or holds a copy.

Each hears the child's name, the day and whom to ring, and nothing more; each only as far as they are entitled on the
day. Whoever is not is listed with the reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from conferences.enums import (
    FAMILY_CAPACITIES,
    Capacity,
    ConferenceStatus,
    Occasion,
    ParticipantStatus,
    PlanEffect,
    Presence,
)
from conferences.models import Attendance, Conference, Decision, Participant, ToTell
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import AgencyInvolvement, ParentalResponsibility, Relationship
from families.models.persons import ADULT_FROM
from govuk import words
from plans.enums import EndReason, PlanKind
from plans.events import holders_of_copies
from plans.models import Plan

TOLD_CAPACITIES = FAMILY_CAPACITIES | {Capacity.PROFESSIONAL}
BECAUSE = "They were asked to the conference that made the plan, or hold a copy of it."
GOES_ON = "The plan did not end after all."
ENDED_AGAIN = "The plan ended before they heard that it went on."


def tell_of_endings(conference: Conference, now: datetime.datetime) -> None:
    """Ask for everyone to be told of each plan that a closing conference ended or lowered. Idempotent.

    Whoever was there has heard it.
    """
    decided = Decision.objects.filter(
        conference_child__conference=conference,
        superseded_by__isnull=True,
        on_plan__in=[PlanEffect.ENDS, PlanEffect.LOWERED],
    )
    there = set(
        Attendance.objects.filter(participant__conference=conference, presence=Presence.PRESENT).values_list(
            "participant__person", flat=True
        )
    )
    for decision in decided.select_related("sitting").order_by("pk"):
        ended = Plan.objects.filter(
            child=decision.conference_child.child_id, kind=PlanKind.CP, held_elsewhere="", ends_on=decision.sitting.day
        )
        for plan in ended.exclude(end_reason=EndReason.ENTERED_IN_ERROR):
            tell_of_ending(plan, but=there, now=now)


@transaction.atomic
def tell_of_ending(plan: Plan, *, but: Iterable[int] = (), now: datetime.datetime) -> None:
    """Put on the list of their own conference whoever has to be told that a plan has ended. Idempotent.

    ``but`` are ids of persons who know. Whoever may not be told today is listed with the reason. Counts the deadlines.
    """
    day, known = civil_day(now), set(but)
    about = ToTell.objects.filter(plan_id=plan.pk, occasion=Occasion.PLAN_ENDED)
    rows = about.exclude(ended_because=GOES_ON).order_by("pk")
    newest = dict(rows.values_list("participant__person", "words"))
    # Whoever last heard that the plan goes on has to hear that it ended after all.
    listed = {pk for pk, said in newest.items() if not said.startswith(_taken_back(plan))}
    rows.filter(words__startswith=_taken_back(plan), told_at__isnull=True, ended_at__isnull=True).update(
        ended_at=now, ended_because=ENDED_AGAIN
    )
    around = [row for row in people_around(plan) if row.person_id not in known | listed]
    ties = ties_of(plan, on=day)
    for participant in around:
        because = why_not_told(participant, plan, ties, on=day)
        _put(participant, plan, _words(plan, on=day), now=now, ended_because=because)
    reconcile(family_ids=sorted({row.conference.family_id for row in around}), now=now)


def follow_corrected_ending(decision: Decision, *, now: datetime.datetime) -> None:
    """Make what is told about the child's plans true again after a decision was corrected."""
    conference = decision.conference_child.conference
    plans = Plan.objects.filter(child=decision.conference_child.child_id, kind=PlanKind.CP, held_elsewhere="")
    for plan in plans.filter(pk__in=ToTell.objects.filter(occasion=Occasion.PLAN_ENDED).values("plan_id")):
        if plan.is_open:
            take_back_ending(plan, now=now)
        else:
            about = ToTell.objects.filter(plan_id=plan.pk, occasion=Occasion.PLAN_ENDED)
            untold = about.filter(told_at__isnull=True, ended_at__isnull=True)
            untold.update(words=_words(plan, on=civil_day(now)))
    if conference.status == ConferenceStatus.CLOSED:
        tell_of_endings(conference, now)


@transaction.atomic
def take_back_ending(plan: Plan, *, now: datetime.datetime) -> None:
    """Tell nobody any more that a plan has ended which goes on after all, and whoever was told that it does."""
    rows = ToTell.objects.filter(plan_id=plan.pk, occasion=Occasion.PLAN_ENDED)
    rows.filter(told_at__isnull=True, ended_at__isnull=True).update(ended_at=now, ended_because=GOES_ON)
    said = _taken_back(plan)
    told = list(rows.filter(told_at__isnull=False).exclude(words__startswith=said).select_related("participant"))
    for row in told:
        if not rows.filter(participant=row.participant_id, words__startswith=said, ended_at__isnull=True).exists():
            _put(row.participant, plan, f"{said} {_ring(plan)}", now=now)
    conferences = Conference.objects.filter(to_tell__plan_id=plan.pk).order_by()
    reconcile(family_ids=sorted(set(conferences.values_list("family_id", flat=True))), now=now)


def people_around(plan: Plan) -> list[Participant]:
    """Return one participant for each person around the plan, of their newest conference about the child.

    Whoever was asked to the conference that made it, or holds a copy of a paper about it.
    """
    made_by = plan.decision.conference_child.conference_id if plan.decision else None
    held = {pk for holders in holders_of_copies for pk in holders(plan)}
    rows = Participant.objects.filter(
        Q(conference=made_by, status__in=[ParticipantStatus.INVITED, ParticipantStatus.KEPT_OUT]) | Q(pk__in=held),
        capacity__in=TOLD_CAPACITIES,
        person__death_date__isnull=True,
        person__sealed_at__isnull=True,
        person__merged_into__isnull=True,
    )
    newest = rows.select_related("person", "post", "agency", "conference").order_by("conference__requested_at", "pk")
    own = [row for row in newest if row.capacity != Capacity.CHILD or row.person_id == plan.child.person_id]
    return sorted({row.person_id: row for row in own}.values(), key=lambda row: row.pk)


@dataclass(frozen=True)
class Ties:
    """Ids of the people related to or responsible for a plan's child, and of the agencies that know the child."""

    persons: frozenset[int]
    agencies: frozenset[int]


def ties_of(plan: Plan, *, on: datetime.date) -> Ties:
    """Return who and which agencies have to do with a plan's child on a day. Two queries."""
    tied = Relationship.objects.current(on=on).filter(child=plan.child_id).order_by().values_list("person")
    responsible = ParentalResponsibility.objects.current(on=on).filter(child=plan.child_id, person__isnull=False)
    works = AgencyInvolvement.objects.current(on=on).filter(child=plan.child_id).order_by()
    return Ties(
        frozenset(pk for (pk,) in tied.union(responsible.order_by().values_list("person"))),
        frozenset(works.values_list("agency", flat=True)),
    )


def why_not_told(participant: Participant, plan: Plan, ties: Ties, *, on: datetime.date) -> str:
    """Return why someone around the plan may not be told about it on a day; "" where they may."""
    name = _name(plan)
    if participant.status == ParticipantStatus.KEPT_OUT:
        return "Kept out of the meeting: the chair decides what they are told."
    if participant.capacity == Capacity.CHILD:
        return ""
    if participant.capacity in FAMILY_CAPACITIES:
        if plan.child.person.turned(ADULT_FROM, on):
            return f"{name} is an adult, and decides who in the family is told."
        if participant.person_id in ties.persons:
            return ""
        return f"Not recorded any more as related to {name} or responsible for {name}."
    if participant.post is not None and not participant.post.is_current(on):
        return "Has left the post they were told in. Tell whoever does the work now."
    if participant.agency_id is not None and participant.agency_id not in ties.agencies:
        return f"This agency does not work with {name} any more."
    return ""


def _words(plan: Plan, *, on: datetime.date) -> str:
    day = words.plain_date(plan.ends_on or on)
    what = "was changed to a child in need plan" if plan.end_reason == EndReason.STEPPED_DOWN else "ended"
    return f"The child protection plan for {_name(plan)} {what} on {day}. {_ring(plan)}"


def _taken_back(plan: Plan) -> str:
    return f"We told you that the child protection plan for {_name(plan)} had ended. That was wrong: the plan goes on."


def _ring(plan: Plan) -> str:
    phone = plan.authority.day_phone
    return f"If you have questions, ring us on {phone}." if phone else "If you have questions, get in touch with us."


def _name(plan: Plan) -> str:
    return plan.child.person.full_name


def _put(participant: Participant, plan: Plan, text: str, *, now: datetime.datetime, ended_because: str = "") -> None:
    ToTell.objects.create(
        conference_id=participant.conference_id,
        participant=participant,
        occasion=Occasion.PLAN_ENDED,
        plan_id=plan.pk,
        words=text,
        because=BECAUSE,
        arose_at=now,
        ended_at=now if ended_because else None,
        ended_because=ended_because,
    )
