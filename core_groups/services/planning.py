"""Plans, moves and cancels meetings of core groups, and the sittings of those who must not meet the others."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.models import Conference, Sitting
from core_groups.enums import APART, MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember, SeparateSitting
from core_groups.selectors.apart import Standing, standings
from core_groups.selectors.core_groups import children_around, groups_after, members_of, next_number
from core_groups.services.invitations import cancel_entries, send_changes
from deadlines.services import reconcile
from entitlement import concealed_from_each
from meetings.selectors.next_dates import STRAIGHT_AFTER, is_straight_after_conference

GIVES_AWAY = "This place could tell a member where someone is whom they must not find. Choose another place."


@dataclass(frozen=True)
class OwnSitting:
    """When and where someone who must not meet the others has their own sitting or call."""

    starts_at: datetime.datetime
    place: str


@transaction.atomic
def plan_meeting(
    *,
    core_group: CoreGroup,
    meeting: CoreGroupMeeting | None,
    planned_at: datetime.datetime,
    place: str,
    by: User,
    now: datetime.datetime,
    apart: Mapping[int, OwnSitting] | None = None,
    reason: str = "",
) -> CoreGroupMeeting:
    """Plan a meeting, or move the planned one; ``apart`` gives, by person id, the sittings of their own.

    Raises ValidationError keyed by field where the group has ended, the time has passed, a place would tell a member
    where someone is, a sitting of its own has no decision or begins at the same time, or a move has no reason.
    """
    group = CoreGroup.objects.select_for_update(no_key=True).select_related("authority").get(pk=core_group.pk)
    own = dict(apart or {})
    planned = meeting and group.meetings.filter(pk=meeting.pk, state=MeetingState.PLANNED).first()
    if meeting is not None and planned is None:
        raise ValidationError("This meeting has been held or cancelled since. Reload the page.")
    errors = _faults(group, planned_at, place, own, now=now)
    moved = planned is not None and (planned.planned_at, planned.place) != (planned_at, place.strip())
    if moved and not reason.strip():
        errors["reason"] = "Say why the meeting is moved."
    if errors:
        raise ValidationError(errors)
    row = planned or CoreGroupMeeting(core_group=group, number=next_number(group))
    row.planned_at, row.place = planned_at, place.strip()
    row.change_reason = reason.strip() if moved else row.change_reason
    with refused_by_database():
        row.save()
    known = standings(group, on=timezone.localdate(now))
    for person_id, sitting in own.items():
        values = {"starts_at": sitting.starts_at, "place": sitting.place.strip(), "how": known[person_id].how}
        SeparateSitting.objects.update_or_create(
            meeting=row, person_id=person_id, defaults={**values, "recorded_by": by}
        )
    send_changes(row, now=now)
    reconcile(family_ids=[group.family_id], now=now)
    return row


def _faults(
    group: CoreGroup,
    planned_at: datetime.datetime,
    place: str,
    own: Mapping[int, OwnSitting],
    *,
    now: datetime.datetime,
) -> dict[str, str]:
    if group.ended_on is not None:
        raise ValidationError("This core group has ended.")
    if group.plans.exists() and not group.plans.filter(ends_on__isnull=True).exists():
        raise ValidationError("All the plans of this core group have ended, so that there is nothing to meet for.")
    errors = {}
    on = timezone.localdate(now)
    if planned_at <= now:
        errors["planned_at"] = "This time has passed. Record the meeting once it has been held."
    elif is_straight_after_conference(planned_at, conferences_about(group), authority_id=group.authority_id):
        errors["planned_at"] = STRAIGHT_AFTER
    known = standings(group, on=on)
    members = list(members_of(group, on=on))
    if gives_away(group, [row for row in members if not _is_apart(row, known)], place, on=on):
        errors["place"] = GIVES_AWAY
    for person_id, sitting in own.items():
        if person_id not in known or known[person_id].is_open or known[person_id].how not in APART:
            raise ValidationError("A sitting of their own needs a decision first. Reload the page.")
        if sitting.starts_at <= now:
            errors[f"at_{person_id}"] = "This time has passed."
        elif sitting.starts_at == planned_at:
            errors[f"at_{person_id}"] = "Enter another time: the others meet then."
        if gives_away(group, [row for row in members if row.person_id == person_id], sitting.place, on=on):
            errors[f"place_{person_id}"] = GIVES_AWAY
    return errors


def _is_apart(member: CoreGroupMember, known: Mapping[int, Standing]) -> bool:
    standing = known.get(member.person_id)
    return standing is not None and standing.is_apart


def gives_away(group: CoreGroup, readers: list[CoreGroupMember], place: str, *, on: datetime.date) -> bool:
    """Return whether a place would tell one of these members where someone is who is hidden from them."""
    if not place.strip() or not readers:
        return False
    children = list(children_around(group))
    people = [row.person for row in readers]
    concealed = concealed_from_each(people, children, council=group.authority.name, on=on)
    return any(hidden.is_in(place) for hidden in concealed.values())


def why_place_gives_away(conference: Conference, place: str, on: datetime.date) -> str:
    """Return why the core group after a conference must not meet at a place; "" where it may.

    Registered with ``meetings.events``, so that it is known before the place is agreed in the room.
    """
    for group in groups_after(conference):
        known = standings(group, on=on)
        readers = [row for row in members_of(group, on=on) if not _is_apart(row, known)]
        if gives_away(group, readers, place, on=on):
            return GIVES_AWAY
    return ""


def conferences_about(group: CoreGroup) -> QuerySet[Sitting]:
    """Return the sittings of conferences about the children of the group."""
    return Sitting.objects.filter(conference__children__child__plans__core_groups=group.pk)


@transaction.atomic
def cancel_meeting(*, meeting: CoreGroupMeeting, reason: str, by: User, now: datetime.datetime) -> CoreGroupMeeting:
    """Cancel a planned meeting, with the reason. Cancelling twice changes nothing.

    Raises ValidationError without a reason, or where it has been held.
    """
    group = CoreGroup.objects.select_for_update(no_key=True).get(pk=meeting.core_group_id)
    row = CoreGroupMeeting.objects.get(pk=meeting.pk)
    if row.state == MeetingState.HELD:
        raise ValidationError("This meeting has been held.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the meeting is cancelled."})
    if row.state == MeetingState.PLANNED:
        row.state, row.change_reason = MeetingState.CANCELLED, reason.strip()
        with refused_by_database():
            row.save(update_fields=["state", "change_reason"])
        cancel_entries(row, now=now)
        reconcile(family_ids=[group.family_id], now=now)
    return row
