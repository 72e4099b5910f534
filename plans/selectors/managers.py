"""Which managers answer for a child's plan."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import F

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from families.models import Child, Family, FamilyMember
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
    return families_now([child.person_id]).get(child.person_id)


def families_now(person_ids: Collection[int]) -> dict[int, Family]:
    """Return, by person id, the family to which each belongs now, else the last one. One query."""
    rows = FamilyMember.objects.filter(person__in=person_ids).select_related("family")
    # The last of a person's rows counts: one that goes on, and of several the family that was recorded first.
    return {row.person_id: row.family for row in rows.order_by(F("ends_on").asc(nulls_last=True), "-family", "-pk")}


def _who_open(plan: Plan, users: list[User]) -> list[User]:
    once = {user.pk: user for user in users}.values()
    return [user for user in once if PLAN_RULE.right_of(user, plan) is not None]
