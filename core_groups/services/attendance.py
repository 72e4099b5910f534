"""Who came to a core group meeting and to which sitting of it, and whether it counts as held."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import Capacity, Presence
from conferences.services.guards import EditedMeanwhile
from core_groups.constraint_errors import MUST_NOT_MEET
from core_groups.enums import APART, LedBy
from core_groups.models import (
    CoreGroup,
    CoreGroupMeeting,
    CoreGroupMember,
    MeetingAttendance,
    MeetingScore,
    ProgressAtMeeting,
    SeparateSitting,
)
from core_groups.selectors.apart import must_not_meet, standings
from core_groups.selectors.recording import day_of, members_on, plans_on
from core_groups.selectors.rounds import rounds_of
from core_groups.services.guards import lock_held
from core_groups.services.held import Led, check_led, write_held
from core_groups.services.rounds import end_complete_rounds
from deadlines.services import reconcile
from govuk import words
from plans.models import Plan

# A member's id, the id of the sitting, and whether they came to it.
Seat = tuple[int, int | None, str]


@dataclass(frozen=True)
class WhoCame:
    """When the meeting was held and who came to it; ``apart`` and ``with_them`` are by the id of the person apart.

    ``led_by`` and ``stood_in`` say of the key worker what ``of_plans`` does not say of one child's own, by plan.
    """

    held_at: datetime.datetime
    led_by: LedBy | str
    present: Sequence[CoreGroupMember]
    apologies: Sequence[CoreGroupMember] = ()
    apart: Mapping[int, datetime.datetime] | None = None
    with_them: Mapping[int, Sequence[CoreGroupMember]] | None = None
    stood_in: User | CoreGroupMember | None = None
    of_plans: Mapping[int, Led] | None = None

    def led(self, plans: Iterable[Plan]) -> dict[int, Led]:
        """Return by plan what is said of its key worker."""
        of_all, own = Led(self.led_by, self.stood_in), self.of_plans or {}
        return {plan.pk: own.get(plan.pk, of_all) for plan in plans}

    @property
    def sittings(self) -> dict[int, datetime.datetime]:
        return dict(self.apart or {})

    def beside(self, person_id: int) -> Sequence[CoreGroupMember]:
        """Return the workers who were in the sitting of this person."""
        return (self.with_them or {}).get(person_id, ())

    @property
    def persons(self) -> set[int]:
        """Return the ids of all who came."""
        beside = {member.person_id for pk in self.sittings for member in self.beside(pk)}
        return {member.person_id for member in self.present} | set(self.sittings) | beside


@transaction.atomic
def change_who_came(
    *, meeting: CoreGroupMeeting, who: WhoCame, version: int, by: User, now: datetime.datetime
) -> CoreGroupMeeting:
    """Correct when a held meeting was and who came; what was recorded before is kept, and deadlines are counted again.

    Raises EditedMeanwhile where someone else changed it since ``version``, and ValidationError as recording it does.
    """
    held = lock_held(meeting)
    if says_the_same(held, who):
        return held
    if held.version != version:
        raise EditedMeanwhile(held)
    check_who_came(held.core_group, who, now=now)
    held.version += 1
    write_who_came(held, who, by=by, now=now)
    reconcile(family_ids=[held.core_group.family_id], now=now)
    return held


def check_who_came(group: CoreGroup, who: WhoCame, *, now: datetime.datetime) -> None:
    """Raise ValidationError keyed by field where the meeting can't have been like this, or people must not meet."""
    if who.held_at > now:
        raise ValidationError({"held_on": "This time is in the future. Record the meeting once it has been held."})
    day = timezone.localdate(who.held_at)
    if day < group.formed_on:
        raise ValidationError({"held_on": "The core group had not been formed on that day."})
    there = {member.pk for member in members_on(group, day)}
    beside = [member for pk in who.sittings for member in who.beside(pk)]
    strangers = [row for row in (*who.present, *who.apologies, *beside) if row.pk not in there]
    if strangers:
        names = words.listed([row.person.full_name for row in strangers])
        raise ValidationError({"present": f"Not in the core group on that day: {names}. Check who was there."})
    _check_apart(group, who, on=day, now=now)
    if not who.persons:
        raise ValidationError({"present": "Choose who was there."})
    if {row.person_id for row in who.apologies} & who.persons:
        raise ValidationError({"apologies": "No one who was there sent apologies. Check both lists."})
    check_led(group, who.led(plans_on(group, day)), who.persons, on=day)


