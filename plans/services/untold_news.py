"""What is new in a plan, and was not told before the plan ended, need not be told any more."""

from __future__ import annotations

import datetime

from conferences.enums import Occasion
from conferences.models import ToTell
from plans.models import Plan

ENDED_SINCE = "The plan has ended since."
NEWS = (Occasion.PLAN_VERSION, Occasion.KEY_WORKER)


def leave_news_untold(plan: Plan, *, now: datetime.datetime) -> None:
    """End what people still had to be told of a plan's versions and key worker, because the plan has ended."""
    rows = ToTell.objects.filter(plan_id=plan.pk, occasion__in=NEWS, told_at__isnull=True, ended_at__isnull=True)
    rows.update(ended_at=now, ended_because=ENDED_SINCE)


def tell_news_again(plan: Plan) -> None:
    """Let it be told after all, because the plan goes on as if it had never ended."""
    rows = ToTell.objects.filter(plan_id=plan.pk, occasion__in=NEWS, told_at__isnull=True, ended_because=ENDED_SINCE)
    rows.update(ended_at=None, ended_because="")
