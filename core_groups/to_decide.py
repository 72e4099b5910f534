"""Who must not meet others of a core group: decided by the chair at a conference, by a manager between them."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.readers import Reader
from core_groups.access import CORE_GROUP_APART_RULE
from core_groups.models import CoreGroup
from core_groups.selectors.apart import to_settle
from deadlines.to_decide import DecisionKind, matters
from families.selectors.names import full_name_in_sql


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
