"""Which managers answer for a child's plan."""

from __future__ import annotations

import datetime

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from families.models import Child, Family
from families.services import named_managers
from plans.access import PLAN_RULE
from plans.models import Plan


def managers_of(plan: Plan, *, on: datetime.date) -> list[User]:
    """Return the active managers of the child's team who may open the plan; if none, others who manage the case.

    Managers named for a restricted case replace its team's, and service managers step in where no one else is left.
    """
    family = family_of(plan.child)
    current = RoleAssignment.objects.current(on=on).filter(user__is_active=True).select_related("user")
    team = current.filter(role=Role.TEAM_MANAGER, team=family.team_id) if family else current.none()
    found = _who_open(plan, [row.user for row in team.order_by("pk")])
    if not found and family is not None and family.restricted:
        found = _who_open(plan, named_managers(family, on=on))
    service = current.filter(role=Role.SERVICE_MANAGER, authority=plan.authority_id).order_by("pk")
    return found or _who_open(plan, [row.user for row in service])


def family_of(child: Child) -> Family | None:
    """Return the family to which the child belongs now, else the last one."""
    families = Family.objects.filter(members__person=child.person_id)
    now = Family.objects.filter(members__person=child.person_id, members__ends_on__isnull=True)
    return now.order_by("pk").first() or families.order_by("-members__ends_on", "pk").first()


def _who_open(plan: Plan, users: list[User]) -> list[User]:
    once = {user.pk: user for user in users}.values()
    return [user for user in once if PLAN_RULE.right_of(user, plan) is not None]
