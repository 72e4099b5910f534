"""Endings of a child protection plan without a conference: each with conditions, none of them by itself.

A holiday, a missing child or suspected flight never ends a plan. A death does, at once (``plans.services.deaths``).
"""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import ConferenceKind, ConferenceStatus
from conferences.models import ConferenceChild
from conferences.selectors.recipients import to_be_told
from deadlines.services import reconcile
from families.enums import DatePrecision
from families.models import Agency
from families.selectors.agency_names import name_on_page
from govuk import words
from notifications.services.outbox import notify
from plans.enums import EndedOutside, EndReason, WhatAgencySaid, WhereChildIs
from plans.events import tell_stopped
from plans.models import AgencyAsked, Plan, PlanEnding
from plans.moves import move_of
from plans.selectors.endings import (
    agencies_to_ask,
    eighteen_on,
    ends_outside,
    may_end_plan,
    role_that_ends,
    why_not_looked_after,
)
from plans.selectors.managers import family_of
from plans.services.plans import close_plan, families_of
from plans.services.told_of_endings import tell_of_ending


@dataclass(frozen=True, kw_only=True)
class LeftTheCountry:
    """What is known of a child who left: only one gone for good ends a plan."""

    where_is: WhereChildIs | str
    where_to: str
    happened_on: datetime.date
    confirmed_by: str
    confirmed_on: datetime.date
    told_whom: str
    told_on: datetime.date


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The other council's conference, and its acceptance in writing."""

    for_good: bool
    where_to: str
    conference_on: datetime.date
    responsible_from: datetime.date
    letter_kept: str


@dataclass(frozen=True, kw_only=True)
class LookedAfter:
    """The placement order, and what the joint review of both plans said about ending this one."""

    placement_order: str
    placement_on: datetime.date
    joint_review_on: datetime.date
    joint_review_said: str


@dataclass(frozen=True, kw_only=True)
class GrownUp:
    """What adult services and the young person said."""

    adult_services: str
    contact_wishes: str


@transaction.atomic
def record_agency_asked(
    *,
    plan: Plan,
    agency: Agency,
    whom: str,
    asked_on: datetime.date,
    answer: WhatAgencySaid | str,
    said: str,
    by: User,
    now: datetime.datetime,
) -> AgencyAsked:
    """Record that an agency was asked what it thinks of ending the plan, and what it said.

    A later answer is a new row; the newest counts. Raises ValidationError by field, and for an ended plan.
    """
    locked = _locked(plan)
    if not ends_outside(locked):
        raise ValidationError(_why_not(locked))
    if asked_on > timezone.localdate(now):
        raise ValidationError({"asked_on": "This day is in the future"})
    _need({"whom": (whom, "Say who was asked"), "said": (said, "Say what they said")})
    return AgencyAsked.objects.create(
        plan=locked,
        agency=agency,
        whom=whom.strip(),
        asked_on=asked_on,
        answer=answer,
        said=said.strip(),
        recorded_by=by,
        recorded_at=now,
    )


@transaction.atomic
def end_left_country(*, plan: Plan, facts: LeftTheCountry, by: User, now: datetime.datetime) -> PlanEnding:
    """End a plan today because the child left the United Kingdom for good.

    Raises ValidationError by field: not gone for good, not confirmed, the authority there not told, a day in the
    future; and as ``_ready`` does.
    """
    locked = _ready(plan, by=by, now=now)
    if facts.where_is != WhereChildIs.GONE_FOR_GOOD:
        raise ValidationError({"where_is": _STAYS[facts.where_is]})
    _need(
        {
            "where_to": (facts.where_to, "Say which country"),
            "confirmed_by": (facts.confirmed_by, "Say who confirmed it, other than the family"),
            "told_whom": (facts.told_whom, "Say who was told there"),
        }
    )
    today = timezone.localdate(now)
    _not_later(today, happened_on=facts.happened_on, confirmed_on=facts.confirmed_on, told_on=facts.told_on)
    if facts.confirmed_on < facts.happened_on:
        raise ValidationError({"confirmed_on": "It can’t be confirmed before the child left"})
    established = {name: value for name, value in asdict(facts).items() if name != "where_is"}
    return _end(locked, EndedOutside.LEFT_UK, today, established, by=by, now=now)


