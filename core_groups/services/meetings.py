"""Meetings of core groups: planned at the end of a conference or of a meeting, and recorded once held."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from conferences.models import Conference
from core_groups.enums import LedBy, MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.core_groups import groups_after, members_of, next_number
from core_groups.services.attendance import WhoCame, already_recorded, check_who_came, says_the_same, write_who_came
from core_groups.services.held import Led
from core_groups.services.invitations import send_changes
from core_groups.services.planning import GIVES_AWAY, conferences_about, gives_away
from deadlines.services import reconcile
from meetings.selectors.next_dates import STRAIGHT_AFTER, is_straight_after_conference

HELD_ALL_THE_SAME = "If it was held all the same, save again."


def plan_first_meeting(conference: Conference, now: datetime.datetime) -> None:
    """Plan the core group's next meeting at the agreed time, when a conference about its children closes. Idempotent.

    After the conference that formed the group it is the first, after a review the one that follows.
    """
    if conference.first_core_group_at is None:
        return
    for group in groups_after(conference):
        planned = group.meetings.filter(planned_at=conference.first_core_group_at)
        if planned.exclude(state=MeetingState.CANCELLED).exists():
            continue
        # Only one meeting is planned ahead: the time agreed at a review replaces the one from before it.
        ahead = group.meetings.filter(state=MeetingState.PLANNED, planned_at__gte=conference.ended_at or now)
        meeting = ahead.order_by("number").first() or CoreGroupMeeting(core_group=group, number=next_number(group))
        meeting.planned_at, meeting.place = conference.first_core_group_at, conference.first_core_group_place
        meeting.save()
        send_changes(meeting, now=now)


@transaction.atomic
def record_meeting(
    *,
    core_group: CoreGroup,
    meeting: CoreGroupMeeting | None,
    held_at: datetime.datetime,
    present: Sequence[CoreGroupMember],
    next_at: datetime.datetime | None,
    next_place: str,
    by: User,
    now: datetime.datetime,
    note: str = "",
    apologies: Sequence[CoreGroupMember] = (),
    apart: Mapping[int, datetime.datetime] | None = None,
    with_them: Mapping[int, Sequence[CoreGroupMember]] | None = None,
    led_by: LedBy | str = LedBy.KEY_WORKER,
    stood_in: User | CoreGroupMember | None = None,
    of_plans: Mapping[int, Led] | None = None,
) -> CoreGroupMeeting:
    """Record that the core group met, and plan the next meeting where its time is known.

    ``meeting`` is the planned one, None for an unplanned one. It counts as held, and meets a deadline, for
    each child with that child's key worker or a stand-in (``led_by`` and ``stood_in``, or ``of_plans`` by plan) and as
    many others of that child's members as the procedures name (``core-group-others-needed``).
    ``apart`` says, by person id, when those who must not meet the others had their own sitting or call of it, and
    ``with_them`` which workers were there: all of it is one meeting. Recording the same meeting twice returns the
    first. Raises ValidationError when the group has ended, the meeting was cancelled, someone else has recorded it
    differently, the time is in the future or before the group was formed, no one attended, someone named was not a
    member then, it is not said who stood in, or people who must not meet are named as present together.
    """
    group = CoreGroup.objects.select_for_update(of=("self",)).select_related("authority").get(pk=core_group.pk)
    if group.ended_on is not None:
        raise ValidationError("This core group has ended.")
    who = WhoCame(held_at, led_by, present, apologies, apart or {}, with_them or {}, stood_in, of_plans)
    row = group.meetings.get(pk=meeting.pk) if meeting is not None else None
    if row is not None and row.state == MeetingState.CANCELLED:
        raise ValidationError(f"This meeting was cancelled: {row.change_reason} {HELD_ALL_THE_SAME}")
    # Whoever records an unplanned meeting may have had the page open while someone recorded this one.
    same = row if row is not None and row.state == MeetingState.HELD else None
    same = same or group.meetings.filter(state=MeetingState.HELD, held_at=held_at).first()
    if same is not None:
        if says_the_same(same, who):
            return same
        raise ValidationError(already_recorded(same))
    check_who_came(group, who, now=now)
    today = timezone.localdate(now)
    if next_at is not None and next_at <= held_at:
        raise ValidationError({"next_at": "The next meeting comes after this one. Check both times."})
    if next_at is not None and is_straight_after_conference(
        next_at, conferences_about(group), authority_id=group.authority_id
    ):
        raise ValidationError({"next_at": STRAIGHT_AFTER})
    if next_at is not None and gives_away(group, list(members_of(group, on=today)), next_place, on=today):
        raise ValidationError({"next_place": GIVES_AWAY})
    if row is None:
        row = CoreGroupMeeting(core_group=group, number=next_number(group), planned_at=held_at)
    row.state, row.note, row.recorded_by = MeetingState.HELD, note, by
    write_who_came(row, who, by=by, now=now)
    if next_at is not None:
        CoreGroupMeeting.objects.create(
            core_group=group, number=next_number(group), planned_at=next_at, place=next_place
        )
    reconcile(family_ids=[group.family_id], now=now)
    return row
