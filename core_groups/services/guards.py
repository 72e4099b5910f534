"""Checks that recording a meeting makes first."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from accounts.models import User
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember, SeparateSitting
from core_groups.selectors.recording import day_of, members_on, plans_on
from families.models import Child

NOT_RECORDED_YET = "Record first when the meeting was held and who was there."
NOT_IN_IT = "This person was not in the core group for this child on that day."


def lock_held(meeting: CoreGroupMeeting) -> CoreGroupMeeting:
    """Return the meeting with its group, which is locked. Raises ValidationError unless it was held."""
    group = CoreGroup.objects.select_for_update(no_key=True, of=("self",)).select_related("authority", "family")
    locked = group.get(pk=meeting.core_group_id)
    row = CoreGroupMeeting.objects.get(pk=meeting.pk)
    row.core_group = locked
    refuse_unless_held(row)
    return row


def refuse_unless_held(meeting: CoreGroupMeeting) -> None:
    """Raise ValidationError for a meeting that was cancelled, or has not been recorded as held."""
    if meeting.state == MeetingState.CANCELLED:
        raise ValidationError(f"This meeting was cancelled: {meeting.change_reason}")
    if meeting.state != MeetingState.HELD:
        raise ValidationError(NOT_RECORDED_YET)


def children_on(meeting: CoreGroupMeeting) -> dict[int, Child]:
    """Return, by id, the children whose plans were in force on the day of the meeting."""
    return {plan.child_id: plan.child for plan in plans_on(meeting.core_group, day_of(meeting))}


def refuse_strangers(meeting: CoreGroupMeeting, member: CoreGroupMember, child: Child) -> None:
    """Raise ValidationError where the child's plan was not in force then, or the member not in it for the child."""
    day = day_of(meeting)
    plan = next((plan for plan in plans_on(meeting.core_group, day) if plan.child_id == child.pk), None)
    if plan is None:
        raise ValidationError("This child’s plan was not in force on the day of the meeting.")
    row = next((row for row in members_on(meeting.core_group, day) if row.pk == member.pk), None)
    if row is None or (row.plans.all() and plan not in row.plans.all()):
        raise ValidationError(NOT_IN_IT)


def sitting_of(meeting: CoreGroupMeeting, member: CoreGroupMember | None) -> SeparateSitting | None:
    """Return the sitting of their own that a member had at this meeting."""
    if member is None:
        return None
    return meeting.separate_sittings.filter(person=member.person_id, held_at__isnull=False).first()


def entered(by: User | None, guest_session_id: int | None) -> dict[str, object]:
    """Return the columns that say who entered a row: a member of staff, or a guest during a stay."""
    if (by is None) == (guest_session_id is None):
        raise ValueError("exactly one of them enters it")
    return {"recorded_by": by, "guest_session_id": guest_session_id}
