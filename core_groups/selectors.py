"""Reading core groups."""

from __future__ import annotations

import datetime

from django.db.models import Prefetch, QuerySet

from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from plans.models import Plan


def members_of(group: CoreGroup, *, on: datetime.date) -> QuerySet[CoreGroupMember]:
    """Who belongs to the group on the civil day ``on``, with person, post and agency."""
    return (  # type: ignore[no-any-return]
        CoreGroupMember.objects.current(on=on)
        .filter(core_group=group)
        .select_related("person", "post__agency")
        .order_by("pk")
    )


def group_page(group: CoreGroup) -> CoreGroup:
    """``group`` with plans and meetings, in a fixed number of queries."""
    return (
        CoreGroup.objects.select_related("family", "conference")
        .prefetch_related(
            Prefetch("plans", Plan.objects.select_related("child__person").order_by("pk")),
            Prefetch(
                "meetings", CoreGroupMeeting.objects.prefetch_related("present__person").order_by("number")
            ),
        )
        .get(pk=group.pk)
    )


def planned_meeting(group: CoreGroup) -> CoreGroupMeeting | None:
    """The next meeting that has a time and has not been held."""
    return group.meetings.filter(state=MeetingState.PLANNED).order_by("number").first()
