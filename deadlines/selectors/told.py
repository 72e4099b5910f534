"""Who was told of a deadline, and when they said that they had seen it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from deadlines.enums import Stage
from deadlines.models import Deadline, DeadlineNotice
from notifications.models import Notice


@dataclass(frozen=True)
class Told:
    """One person told of one stage, and when they said that they had seen it."""

    name: str
    stage: Stage
    at: datetime.datetime
    seen_at: datetime.datetime | None


def told_of(deadlines: Collection[Deadline]) -> dict[int, list[Told]]:
    """By deadline: everybody told of the stages of its present date, first told first."""
    current = {row.pk: row.late_from for row in deadlines}
    notices = [
        notice
        for notice in DeadlineNotice.objects.filter(deadline__in=list(current))
        .select_related("user")
        .order_by("raised_at", "pk")
        if notice.late_from == current[notice.deadline_id]
    ]
    acknowledged = Notice.objects.filter(
        user__in={notice.user_id for notice in notices},
        key__in=[f"deadline:{notice.pk}" for notice in notices],
    )
    seen = dict(acknowledged.values_list("key", "acknowledged_at"))
    found: dict[int, list[Told]] = defaultdict(list)
    for notice in notices:
        found[notice.deadline_id].append(
            Told(
                name=notice.user.name,
                stage=Stage(notice.stage),
                at=notice.raised_at,
                seen_at=seen.get(f"deadline:{notice.pk}"),
            )
        )
    return found
