"""Core groups' events for a family's timeline."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from core_groups.access import CORE_GROUP_RULE
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from deadlines.timeline import CaseEvent
from families.models import Family


def core_group_events(user: User, family: Family) -> Iterator[CaseEvent]:
    """Yield the held and planned meetings of the family's core groups that the user may open."""
    groups = CORE_GROUP_RULE.visible(CoreGroup.objects.filter(family=family), user)
    conferences = dict(groups.values_list("pk", "conference_id"))
    meetings = CoreGroupMeeting.objects.filter(core_group__in=list(conferences)).exclude(state=MeetingState.CANCELLED)
    for meeting in meetings.order_by("planned_at", "pk"):
        held = meeting.state == MeetingState.HELD and meeting.held_at
        yield CaseEvent(
            meeting.held_at if held and meeting.held_at else meeting.planned_at,
            f"Core group {meeting.number} {'held' if held else 'planned'}",
            reverse("core_groups:of-conference", args=[conferences[meeting.core_group_id]]),
            is_meeting=True,
        )
