"""What a professional in a core group reads of a plan's newest changes, and until when they write into it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from core_groups.enums import MeetingState
from core_groups.meeting_panels import minutes_released
from core_groups.models import CoreGroupMeeting
from plans.models import Plan, PlanAction, PlanVersion
from plans.selectors.document import with_words
from plans.selectors.own_copies import entries_for
from plans.selectors.versions import Change, compare


@dataclass(frozen=True)
class NewestChange:
    """A plan's newest version, and what a reader may know of what it changed."""

    version: PlanVersion
    changes: Sequence[Change]


def newest_change(plan: Plan, persons: set[int], heard: Q, *, on: datetime.date) -> NewestChange | None:
    """Return what changed last, or None where the plan stands as it began.

    ``heard`` matches the actions that need not be kept from these persons.
    """
    newest = plan.versions.order_by("-number").first()
    if newest is None or newest.number == 1:
        return None

    def readable(rows: QuerySet[Any]) -> Iterable[Any]:
        if rows.model is PlanAction:
            return with_words(rows.filter(heard), actions=True)
        return entries_for([plan], persons, on=on, among=rows)

    return NewestChange(newest, compare(plan, newest.number - 1, newest.number, readable))


RELEASED = "The minutes of this meeting have been released"
MET_AGAIN = "The core group has met again"


def why_no_more_written(meeting: CoreGroupMeeting) -> str:
    """Return why a member may write no more of what a meeting agreed into a plan; "" while they may."""
    if any(asks(meeting.pk) for asks in minutes_released):
        return RELEASED
    later = CoreGroupMeeting.objects.filter(
        core_group=meeting.core_group_id, state=MeetingState.HELD, held_at__gt=meeting.held_at
    )
    return MET_AGAIN if later.exists() else ""