def _check_apart(group: CoreGroup, who: WhoCame, *, on: datetime.date, now: datetime.datetime) -> None:
    standing = standings(group, on=max(on, timezone.localdate(now)))
    if must_not_meet(who.present, standing, on=on):
        raise ValidationError({"present": MUST_NOT_MEET})
    both = {member.person_id for member in who.present} & set(who.sittings)
    if both or any(at > now for at in who.sittings.values()):
        raise ValidationError({"present": "No one is in both sittings, and each is recorded once it has been held."})
    if any(pk not in standing or standing[pk].is_open or standing[pk].how not in APART for pk in who.sittings):
        raise ValidationError({"present": "A sitting of their own needs a decision first."})
    for pk in who.sittings:
        own = CoreGroupMember.objects.filter(core_group=group, person=pk).select_related("person").first()
        beside = who.beside(pk)
        if own is not None and (
            must_not_meet([own, *beside], standing, on=on) or any(row.post_id is None for row in beside)
        ):
            raise ValidationError({f"with_{pk}": MUST_NOT_MEET})


def write_who_came(meeting: CoreGroupMeeting, who: WhoCame, *, by: User, now: datetime.datetime) -> None:
    """Write when a locked, checked meeting was held and who came; rows that are no longer so are superseded."""
    group = meeting.core_group
    meeting.held_at, meeting.led_by = who.held_at, who.led_by
    day = timezone.localdate(who.held_at)
    with refused_by_database():
        meeting.save()
    meeting.counts = write_held(meeting, who.led(plans_on(group, day)), who.persons, on=day)
    meeting.save(update_fields=["counts"])
    with refused_by_database():
        meeting.present.set(who.present)
    own = {pk: _own_sitting(meeting, pk, at, by=by) for pk, at in who.sittings.items()}
    meeting.separate_sittings.exclude(person__in=own).filter(held_at__isnull=False).update(held_at=None)
    rows = meeting.attendances.filter(superseded_at__isnull=True)
    wanted = _seats(group, who, own, day=day, removed=_removed(rows))
    standing = {(row.member_id, row.sitting_id, row.presence): row.pk for row in rows}
    gone = [pk for seat, pk in standing.items() if seat not in wanted]
    MeetingAttendance.objects.filter(pk__in=gone).update(superseded_at=now)
    MeetingAttendance.objects.bulk_create(
        MeetingAttendance(
            meeting=meeting, member_id=member, sitting_id=sitting, presence=presence, recorded_by=by, recorded_at=now
        )
        for member, sitting, presence in sorted(wanted - standing.keys(), key=str)
    )
    settle_seats(meeting, now=now)


def settle_seats(meeting: CoreGroupMeeting, *, now: datetime.datetime) -> None:
    """Count again whether a locked meeting counts as held, let answers stand where people sit, and end full rounds."""
    led = led_as_recorded(meeting)
    counts = write_held(meeting, led, who_counts(meeting), on=day_of(meeting))
    if meeting.counts != counts:
        meeting.counts = counts
        meeting.save(update_fields=["counts"])
    _follow_seats(meeting)
    end_complete_rounds(meeting, now=now)


def led_as_recorded(meeting: CoreGroupMeeting) -> dict[int, Led]:
    """Return by plan what is recorded of its key worker at a held meeting, and of who stood in."""
    rows = meeting.held_for.select_related("stood_in_worker", "stood_in_member")
    known = {row.plan_id: Led(row.led_by, row.stood_in_worker or row.stood_in_member) for row in rows}
    return {plan.pk: known.get(plan.pk, Led(meeting.led_by)) for plan in plans_on(meeting.core_group, day_of(meeting))}


def who_counts(meeting: CoreGroupMeeting) -> set[int]:
    """Return the persons who came and were not removed; a deputy counts as the member instead of whom they came."""
    came = meeting.attendances.filter(superseded_at__isnull=True, presence=Presence.PRESENT)
    deputies = meeting.also_there.filter(
        capacity=Capacity.PROFESSIONAL, presence=Presence.PRESENT, acts_for__isnull=False
    )
    return {*came.values_list("member__person", flat=True), *deputies.values_list("acts_for__person", flat=True)}


def _removed(rows: QuerySet[MeetingAttendance]) -> set[tuple[int, int | None]]:
    return set(rows.filter(presence=Presence.REMOVED).values_list("member", "sitting"))


