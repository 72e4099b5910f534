"""Takes back notices about what is no longer asked of anyone, where a reminder would hurt."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from deadlines.models import Deadline, DeadlineNotice
from notifications.models import Notice


def take_back_notices(*, child_ids: Collection[int], now: datetime.datetime) -> int:
    """Mark as seen every notice about these children's deadlines that have stopped; return how many.

    The record of who was told of what stays.
    """
    stopped = Deadline.objects.filter(child_id__in=list(child_ids)).exclude(not_needed="")
    told = DeadlineNotice.objects.filter(deadline__in=stopped.values("pk")).values_list("pk", flat=True)
    keys = [f"deadline:{pk}" for pk in told]
    return Notice.objects.filter(key__in=keys, acknowledged_at__isnull=True).update(acknowledged_at=now)
