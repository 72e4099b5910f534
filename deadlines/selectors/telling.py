"""Who was told of a deadline, and who acknowledged it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from deadlines.enums import Stage
from deadlines.models import Deadline, DeadlineNotice
from notifications.models import Notice


@dataclass(frozen=True)
class Told:
    """One person told of one stage, and when they acknowledged it."""

    name: str
    at: datetime.datetime
    acknowledged_at: datetime.datetime | None


@dataclass(frozen=True)
class ToldStage:
    """One stage: when it begins, and who has been told of it."""

    stage: Stage
    begins_at: datetime.datetime
    told: list[Told] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.stage.label


def told_about(deadline: Deadline) -> list[ToldStage]:
    """Every stage of the deadline as it is counted now, in order, each with those who were told of it.

    What people were told before the deadline moved to another day is left out.
    """
    begins = {
        Stage.DUE_SOON: deadline.warn_at,
        Stage.DUE: deadline.due_from,
        Stage.LATE: deadline.late_from,
        Stage.TO_MANAGER: deadline.manager_from,
        Stage.TO_SERVICE_MANAGER: deadline.service_manager_from,
    }
    stages = {stage: ToldStage(stage=stage, begins_at=moment) for stage, moment in begins.items()}
    notices = list(
        DeadlineNotice.objects.filter(deadline=deadline, late_from=deadline.late_from)
        .select_related("user")
        .order_by("raised_at", "pk")
    )
    keys = {f"deadline:{notice.pk}": notice.user_id for notice in notices}
    acknowledged = dict(
        Notice.objects.filter(user_id__in=set(keys.values()), key__in=keys).values_list(
            "key", "acknowledged_at"
        )
    )
    for notice in notices:
        stages[Stage(notice.stage)].told.append(
            Told(
                name=notice.user.name,
                at=notice.raised_at,
                acknowledged_at=acknowledged.get(f"deadline:{notice.pk}"),
            )
        )
    return list(stages.values())
