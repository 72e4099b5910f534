"""Who may open which plan: whoever may open the child's family, and the key worker who carries it."""

from __future__ import annotations

from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import Rule, open_row
from accounts.enums import Role
from accounts.models import User
from families.access import FAMILY_CHANGE_RULE, visible_families
from families.models import Family, FamilyMember
from plans.models import KeyWorker, Plan

To = Literal["read", "carry"]


def _children_of(families: QuerySet[Family]) -> Exists:
    members = FamilyMember.objects.current(on=timezone.localdate()).filter(
        person__child=OuterRef("child"), family__in=families.values("pk")
    )
    return Exists(members)


def _key_worker(user: User) -> Q | None:
    authorities = user.authority_ids(Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
    if not authorities:
        return None
    carried = KeyWorker.objects.filter(user=user, ends_on__isnull=True)
    return Q(authority__in=authorities, pk__in=carried.values("plan"))


def _of_visible_family(user: User) -> Q:
    return Q(_children_of(visible_families(user)))


def _of_changeable_family(user: User) -> Q | None:
    if not user.holds(Role.SOCIAL_WORKER, Role.TEAM_MANAGER):
        return None
    return Q(_children_of(FAMILY_CHANGE_RULE.visible(Family.objects.all(), user)))


def _sealed_child(user: User) -> Q:
    return Q(child__person__sealed_at__isnull=False) | Q(child__person__user=user)


PLAN_RULE = Rule(
    rights=(("key worker", _key_worker), ("family of the child", _of_visible_family)), never=_sealed_child
)
PLAN_CARRY_RULE = Rule(
    rights=(("key worker", _key_worker), ("team of the family", _of_changeable_family)), never=_sealed_child
)


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
