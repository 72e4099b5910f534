"""Meetings of core groups: planned at the end of a conference or of a meeting, and recorded once held."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.models import Conference
from core_groups.constraint_errors import MUST_NOT_MEET
from core_groups.enums import APART, LedBy, MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember, SeparateSitting
from core_groups.selectors.apart import must_not_meet, standings
from core_groups.selectors.core_groups import groups_after, members_of, next_number
from core_groups.services.invitations import send_changes
from core_groups.services.planning import GIVES_AWAY, gives_away
from deadlines.policies import policy_for
from deadlines.services import reconcile
from families.models import Person
from plans.models import KeyWorker


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
    note: str,
    next_at: datetime.datetime | None,
    next_place: str,
    by: User,
    now: datetime.datetime,
    apart: Mapping[int, datetime.datetime] | None = None,
    led_by: LedBy | str = LedBy.KEY_WORKER,
) -> CoreGroupMeeting:
    """Record that the core group met, and plan the next meeting where its time is known.

    ``meeting`` is the planned one, None for an unplanned one. It counts as held, and meets a deadline, with the key
    worker or a stand-in (``led_by``) and as many others as the procedures name (``core-group-others-needed``).
    ``apart`` says, by person id, when those who must not meet the others had their own sitting or call of it: all
    of it is one meeting. Recording the same meeting twice returns the first. Raises ValidationError when the group
    has ended, the time is in the future or before the group was formed, no one attended, or people who must not
    meet are named as present together.
    """
    group = CoreGroup.objects.select_for_update(of=("self",)).select_related("authority").get(pk=core_group.pk)
    if group.ended_on is not None:
        raise ValidationError("This core group has ended.")
    if held_at > now:
        raise ValidationError({"held_on": "This time is in the future. Record the meeting once it has been held."})
    if timezone.localdate(held_at) < group.formed_on:
        raise ValidationError({"held_on": "The core group had not been formed on that day."})
    _check_apart(group, present, apart or {}, on=timezone.localdate(held_at), now=now)
    others = {member.person_id for member in present} | set(apart or ())
    if not others:
        raise ValidationError({"present": "Choose who was there."})
    today = timezone.localdate(now)
    if next_at is not None and gives_away(group, list(members_of(group, on=today)), next_place, on=today):
        raise ValidationError({"next_place": GIVES_AWAY})
    same = group.meetings.filter(state=MeetingState.HELD, held_at=held_at).first()
    if same:
        return same
    if meeting is None or meeting.state != MeetingState.PLANNED:
        meeting = CoreGroupMeeting(core_group=group, number=next_number(group), planned_at=held_at)
    meeting.state = MeetingState.HELD
    meeting.held_at = held_at
    meeting.note = note
    meeting.recorded_by = by
    meeting.led_by, meeting.counts = led_by, counts_as_held(group, others, led_by, on=timezone.localdate(held_at))
    with refused_by_database():
        meeting.save()
    with refused_by_database():
        meeting.present.set(present)
    for person_id, at in (apart or {}).items():
        _record_apart(meeting, person_id, at, by=by)
    if next_at is not None:
        CoreGroupMeeting.objects.create(
            core_group=group, number=next_number(group), planned_at=next_at, place=next_place
        )
    reconcile(family_ids=[group.family_id], now=now)
    return meeting


def counts_as_held(group: CoreGroup, persons: Collection[int], led_by: LedBy | str, *, on: datetime.date) -> bool:
    """Return whether the key worker or a stand-in and enough other members came."""
    leading = KeyWorker.objects.filter(plan__core_groups=group, ends_on__isnull=True).values("user")
    others = Person.objects.filter(pk__in=persons).exclude(user__in=leading).count()
    needed = int(policy_for(group.authority_id, on=on).value("core-group-others-needed"))
    return led_by in (LedBy.KEY_WORKER, LedBy.STAND_IN) and others >= needed


def _check_apart(
    group: CoreGroup,
    present: Sequence[CoreGroupMember],
    apart: Mapping[int, datetime.datetime],
    *,
    on: datetime.date,
    now: datetime.datetime,
) -> None:
    standing = standings(group, on=max(on, timezone.localdate(now)))
    if must_not_meet(present, standing, on=on):
        raise ValidationError({"present": MUST_NOT_MEET})
    both = {member.person_id for member in present} & set(apart)
    if both or any(at > now for at in apart.values()):
        raise ValidationError({"present": "No one is in both sittings, and each is recorded once it has been held."})
    if any(pk not in standing or standing[pk].is_open or standing[pk].how not in APART for pk in apart):
        raise ValidationError({"present": "A sitting of their own needs a decision first."})


def _record_apart(meeting: CoreGroupMeeting, person_id: int, at: datetime.datetime, *, by: User) -> None:
    how = standings(meeting.core_group, on=timezone.localdate(at))[person_id].how
    SeparateSitting.objects.update_or_create(
        meeting=meeting,
        person_id=person_id,
        defaults={"held_at": at, "recorded_by": by},
        create_defaults={"held_at": at, "recorded_by": by, "starts_at": at, "how": how},
    )
