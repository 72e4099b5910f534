"""A child on a plan who is taken abroad: recorded, agreed or not, and told to whom the procedures name."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.access import chairs_of
from deadlines.policies import policy_for
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from govuk import words
from notifications.services.outbox import notify
from plans.access import PLAN_RULE
from plans.enums import PlanKind
from plans.models import Plan
from plans.selectors.managers import family_of, managers_of
from plans.services.plans import families_of
from transfers.enums import Agreed
from transfers.models import TravelAbroad


@dataclass(frozen=True, kw_only=True)
class Journey:
    """Where a child is taken, with whom, from when to when, whether we agree, and why."""

    where_to: str
    with_whom: str
    leaves_on: datetime.date
    back_on: datetime.date
    agreed: Agreed | str
    because: str


@transaction.atomic
def record_travel(*, plan: Plan, journey: Journey, by: User, now: datetime.datetime) -> TravelAbroad:
    """Record a journey abroad of a child on a plan, agreed or not. The plan, its visits and its dates go on.

    Tells the key worker and whomever the procedures name, at once and urgently where we do not agree. The same journey
    again returns the same row. Raises ValidationError by field for what is missing, days out of order, a journey that
    was over before the plan began; and for a plan that has ended.
    """
    locked = Plan.objects.select_for_update(of=("self",)).select_related("child__person").get(pk=plan.pk)
    if locked.kind != PlanKind.CP or locked.held_elsewhere or locked.ends_on is not None:
        raise ValidationError("Only an open child protection plan of this council has travel recorded here.")
    faults = {
        name: sentence
        for name, text, sentence in (
            ("where_to", journey.where_to, "Say which country, and where there"),
            ("with_whom", journey.with_whom, "Say with whom the child travels"),
            ("because", journey.because, "Say why, and what keeps the child safe there"),
        )
        if not text.strip()
    }
    if journey.agreed not in Agreed.values:
        faults["agreed"] = "Choose whether it is agreed with us"
    if journey.back_on < journey.leaves_on:
        faults["back_on"] = "The last day can’t be before the first"
    elif journey.back_on < locked.starts_on:
        faults["back_on"] = f"The plan began on {words.plain_date(locked.starts_on)}. This was over before"
    if faults:
        raise ValidationError(faults)
    facts = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(journey).items()}
    same = locked.travels.filter(**facts).first()
    if same is not None:
        return same
    travel: TravelAbroad = TravelAbroad.objects.create(plan=locked, recorded_by=by, recorded_at=now, **facts)
    _tell(travel, by=by, now=now)
    reconcile(family_ids=families_of(locked.child, on=civil_day(now)), now=now)
    return travel


@transaction.atomic
def record_return(*, travel: TravelAbroad, on: datetime.date, by: User, now: datetime.datetime) -> TravelAbroad:
    """Record when the child was seen to be back. The first day stands; raises ValidationError for an impossible one."""
    locked = (
        TravelAbroad.objects.select_for_update(no_key=True, of=("self",))
        .select_related("plan__child")
        .get(pk=travel.pk)
    )
    if locked.came_back_on is not None:
        return locked
    if on > civil_day(now):
        raise ValidationError({"on": "This day is in the future"})
    if on < locked.leaves_on:
        raise ValidationError({"on": f"The child left on {words.plain_date(locked.leaves_on)}"})
    locked.came_back_on = on
    locked.save(update_fields=["came_back_on"])
    reconcile(family_ids=families_of(locked.plan.child, on=civil_day(now)), now=now)
    return locked


def _tell(travel: TravelAbroad, *, by: User, now: datetime.datetime) -> None:
    plan, on = travel.plan, civil_day(now)
    carrying = [row.user for row in plan.key_workers.filter(ends_on__isnull=True).select_related("user")]
    days = f"{words.plain_date(travel.leaves_on)} to {words.plain_date(travel.back_on)}"
    agreed = "This is agreed." if travel.agreed == Agreed.YES else "This is not agreed with us."
    family = family_of(plan.child)
    case = f"Case {family.case_number}: a" if family else "A"
    for user in {user.pk: user for user in [*carrying, *_named(plan, on=on)]}.values():
        if user.is_active and user.pk != by.pk and PLAN_RULE.right_of(user, plan) is not None:
            notify(
                user=user,
                key=f"travel-abroad:{travel.pk}",
                text=f"{case} child on a plan is abroad from {days}. {agreed} The plan, its visits and dates go on.",
                url=reverse("plans:plan", args=[plan.pk]),
                urgent=travel.agreed != Agreed.YES,
                now=now,
            )


def _named(plan: Plan, *, on: datetime.date) -> list[User]:
    """Return whom the council's procedures name to be told."""
    said = str(policy_for(plan.authority_id, on=on).value("travel-abroad-told"))
    conference = plan.decision.conference_child.conference if plan.decision else None
    found: list[User] = managers_of(plan, on=on) if "team manager" in said else []
    if said.startswith("chair") or said.endswith("chair"):
        found += chairs_of(conference, on=on) if conference else []
    if said == "coordinator" and conference and conference.coordinator:
        found.append(conference.coordinator)
    if said in ("service manager", "senior manager"):
        held = RoleAssignment.objects.current(on=on).filter(role=Role.SERVICE_MANAGER, authority=plan.authority_id)
        found += [row.user for row in held.select_related("user").order_by("pk")]
    return found
