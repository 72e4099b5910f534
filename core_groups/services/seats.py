"""Who comes late to a core group, leaves it, is removed by whoever leads it, and who comes without being a member."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import COME_WITH_SOMEBODY, Capacity, Mode, Presence
from conferences.services.guards import EditedMeanwhile, text_of
from core_groups.models import AlsoThere, CoreGroupMeeting, CoreGroupMember, MeetingAttendance, SeparateSitting
from core_groups.selectors.apart import with_grounds
from core_groups.selectors.leading import leads
from core_groups.selectors.own_answers import is_under_way
from core_groups.selectors.recording import day_of, members_on
from core_groups.services.attendance import led_as_recorded, settle_seats, who_counts
from core_groups.services.guards import lock_held
from core_groups.services.held import check_led
from deadlines.services import reconcile
from families.enums import Answer
from meetings.selectors.newcomers import Newcomer
from meetings.services.attendance import EARLIEST, person_of

HERE = (Presence.PRESENT, Presence.APOLOGIES, Presence.ABSENT)
WHY_MOST = 250


@dataclass(frozen=True)
class Came:
    """How someone took part, and from when to when; without times from the beginning to the end."""

    presence: str = Presence.PRESENT
    mode: str = Mode.IN_PERSON
    arrived_at: datetime.datetime | None = None
    left_at: datetime.datetime | None = None
    note: str = ""


@transaction.atomic
def record_seat(*, seat: MeetingAttendance, came: Came, by: User, now: datetime.datetime) -> MeetingAttendance:
    """Record whether a member is at a sitting, how, and from when to when; what was recorded before is kept.

    ``seat`` is the row that the page showed. In order: writes the new row, puts them among those who sit together or
    takes them out, counts again whether the meeting counts as held, ends rounds that wait for nobody any more, and
    counts the deadlines. What stands already changes nothing. Raises EditedMeanwhile where someone recorded it in
    between; ValidationError where they were removed, must not meet the others, or on a time.
    """
    held = lock_held(seat.meeting)
    standing = _standing(seat)
    wanted = _checked(held, standing, came, now=now)
    if all(getattr(standing, name) == value for name, value in wanted.items()):
        return standing
    if standing.pk != seat.pk:
        raise EditedMeanwhile(standing)
    if standing.presence == Presence.REMOVED:
        raise ValidationError("This person was removed from the meeting. Whoever leads it can let them back in.")
    if standing.sitting_id is None and standing.presence != came.presence:
        with refused_by_database():
            if came.presence == Presence.PRESENT:
                held.present.add(standing.member)
            else:
                held.present.remove(standing.member)
    made = _supersede(standing, by=by, now=now, **wanted)
    if standing.presence != came.presence:
        _refuse_contradiction(held)
    _settle(held, now=now)
    return made


def _refuse_contradiction(held: CoreGroupMeeting) -> None:
    """Raise ValidationError where what was said of a key worker can't be so any more."""
    try:
        check_led(held.core_group, led_as_recorded(held), who_counts(held), on=day_of(held))
    except ValidationError:
        raise ValidationError(
            "It is recorded otherwise whether the key worker was there. Say it under “Change who was there”."
        ) from None


def _standing(seat: MeetingAttendance) -> MeetingAttendance:
    rows = MeetingAttendance.objects.filter(meeting=seat.meeting_id, member=seat.member_id, sitting=seat.sitting_id)
    return rows.filter(superseded_at__isnull=True).select_related("member__person", "sitting").get()


def _checked(
    held: CoreGroupMeeting, standing: MeetingAttendance, came: Came, *, now: datetime.datetime
) -> dict[str, Any]:
    if came.presence not in HERE:
        raise ValidationError({"presence": "Choose whether this person is here."})
    if standing.sitting_id is not None and came.presence != Presence.PRESENT:
        raise ValidationError({"presence": "Say who was in this sitting under “Change who was there”."})
    there = came.presence == Presence.PRESENT
    began = standing.sitting.held_at if standing.sitting else held.held_at
    arrived, left = (came.arrived_at, came.left_at) if there else (None, None)
    if there and arrived is None and standing.presence != Presence.PRESENT and is_under_way(held, now):
        arrived = now
    if left is not None and arrived is None:
        arrived = began
    check_times(arrived, left, began=began, now=now)
    return {
        "presence": came.presence,
        "mode": came.mode,
        "arrived_at": arrived,
        "left_at": left,
        "note": came.note.strip()[:WHY_MOST],
    }


