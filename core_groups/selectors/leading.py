"""Who leads a core group, as the chair does a conference: its key workers and managers, and who records a meeting."""

from __future__ import annotations

from accounts.models import User
from core_groups.access import CORE_GROUP_SAFETY_RULE
from core_groups.models import CoreGroup, CoreGroupMeeting
from families.access import FAMILY_MANAGE_RULE
from families.models import Family
from plans.models import KeyWorker


def carries_or_manages(user: User, group: CoreGroup) -> bool:
    """Return whether the user is the key worker of one of the group's plans, or manages the family."""
    carries = KeyWorker.objects.filter(plan__core_groups=group, ends_on__isnull=True, user=user)
    family = Family.objects.get(pk=group.family_id)
    return carries.exists() or FAMILY_MANAGE_RULE.right_of(user, family) is not None


def leads(user: User, meeting: CoreGroupMeeting) -> bool:
    """Return whether the user decides at a meeting what the chair decides at a conference."""
    return meeting.recorded_by_id == user.pk or carries_or_manages(user, meeting.core_group)


def knows_of_stops(user: User, group: CoreGroup) -> bool:
    """Return whether a user is told that a child is not safe tonight."""
    return CORE_GROUP_SAFETY_RULE.right_of(user, group) is not None
