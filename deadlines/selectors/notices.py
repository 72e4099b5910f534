"""Who was told of a deadline, and when they acknowledged it."""

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
    """One person told of one stage, and when they acknowledged it."""

    name: str
    stage: Stage
    at: datetime.datetime
    seen_at: datetime.datetime | None


@dataclass(frozen=True)
class ToldStage:
    """One stage: when it begins, and who has been told of it."""

    stage: Stage
    begins_at: datetime.datetime
    told: list[Told]

    @property
    def label(self) -> str:
        return self.stage.label


def told_of(deadlines: Collection[Deadline]) -> dict[int, list[Told]]:
    """Return, by deadline, everyone told of the stages of its current date, earliest first.

    Notices from before the deadline moved to another day are left out.
    """
    current = {row.pk: row.late_from for row in deadlines}
    notices = [
        notice
        for notice in DeadlineNotice.objects.filter(deadline__in=list(current))
        .select_related("user")
        .order_by("raised_at", "pk")
        if notice.late_from == current[notice.deadline_id]
    ]
    acknowledged = Notice.objects.filter(
        user__in={notice.user_id for notice in notices}, key__in=[f"deadline:{notice.pk}" for notice in notices]
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


def told_about(deadline: Deadline) -> list[ToldStage]:
    """Return every stage of the deadline as counted now, in order, each with those told of it."""
    begins = {
        Stage.DUE_SOON: deadline.warn_at,
        Stage.DUE: deadline.due_from,
        Stage.LATE: deadline.late_from,
        Stage.TO_MANAGER: deadline.manager_from,
        Stage.TO_SERVICE_MANAGER: deadline.service_manager_from,
    }
    told = told_of([deadline])[deadline.pk]
    return [ToldStage(stage, moment, [row for row in told if row.stage == stage]) for stage, moment in begins.items()]
