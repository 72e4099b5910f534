"""A child is not safe tonight: key worker, social worker and managers are told at once and nobody else; rounds wait."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.services.guards import text_of
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember, MeetingStop
from core_groups.selectors.leading import knows_of_stops
from core_groups.selectors.recording import day_of, plans_on
from core_groups.selectors.rounds import rounds_of
from core_groups.services.rounds import end_complete_rounds
from deadlines.working_days.arithmetic import civil_day
from families.models import Allocation, Child
from meetings.enums import StopGround
from meetings.services.safety import what_is_done
from notifications.services.outbox import notify
from plans.models import KeyWorker
from plans.selectors.managers import managers_of


@transaction.atomic
def raise_meeting_stop(
    *,
    meeting: CoreGroupMeeting,
    child: Child,
    ground: StopGround,
    now: datetime.datetime,
    by: User | None = None,
    guest_session_id: int | None = None,
    said_by: CoreGroupMember | None = None,
    said: str = "",
) -> MeetingStop:
    """Record that a child is not safe tonight, at a meeting or in what was written for one.

    In order: locks the group and returns an open stop with the same words; writes the stop, after which no scores are
    shown; tells key workers, the social worker and managers, by notice, with references only. Nobody else's page
    changes. Raises ValidationError on ``said`` if it is empty, or for a meeting that was cancelled.
    """
    row = _lock(meeting)
    words = text_of("said", said, "Write what was said: why is the child not safe tonight?")
    standing = MeetingStop.objects.filter(
        meeting=row, child=child, ground=ground, said_by=said_by, settled_at__isnull=True
    ).first()
    if standing is not None and standing.said == words:
        return standing
    stop = MeetingStop.objects.create(
        meeting=row,
        child=child,
        sitting_id=rounds_of(row).sat_in(said_by.pk) if said_by else None,
        ground=ground,
        said_by=said_by,
        said=words,
        raised_by=by,
        guest_session_id=guest_session_id,
        raised_at=now,
    )
    _tell(stop, now=now)
    return stop


def _lock(meeting: CoreGroupMeeting) -> CoreGroupMeeting:
    group = CoreGroup.objects.select_for_update(no_key=True, of=("self",)).select_related("authority", "family")
    locked = group.get(pk=meeting.core_group_id)
    row = CoreGroupMeeting.objects.get(pk=meeting.pk)
    row.core_group = locked
    if row.state == MeetingState.CANCELLED:
        raise ValidationError(f"This meeting was cancelled: {row.change_reason}")
    return row


def _locked_stop(stop: MeetingStop, by: User) -> tuple[CoreGroupMeeting, MeetingStop]:
    meeting = _lock(stop.meeting)
    if not knows_of_stops(by, meeting.core_group):
        raise ValidationError("Only the key worker, the social worker and the managers act on this.")
    return meeting, MeetingStop.objects.select_for_update().get(pk=stop.pk)


@transaction.atomic
def call_meeting_break(*, stop: MeetingStop, by: User, now: datetime.datetime) -> MeetingStop:
    """Record that the meeting takes a break; no page says why. Idempotent. Raises ValidationError for anyone else."""
    _, locked = _locked_stop(stop, by)
    if locked.break_at is None and locked.settled_at is None:
        locked.break_at = now
        locked.save(update_fields=["break_at"])
    return locked


@transaction.atomic
def settle_meeting_stop(
    *, stop: MeetingStop, action: str, action_by: str, action_when: str, by: User, now: datetime.datetime
) -> MeetingStop:
    """Record what is done now, by whom and when, so that the rounds that waited can end. Idempotent.

    Raises ValidationError on each field that is empty, or for anyone who is not told.
    """
    meeting, locked = _locked_stop(stop, by)
    if locked.settled_at is not None:
        return locked
    for name, text in what_is_done(action, action_by, action_when).items():
        setattr(locked, name, text)
    locked.settled_by, locked.settled_at = by, now
    locked.save()
    end_complete_rounds(meeting, now=now)
    return locked


def _tell(stop: MeetingStop, *, now: datetime.datetime) -> None:
    """Tell whoever carries the plan or holds the case, and the managers. It names no one."""
    group, today = stop.meeting.core_group, civil_day(now)
    carrying = KeyWorker.objects.filter(plan__core_groups=group, ends_on__isnull=True).select_related("user")
    held = Allocation.objects.current(on=today).filter(family=group.family_id).select_related("user")
    people = {row.user_id: row.user for row in (*carrying, *held) if row.user.is_active}
    for plan in plans_on(group, day_of(stop.meeting)).filter(child=stop.child_id):
        people |= {user.pk: user for user in managers_of(plan, on=today)}
    for user in people.values():
        if user.pk != stop.raised_by_id:
            notify(
                user=user,
                key=f"core-group-stop:{stop.pk}",
                text=f"Case {group.family.case_number}: in the core group a child may not be safe tonight. Read it "
                "where no one else can see.",
                url=reverse("core_groups:safety", args=[group.pk, stop.meeting_id]),
                urgent=True,
                now=now,
            )