@transaction.atomic
def end_moved(*, plan: Plan, facts: Accepted, by: User, now: datetime.datetime) -> PlanEnding:
    """End a plan on the day on which another council took responsibility in writing.

    Where the move is recorded (``plans.moves``), its answer is what counts: nothing ends before it says so, nor with
    other facts. Raises ValidationError by field: not moved for good, its conference not held, no letter kept,
    responsibility taken before the conference, something else than was recorded; and as ``_ready`` does.
    """
    locked = _ready(plan, by=by, now=now)
    _as_recorded(locked, facts)
    if not facts.for_good:
        raise ValidationError({"for_good": "The plan stays: the child has not moved for good."})
    _need(
        {
            "where_to": (facts.where_to, "Say which council"),
            "letter_kept": (facts.letter_kept, "Say where its letter is kept"),
        }
    )
    _not_later(timezone.localdate(now), conference_on=facts.conference_on, responsible_from=facts.responsible_from)
    if facts.responsible_from < facts.conference_on:
        raise ValidationError({"responsible_from": "It takes responsibility on the day of its conference or later"})
    established = {name: value for name, value in asdict(facts).items() if name != "for_good"}
    return _end(locked, EndedOutside.MOVED, facts.responsible_from, established, by=by, now=now)


@transaction.atomic
def end_at_18(*, plan: Plan, facts: GrownUp, by: User, now: datetime.datetime) -> PlanEnding:
    """End a plan today because the young person turned 18; before that day nothing ends it.

    Raises ValidationError where they are not 18 yet, the date of birth is not certain, adult services or the young
    person were not asked; and as ``_ready`` does.
    """
    locked = _ready(plan, by=by, now=now)
    today, turns = timezone.localdate(now), eighteen_on(locked)
    person = locked.child.person
    if turns is None or person.age_disputed or person.birth_date_precision == DatePrecision.ESTIMATED:
        raise ValidationError("The date of birth is not certain. Settle it on the person’s page first.")
    if turns > today:
        raise ValidationError(f"The plan stays until the 18th birthday, {words.plain_date(turns)}.")
    _need(
        {
            "adult_services": (facts.adult_services, "Say what adult services said"),
            "contact_wishes": (facts.contact_wishes, "Say what the young person wishes"),
        }
    )
    return _end(locked, EndedOutside.EIGHTEEN, today, asdict(facts), by=by, now=now)


@transaction.atomic
def end_looked_after(*, plan: Plan, facts: LookedAfter, by: User, now: datetime.datetime) -> PlanEnding:
    """End a plan today because the child is looked after under a placement order, and a joint review says so.

    Only where the council's procedures let such a plan end without a conference (``looked-after-child``). Raises
    ValidationError where they do not, where no legal status says that the child is looked after, by field where the
    order or the joint review is missing, in the future or in the wrong order; and as ``_ready`` does.
    """
    locked = _ready(plan, by=by, now=now)
    today = timezone.localdate(now)
    if stands := why_not_looked_after(locked, on=today):
        raise ValidationError(stands)
    _need(
        {
            "placement_order": (facts.placement_order, "Say which court made the order, and its reference"),
            "joint_review_said": (facts.joint_review_said, "Say what the joint review said about ending the plan"),
        }
    )
    _not_later(today, placement_on=facts.placement_on, joint_review_on=facts.joint_review_on)
    if facts.joint_review_on < facts.placement_on:
        raise ValidationError({"joint_review_on": "The joint review is held once the order is made"})
    return _end(locked, EndedOutside.LOOKED_AFTER, today, asdict(facts), by=by, now=now)


_STAYS: dict[str, str] = {
    WhereChildIs.HOLIDAY: "The plan stays: a holiday or a visit never ends a plan.",
    WhereChildIs.MISSING: "The plan stays: a missing child’s plan never ends for that. Tell the police.",
    WhereChildIs.FLIGHT: "The plan stays: suspected flight never ends a plan. Tell the police and legal services.",
}


