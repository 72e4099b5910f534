"""At which core group meetings plans were changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core_groups.enums import MeetingState
from core_groups.models import ChangeAtMeeting, CoreGroupMeeting
from govuk.words import plain_date
from plans.models import Plan


def _in_words(meeting: CoreGroupMeeting) -> str:
    return f"Core group {meeting.number}, {plain_date(meeting.held_at or meeting.planned_at)}"


def meetings_about(plans: Sequence[Plan]) -> list[tuple[int, str]]:
    """Return the meetings held of the core groups of these plans, newest first; registered with ``plans.occasions``."""
    rows = CoreGroupMeeting.objects.filter(core_group__plans__in=[plan.pk for plan in plans], state=MeetingState.HELD)
    return [(row.pk, _in_words(row)) for row in rows.order_by("-held_at", "-pk").distinct()]


def meetings_of_versions(versions: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return at which meeting each of these versions of plans was made; registered with ``plans.occasions``."""
    rows = ChangeAtMeeting.objects.filter(plan_version__in=versions).select_related("meeting")
    return {row.plan_version_id: (row.meeting_id, _in_words(row.meeting)) for row in rows}