def check_times(
    arrived: datetime.datetime | None,
    left: datetime.datetime | None,
    *,
    began: datetime.datetime | None,
    now: datetime.datetime,
) -> None:
    """Raise ValidationError on a time that can't be: in the future, or long before the meeting."""
    for name, moment in (("arrived_at", arrived), ("left_at", left)):
        if moment is not None and moment > now:
            raise ValidationError({name: "This time is in the future."})
    if arrived is not None and began is not None and arrived < began - EARLIEST:
        raise ValidationError({"arrived_at": "This is long before the meeting. Check the time."})
    if arrived is not None and left is not None and left < arrived:
        raise ValidationError({"left_at": "No one leaves before they arrive. Check the two times."})


def _supersede(row: MeetingAttendance, *, by: User, now: datetime.datetime, **changes: Any) -> MeetingAttendance:
    MeetingAttendance.objects.filter(pk=row.pk).update(superseded_at=now)
    same = {name: getattr(row, name) for name in ("presence", "mode", "arrived_at", "left_at", "note")}
    with refused_by_database(core_group_leaves_after_arriving="left_at"):
        return MeetingAttendance.objects.create(
            meeting_id=row.meeting_id,
            member_id=row.member_id,
            sitting_id=row.sitting_id,
            recorded_by=by,
            recorded_at=now,
            **{**same, **changes},
        )


def _settle(held: CoreGroupMeeting, *, now: datetime.datetime) -> None:
    settle_seats(held, now=now)
    reconcile(family_ids=[held.core_group.family_id], now=now)


def _require_lead(by: User, meeting: CoreGroupMeeting, what: str) -> None:
    if not leads(by, meeting):
        raise ValidationError(f"Only the key worker, a manager or whoever recorded the meeting can {what}.")


@transaction.atomic
def remove_member_from_meeting(
    *, seat: MeetingAttendance, reason: str, by: User, now: datetime.datetime
) -> MeetingAttendance:
    """Remove a member from a meeting, as whoever leads it. Idempotent.

    In order: writes that they were removed, when and why; ends their turn at a tablet; counts again whether the
    meeting counts as held; ends rounds that wait for nobody any more. From then on nothing of the meeting is theirs
    to read, nor a copy of its minutes. Raises ValidationError on ``reason``, if ``by`` does not lead the meeting or is
    that person, or if they are not there.
    """
    held = lock_held(seat.meeting)
    _require_lead(by, held, "remove someone from it")
    because = text_of("reason", reason, "Say why this person is removed.")
    standing = _standing(seat)
    if standing.presence == Presence.REMOVED:
        return standing
    if standing.presence != Presence.PRESENT:
        raise ValidationError("This person is not recorded as being in the meeting.")
    if standing.member.person.user_id == by.pk:
        raise ValidationError("You can’t remove yourself. If you leave, record when you left.")
    began = standing.sitting.held_at if standing.sitting else held.held_at
    made = _supersede(
        standing,
        by=by,
        now=now,
        presence=Presence.REMOVED,
        arrived_at=standing.arrived_at or began,
        left_at=standing.left_at or now,
        note=because[:WHY_MOST],
    )
    held.turns.filter(member=standing.member_id, ended_at__isnull=True).update(ended_at=now)
    _settle(held, now=now)
    return made


@transaction.atomic
def let_member_back_in(*, seat: MeetingAttendance, by: User, now: datetime.datetime) -> MeetingAttendance:
    """Let in again whom whoever leads the meeting removed. Idempotent. Raises ValidationError for anyone else."""
    held = lock_held(seat.meeting)
    _require_lead(by, held, "let someone back in")
    standing = _standing(seat)
    if standing.presence != Presence.REMOVED:
        return standing
    made = _supersede(standing, by=by, now=now, presence=Presence.PRESENT, left_at=None, note="")
    _settle(held, now=now)
    return made


# Who comes without being a member.