def _as_recorded(plan: Plan, facts: Accepted) -> None:
    """Raise ValidationError where what is recorded of the move does not let the plan end, or says something else."""
    recorded = move_of(plan, lock=True)
    if recorded is None:
        return
    if recorded.why_not:
        raise ValidationError(recorded.why_not)
    said = {
        "where_to": (recorded.council, facts.where_to.strip()),
        "conference_on": (recorded.conference_on, facts.conference_on),
        "responsible_from": (recorded.responsible_from, facts.responsible_from),
        "letter_kept": (recorded.letter_kept, facts.letter_kept.strip()),
    }
    faults = {
        name: f"The transfer says {words.plain_date(kept) if isinstance(kept, datetime.date) else kept}. "
        "Change the answer on the transfer’s page first."
        for name, (kept, typed) in said.items()
        if kept != typed
    }
    if faults:
        raise ValidationError(faults)


def _locked(plan: Plan) -> Plan:
    # Not who ended it: joined before another's lock was let go, it would be missing.
    rows = Plan.objects.select_for_update(of=("self",)).select_related("child__person", "child__pregnancy")
    return rows.get(pk=plan.pk)


def _why_not(plan: Plan) -> str:
    if plan.ends_on is not None:
        who = plan.ended_by.name if plan.ended_by else "Someone"
        return f"{who} ended this plan on {words.plain_date(plan.ends_on)}. Nothing was changed."
    return "Only an open child protection plan of this council ends here."


def _ready(plan: Plan, *, by: User, now: datetime.datetime) -> Plan:
    """Lock a plan that ``by`` may end now.

    Raises ValidationError where it has ended, which names who ended it; where someone else has to end it; and where
    an agency that knows the child has not been asked.
    """
    locked, today = _locked(plan), timezone.localdate(now)
    if not ends_outside(locked):
        raise ValidationError(_why_not(locked))
    if not may_end_plan(by, locked, on=today):
        role = role_that_ends(locked, on=today).label.lower()
        raise ValidationError(f"By the council’s procedures a {role} of this case ends a plan without a conference.")
    family = family_of(locked.child)
    missing = [row.agency for row in agencies_to_ask(locked, on=today) if row.newest is None]
    if missing:
        names = words.listed([name_on_page(agency, family.pk if family else None) for agency in missing])
        raise ValidationError(f"Ask every agency that knows the child first. Not asked yet: {names}.")
    return locked


def _need(given: dict[str, tuple[str, str]]) -> None:
    faults = {name: sentence for name, (text, sentence) in given.items() if not text.strip()}
    if faults:
        raise ValidationError(faults)


def _not_later(today: datetime.date, **days: datetime.date) -> None:
    faults = {name: "This day is in the future" for name, day in days.items() if day > today}
    if faults:
        raise ValidationError(faults)


def _tell_of_reviews_ahead(plan: Plan, *, now: datetime.datetime) -> None:
    """Ask who runs a review of the plan that is still to come to take the child off it, or to cancel it."""
    ahead = ConferenceChild.objects.filter(
        child=plan.child_id,
        kind=ConferenceKind.REVIEW,
        withdrawn_at__isnull=True,
        conference__status__in=[ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED],
    )
    for row in ahead.select_related("conference__chair", "conference__coordinator", "conference__family"):
        review = row.conference
        for user in to_be_told(review, [review.chair, review.coordinator], on=timezone.localdate(now)):
            notify(
                user=user,
                key=f"plan-ended:{plan.pk}:{review.pk}",
                text=(
                    f"{review.reference}: a child’s plan ended before this review. Take the child off it, or cancel it."
                ),
                url=reverse("conferences:children", args=[review.pk]),
                now=now,
            )


def _end(
    plan: Plan,
    ground: EndedOutside,
    on: datetime.date,
    established: dict[str, Any],
    *,
    by: User,
    now: datetime.datetime,
) -> PlanEnding:
    if on <= plan.starts_on:
        raise ValidationError(
            f"The plan began on {words.plain_date(plan.starts_on)}. It can’t end that day or earlier."
        )
    with refused_by_database():
        ending = PlanEnding.objects.create(plan=plan, ground=ground, decided_by=by, decided_at=now, **established)
    close_plan(plan, reason=EndReason(ground.value), on=on, by=by, now=now)
    _tell_of_reviews_ahead(plan, now=now)
    tell_of_ending(plan, now=now)
    tell_stopped([plan], now=now)
    reconcile(family_ids=families_of(plan.child, on=timezone.localdate(now)), now=now)
    return ending