def _follow_seats(meeting: CoreGroupMeeting) -> None:
    """Let what members gave before it was known where they sit stand in their sitting; what was shown stays there.

    Otherwise the others would read what somebody apart from them sent beforehand.
    """
    rounds = rounds_of(meeting)
    hidden = Q(shown_at__isnull=True)
    own: tuple[tuple[type[Any], Q], ...] = (
        (MeetingScore, hidden),
        (ProgressAtMeeting, Q(member__isnull=False, sitting__isnull=True)),
    )
    for table, may_move in own:
        for row in table._default_manager.filter(may_move, meeting=meeting, superseded_at__isnull=True):
            sitting_id = rounds.sat_in(row.member_id)
            if row.sitting_id != sitting_id:
                row.sitting_id = sitting_id
                row.save(update_fields=["sitting"])


def _seats(
    group: CoreGroup,
    who: WhoCame,
    own: Mapping[int, SeparateSitting],
    *,
    day: datetime.date,
    removed: Collection[tuple[int, int | None]] = (),
) -> set[Seat]:
    """Return the seats that a meeting has like this; whoever was removed stays so, until they are let back in."""
    seats: set[Seat] = {(member.pk, None, Presence.PRESENT) for member in who.present}
    known = standings(group, on=day)
    present, excused = {row.pk for row in who.present}, {row.pk for row in who.apologies}
    for member in members_on(group, day):
        sitting = own.get(member.person_id)
        if sitting is not None:
            seats.add((member.pk, sitting.pk, Presence.PRESENT))
        elif member.pk not in present:
            standing = known.get(member.person_id)
            if member.pk in excused:
                seats.add((member.pk, None, Presence.APOLOGIES))
            elif standing is None or not standing.is_apart:
                seats.add((member.pk, None, Presence.ABSENT))
    for pk, sitting in own.items():
        seats |= {(member.pk, sitting.pk, Presence.PRESENT) for member in who.beside(pk)}
    kept: set[Seat] = {(member, sitting, Presence.REMOVED) for member, sitting in removed}
    return {seat for seat in seats if seat[:2] not in removed} | kept


def _own_sitting(meeting: CoreGroupMeeting, person_id: int, at: datetime.datetime, *, by: User) -> SeparateSitting:
    how = standings(meeting.core_group, on=timezone.localdate(at))[person_id].how
    row, _ = SeparateSitting.objects.update_or_create(
        meeting=meeting,
        person_id=person_id,
        defaults={"held_at": at, "recorded_by": by},
        create_defaults={"held_at": at, "recorded_by": by, "starts_at": at, "how": how},
    )
    return row


def says_the_same(meeting: CoreGroupMeeting, who: WhoCame) -> bool:
    """Return whether a held meeting is recorded as ``who`` says."""
    sittings = {row.person_id: row.held_at for row in meeting.separate_sittings.filter(held_at__isnull=False)}
    if (meeting.held_at, meeting.led_by, sittings) != (who.held_at, who.led_by, who.sittings):
        return False
    if not _led_the_same(meeting, who):
        return False
    rows = meeting.attendances.filter(superseded_at__isnull=True)
    if not rows.exists():
        # Recorded before each seat was.
        return {row.pk for row in meeting.present.all()} == {row.pk for row in who.present}
    own = {row.person_id: row for row in meeting.separate_sittings.filter(held_at__isnull=False)}
    seats = {(row.member_id, row.sitting_id, row.presence) for row in rows}
    return seats == _seats(meeting.core_group, who, own, day=day_of(meeting), removed=_removed(rows))


def _led_the_same(meeting: CoreGroupMeeting, who: WhoCame) -> bool:
    """Return whether the same is recorded of each child's key worker and of who stood in."""
    rows = list(meeting.held_for.filter(plan__in=plans_on(meeting.core_group, day_of(meeting))).select_related("plan"))
    recorded = {row.plan_id: (row.led_by, row.stood_in_worker_id, row.stood_in_member_id) for row in rows}
    led = who.led(row.plan for row in rows)
    pks = {
        pk: (one.worker.pk if one.worker else None, one.member.pk if one.member else None) for pk, one in led.items()
    }
    return recorded == {pk: (one.by, *pks[pk]) for pk, one in led.items()}


def already_recorded(meeting: CoreGroupMeeting) -> str:
    """Return a refusal with what someone else has recorded of the same meeting."""
    by = meeting.recorded_by.name if meeting.recorded_by else "Someone else"
    there = words.listed([row.person.full_name for row in meeting.present.select_related("person").order_by("pk")])
    at = meeting.held_at or meeting.planned_at
    return (
        f"{by} has already recorded this meeting: {words.long_date(at)}, {words.clock(at)}, with {there or 'no one'}. "
        "Nothing you typed is saved yet. Open that record to change who was there."
    )