@transaction.atomic
def add_also_there(
    *,
    meeting: CoreGroupMeeting,
    who: Newcomer,
    capacity: str,
    reason: str,
    by: User,
    now: datetime.datetime,
    acts_for: CoreGroupMember | None = None,
    sitting: SeparateSitting | None = None,
    mode: str = Mode.IN_PERSON,
) -> AlsoThere:
    """Record someone who came without being a member, with the reason, and from when they are here.

    An observer stays outside until the family has been asked: they are here once nobody in it says no
    (``record_answers_about_observer``). The same person again is returned as recorded. Raises ValidationError by
    field: for a member, for whom whoever comes with is not named, and where someone has to decide first how this
    person meets the family.
    """
    held = lock_held(meeting)
    because = text_of("reason", reason, "Say why you are adding them.")
    members = members_on(held.core_group, day_of(held))
    if acts_for is not None and acts_for.pk not in {row.pk for row in members}:
        raise ValidationError({"acts_for": "Choose a member of the core group."})
    if capacity not in ALSO:
        raise ValidationError({"capacity": "Choose as what they came."})
    if capacity != Capacity.OBSERVER and acts_for is None:
        raise ValidationError({"acts_for": "Choose who they come with, or instead of whom."})
    if capacity == Capacity.PROFESSIONAL and (acts_for is None or acts_for.post_id is None):
        raise ValidationError({"acts_for": "A deputy comes instead of a professional. Choose which one."})
    person, post = person_of(held.core_group.family, who, capacity=capacity, by=by, now=now)
    if person.pk in {row.person_id for row in members}:
        raise ValidationError({"known": "This person is a member. Say under “Who was there” that they are here."})
    row, is_new = AlsoThere.objects.get_or_create(
        meeting=held,
        sitting=sitting,
        person=person,
        defaults={
            "post": post,
            "capacity": capacity,
            "acts_for": acts_for,
            "reason": because,
            "presence": Presence.ABSENT if capacity == Capacity.OBSERVER else Presence.PRESENT,
            "mode": mode,
            "arrived_at": now if capacity != Capacity.OBSERVER and is_under_way(held, now) else None,
            "recorded_by": by,
            "recorded_at": now,
        },
    )
    if is_new:
        # Whatever keeps a member apart keeps anyone else away too.
        known = with_grounds(AlsoThere.objects.filter(pk=row.pk), today=day_of(held), group="meeting__core_group")
        if known.filter(ground_at__isnull=False).exists():
            raise ValidationError(
                {"known": "Someone has to decide first whether this person may meet the family. Ask the team manager."}
            )
        _settle(held, now=now)
    return row


# As what someone comes who is not a member. A deputy comes as a professional, instead of a member.
ALSO = (Capacity.PROFESSIONAL, Capacity.OBSERVER, *sorted(COME_WITH_SOMEBODY))


@transaction.atomic
def change_also_there(*, row: AlsoThere, came: Came, version: int, by: User, now: datetime.datetime) -> AlsoThere:
    """Record when someone who is not a member came and left, or that they are not there after all.

    Raises EditedMeanwhile where someone changed it since ``version``; ValidationError on a time, and for an observer
    to whom somebody in the family does not agree, or has not been asked.
    """
    held = lock_held(row.meeting)
    locked = AlsoThere.objects.select_for_update(of=("self",)).select_related("sitting").get(pk=row.pk)
    there = came.presence == Presence.PRESENT
    began = locked.sitting.held_at if locked.sitting else held.held_at
    left = came.left_at if there else None
    arrived = (came.arrived_at or (began if left is not None else None)) if there else None
    wanted = {
        "presence": Presence.PRESENT if there else Presence.ABSENT,
        "mode": came.mode,
        "arrived_at": arrived,
        "left_at": left,
        "note": came.note.strip()[:WHY_MOST],
    }
    if all(getattr(locked, name) == value for name, value in wanted.items()):
        return locked
    if locked.version != version:
        raise EditedMeanwhile(locked)
    check_times(arrived, left, began=began, now=now)
    if there and locked.capacity == Capacity.OBSERVER:
        _refuse_unwanted(locked, held)
    for name, value in wanted.items():
        setattr(locked, name, value)
    locked.recorded_by, locked.version = by, locked.version + 1
    with refused_by_database(core_group_also_leaves_after_arriving="left_at"):
        locked.save()
    _settle(held, now=now)
    return locked


def _refuse_unwanted(observer: AlsoThere, held: CoreGroupMeeting) -> None:
    said = dict(observer.answers_about.values_list("asked", "answer"))
    if Answer.NO in said.values():
        raise ValidationError("Someone in the family does not agree to this observer.")
    family = held.attendances.filter(
        superseded_at__isnull=True, sitting=observer.sitting_id, presence=Presence.PRESENT, member__post__isnull=True
    )
    if any(said.get(pk) != Answer.YES for pk in family.values_list("member", flat=True)):
        raise ValidationError("Ask each of the family here first whether they agree to this observer.")
