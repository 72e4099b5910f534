"""Keeps at which core group meetings plans were changed."""

from __future__ import annotations

from core_groups.models import ChangeAtMeeting
from plans.models import PlanVersion


def keep_meeting(version: PlanVersion, meeting_id: int) -> None:
    """Record at which meeting a version was made, in its own transaction; registered with ``plans.occasions``."""
    ChangeAtMeeting.objects.get_or_create(plan_version=version, defaults={"meeting_id": meeting_id})
