"""Who may end a plan without a conference, and which agencies have been asked."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from deadlines.policies import policy_for
from families.access import BY_GLASS
from families.enums import LegalStatusKind
from families.models import Agency, AgencyInvolvement, LegalStatus
from families.models.persons import ADULT_FROM, birthday
from plans.access import PLAN_RULE
from plans.enums import PlanKind
from plans.models import AgencyAsked, Plan
from plans.moves import move_of
from plans.selectors.managers import families_now

# The role for which the policy's word stands; where it says that nobody agrees, the team's manager decides.
ROLE_OF = {
    "chair": Role.CHAIR,
    "chair or a named stand-in": Role.CHAIR,
    "chair or their manager": Role.CHAIR,
    "coordinator": Role.COORDINATOR,
    "service manager": Role.SERVICE_MANAGER,
    "senior manager": Role.SERVICE_MANAGER,
}

# In care: accommodated by agreement, or under an order (Children Act 1989, section 22).
LOOKED_AFTER = (
    LegalStatusKind.LOOKED_AFTER,
    LegalStatusKind.ACCOMMODATED,
    LegalStatusKind.INTERIM_CARE_ORDER,
    LegalStatusKind.CARE_ORDER,
)
MAY_END_OUTSIDE = "plan may be ended outside a conference"


@dataclass(frozen=True)
class Asked:
    """An agency that knows the child, with the newest answer; None while it has not been asked."""

    agency: Agency
    newest: AgencyAsked | None


def role_that_ends(plan: Plan, *, on: datetime.date) -> Role:
    """Return the role that the procedures name for ending this council's plans without a conference."""
    return ROLE_OF.get(policy_for(plan.authority_id, on=on).value("ended-outside-agreed-by"), Role.TEAM_MANAGER)


def may_end_plan(user: User, plan: Plan, *, on: datetime.date) -> bool:
    """Return whether the user may open the plan and holds the role that ends it, a team's manager for its cases."""
    return plan.pk in may_end_plans(user, [plan], on=on)


def may_end_plans(user: User, plans: Collection[Plan], *, on: datetime.date) -> set[int]:
    """Return the ids of those of one council's plans that ``may_end_plan`` allows, in a fixed number of queries."""
    if not plans:
        return set()
    one = next(iter(plans))
    role = role_that_ends(one, on=on)
    held = RoleAssignment.objects.current(on=on).filter(user=user, role=role, authority=one.authority_id)
    managed = set(held.values_list("team", flat=True))
    if not managed:
        return set()
    found = list(plans)
    if role == Role.TEAM_MANAGER:
        families = families_now({plan.child.person_id for plan in plans})
        found = [plan for plan in plans if (family := families.get(plan.child.person_id)) and family.team_id in managed]
    rights = PLAN_RULE.visible(Plan.objects.filter(pk__in=[plan.pk for plan in found]), user)
    return {row.pk for row in rights if row.right != BY_GLASS}  # type: ignore[attr-defined]


def ends_outside(plan: Plan) -> bool:
    """Return whether the plan is one that a manager may end without a conference: our own, open, for protection."""
    return plan.kind == PlanKind.CP and not plan.held_elsewhere and plan.is_open


def agencies_to_ask(plan: Plan, *, on: datetime.date) -> list[Asked]:
    """Return the agencies that know the child, and others that were asked, with the newest answer.

    Not the council that takes the child over: its answer is kept with the move. A fixed number of queries.
    """
    newest = {row.agency_id: row for row in plan.agencies_asked.select_related("agency", "recorded_by")}
    known = AgencyInvolvement.objects.current(on=on).filter(child=plan.child_id).values("agency")
    agencies = Agency.objects.filter(pk__in=known) | Agency.objects.filter(pk__in=list(newest))
    move = move_of(plan)
    taking_over = move.agency_id if move else None
    return [
        Asked(agency, newest.get(agency.pk))
        for agency in agencies.order_by("name", "pk")
        if agency.pk != taking_over or agency.pk in newest
    ]


def why_not_looked_after(plan: Plan, *, on: datetime.date) -> str:
    """Return why the plan of a looked-after child does not end without a conference; "" where it may."""
    if policy_for(plan.authority_id, on=on).value("looked-after-child") != MAY_END_OUTSIDE:
        return "By this council’s procedures only a review conference ends the plan of a looked-after child."
    if not LegalStatus.objects.current(on=on).filter(child=plan.child_id, status__in=LOOKED_AFTER).exists():
        return "No legal status is recorded by which the child is looked after."
    return ""


def eighteen_on(plan: Plan) -> datetime.date | None:
    """Return the day on which the plan's child turns 18; None where the date of birth is not known."""
    born = plan.child.person.birth_date
    return birthday(born, ADULT_FROM) if born else None
