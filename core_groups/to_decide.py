"""What waits in core groups: how those take part who must not meet others, and meetings that no plan is left for."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.readers import Reader
from core_groups.access import CORE_GROUP_APART_RULE, CORE_GROUP_PLAN_RULE
from core_groups.models import CoreGroup
from core_groups.selectors.apart import to_settle
from core_groups.selectors.core_groups import meetings_to_cancel
from deadlines.facts import Noon
from deadlines.to_decide import DecisionKind, matters
from families.selectors.names import full_name_in_sql
from plans.models import Plan


def _apart(reader: Reader) -> QuerySet[Any, Any]:
    groups = CORE_GROUP_APART_RULE.visible(CoreGroup.objects.all(), reader)
    undecided = Q(decided_at__isnull=True) | Q(decided_at__lt=F("ground_at"))
    rows = to_settle(today=reader.today).filter(undecided, core_group__in=groups.values("pk"))
    return matters(
        rows,
        since="ground_at",
        args=["core_group_id", "pk"],
        family="core_group__family_id",
        about=full_name_in_sql("person"),
    )


APART = DecisionKind(
    "apart",
    "Decide how someone who must not meet others takes part in the core group",
    "core_groups:decide-apart",
    _apart,
    order=30,
)


def _to_cancel(reader: Reader) -> QuerySet[Any, Any]:
    groups = CORE_GROUP_PLAN_RULE.visible(CoreGroup.objects.all(), reader)
    last = Plan.objects.filter(core_groups=OuterRef("core_group")).order_by("-ends_on", "-pk")
    return matters(
        meetings_to_cancel().filter(core_group__in=groups.values("pk")),
        since=Noon(Subquery(last.values("ends_on")[:1])),
        args=["core_group_id", "pk"],
        family="core_group__family_id",
    )


TO_CANCEL = DecisionKind(
    "core-group-to-cancel",
    "Cancel a core group meeting that no plan is left for",
    "core_groups:cancel-meeting",
    _to_cancel,
    order=25,
)
