"""Whose records the rows of core groups are."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.case_data import holds
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember


def _of_plans(path: str = "") -> Any:
    """Groups that carry a plan of one of the children."""

    def condition(children: Any) -> Q:
        links = CoreGroup.plans.through.objects.order_by()
        return Q(**{f"{path}pk__in": links.filter(plan__child__in=children).values("coregroup")})

    return condition


holds(CoreGroup, "Core groups", conference="conference", about=_of_plans())
holds(
    CoreGroupMember,
    "Members of core groups",
    conference="core_group__conference",
    about=_of_plans("core_group__"),
    names=("person",),
)
holds(
    CoreGroupMeeting,
    "Meetings of core groups",
    conference="core_group__conference",
    about=_of_plans("core_group__"),
)
