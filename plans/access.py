"""Who may open which plan: whoever may open the child's family, and the key worker who carries it."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import Rule, open_row
from accounts.enums import TEAM_ROLES, Role
from accounts.models import RoleAssignment, User
from families.access import (
    BY_GLASS,
    FAMILY_CHANGE_RULE,
    barred_ids,
    glass_families,
    own_ids,
    visible_families,
)
from families.models import Family, FamilyMember
from plans.models import KeyWorker, Plan

To = Literal["read", "carry"]


def _children_of(families: QuerySet[Any, Any] | list[int]) -> Q:
    """Plans of children who belong today to families, given by their ids: asked as one set, not plan by plan."""
    members = FamilyMember.objects.current(on=timezone.localdate()).filter(family__in=families)
    return Q(child__person__in=members.order_by().values("person"))


def _key_worker(user: User) -> Q | None:
    authorities = user.authority_ids(Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
    if not authorities:
        return None
    carried = KeyWorker.objects.filter(user=user, ends_on__isnull=True)
    return Q(authority__in=authorities, pk__in=carried.values("plan"))


def _by_glass(user: User) -> Q | None:
    families = glass_families(user)
    return None if families is None else _children_of(families)


def families_carried(user: User) -> Q | None:
    """Families of children whose open plan the user is key worker of; registered with ``families.access``."""
    condition = _key_worker(user)
    if condition is None:
        return None
    plans = Plan.objects.filter(condition, ends_on__isnull=True)
    members = FamilyMember.objects.current(on=timezone.localdate())
    return Q(
        pk__in=members.filter(person__child__in=plans.values("child")).values("family"),
        authority__in=user.authority_ids(*TEAM_ROLES),
    )


def know_restricted(on: datetime.date) -> QuerySet[Any, Any]:
    """Key workers of children in restricted cases; registered with ``families.access``."""
    roles = RoleAssignment.objects.current(on=on).filter(role__in=TEAM_ROLES)
    members = FamilyMember.objects.current(on=on).filter(
        family__restricted=True,
        person__child__plans__ends_on__isnull=True,
        person__child__plans__key_workers__ends_on__isnull=True,
        person__child__plans__key_workers__user__roles__in=roles,
        person__child__plans__key_workers__user__roles__authority=F("family__authority"),
    )
    pairs: QuerySet[Any, Any] = members.order_by().values_list(
        "family_id", "person__child__plans__key_workers__user_id"
    )
    return pairs


def _of_visible_family(user: User) -> Q:
    return _children_of(visible_families(user).values("pk"))


def _of_changeable_family(user: User) -> Q | None:
    if not user.holds(Role.SOCIAL_WORKER, Role.TEAM_MANAGER):
        return None
    return _children_of(FAMILY_CHANGE_RULE.visible(Family.objects.all(), user).values("pk"))


def _never(user: User) -> Q | None:
    """Nobody opens the plan of a sealed child, of their own people, or of a child in a family they may not open."""
    return (
        Q(child__person__sealed_at__isnull=False)
        | Q(child__person__in=own_ids(user))
        | _children_of(barred_ids(user))
    )


PLAN_RULE = Rule(
    rights=(
        (BY_GLASS, _by_glass),
        ("key worker", _key_worker),
        ("family of the child", _of_visible_family),
    ),
    never=_never,
)
PLAN_CARRY_RULE = Rule(
    rights=(("key worker", _key_worker), ("team of the family", _of_changeable_family)), never=_never
)


def is_barred_from(user: User, plan: Plan) -> bool:
    """Whether nothing could open the plan to the user: it is of their own people, or a conflict stands."""
    return Plan.objects.filter(_never(user), pk=plan.pk).exists()


def visible_plans(user: User) -> QuerySet[Plan]:
    """Plans the user may see, each with ``right``, the reason why."""
    return PLAN_RULE.visible(Plan.objects.all(), user)


def access_plan(request: HttpRequest, pk: int, *, to: To = "read") -> Plan:
    """The plan, if the signed-in user may read it, or ``carry`` it: record visits and progress.

    Carrying is for the key worker and for social workers and managers who may change the family.
    Raises SignInRequired or Http404, and logs the read.
    """
    return open_row(
        request,
        Plan.objects.select_related("authority", "child__person", "child__pregnancy"),
        PLAN_CARRY_RULE if to == "carry" else PLAN_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda plan: FamilyMember.objects.filter(person=plan.child.person_id).values_list(
            "family_id", flat=True
        ),
        persons=lambda plan: [plan.child.person_id],
        pk=pk,
    )
