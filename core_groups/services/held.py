"""For which children a held meeting counts: its own key worker or a stand-in, and enough of its own members."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts.models import User
from core_groups.enums import LedBy
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember, HeldForChild
from core_groups.selectors.carried import Carried, carried_on, key_workers_on, may_stand_in
from core_groups.selectors.recording import is_in_it_for, members_on, membership_on, plans_on
from deadlines.policies import policy_for
from plans.models import Plan

THERE = "The key worker is ticked as there. Check both."
NOT_THERE = "The key worker is not ticked as there. Check both."
WHO_STOOD_IN = "Choose who stood in."
STAND_IN_NOT_THERE = "Whoever stood in is not ticked as there. Check both."


@dataclass(frozen=True)
class Led:
    """Whether a child's key worker was there, and who stood in: a worker of the council, or a member."""

    by: LedBy | str
    stood_in: User | CoreGroupMember | None = None

    @property
    def worker(self) -> User | None:
        return self.stood_in if isinstance(self.stood_in, User) else None

    @property
    def member(self) -> CoreGroupMember | None:
        return self.stood_in if isinstance(self.stood_in, CoreGroupMember) else None


def check_led(group: CoreGroup, led: Mapping[int, Led], persons: set[int], *, on: datetime.date) -> None:
    """Raise ValidationError keyed by field where what is said of key workers and who is ticked contradict each other.

    Nothing is known of a key worker who is not among the members. ``led`` is by plan, ``persons`` are who was there.
    """
    carried = carried_on(group, on=on)
    there_by_user = {row.person.user_id: row.person_id in persons for row in members_on(group, on)}
    errors: dict[str, str] = {}
    for one in carried:
        for plan in one.plans:
            said = led[plan.pk]
            there = there_by_user.get(one.user.pk) if one.user else None
            if said.by == LedBy.KEY_WORKER and there is False:
                errors[led_field(one, carried)] = NOT_THERE
            elif said.by != LedBy.KEY_WORKER and there is True:
                errors[led_field(one, carried)] = THERE
            elif said.by == LedBy.STAND_IN and (fault := _stand_in_fault(group, one, said, persons, on=on)):
                errors[stood_in_field(one, carried)] = fault
    if errors:
        raise ValidationError(errors)


def _stand_in_fault(group: CoreGroup, carried: Carried, said: Led, persons: set[int], *, on: datetime.date) -> str:
    if said.stood_in is None:
        return WHO_STOOD_IN
    member, worker = said.member, said.worker
    if member is not None:
        known = member.core_group_id == group.pk and member.post_id is not None
        return "" if known and member.person_id in persons else STAND_IN_NOT_THERE
    if worker is None or worker == carried.user or not may_stand_in(group, on=on).filter(pk=worker.pk).exists():
        return WHO_STOOD_IN
    ticked = [row.person_id in persons for row in members_on(group, on) if row.person.user_id == worker.pk]
    return STAND_IN_NOT_THERE if ticked and not any(ticked) else ""


def led_field(carried: Carried, among: list[Carried]) -> str:
    """Return the name of the field that asks about one key worker; there is one alone where they share one."""
    if among == [carried]:
        return "led_by"
    return f"led_by_{carried.user.pk if carried.user else 0}"


def stood_in_field(carried: Carried, among: list[Carried]) -> str:
    """Return the name of the field that asks who stood in for one key worker."""
    return led_field(carried, among).replace("led_by", "stood_in")


def write_held(meeting: CoreGroupMeeting, led: Mapping[int, Led], persons: set[int], *, on: datetime.date) -> bool:
    """Write for which children the locked, saved meeting counts, and return whether it does for any."""
    plans = list(plans_on(meeting.core_group, on))
    found = counted(meeting.core_group, plans, led, persons, on=on)
    for plan in plans:
        said = led[plan.pk]
        values = {
            "led_by": said.by,
            "stood_in_worker": said.worker,
            "stood_in_member": said.member,
            "counts": found[plan.pk],
        }
        HeldForChild.objects.update_or_create(meeting=meeting, plan=plan, defaults=values)
    meeting.held_for.exclude(plan__in=plans).update(counts=False)
    return any(found.values())


def counted(
    group: CoreGroup, plans: list[Plan], led: Mapping[int, Led], persons: set[int], *, on: datetime.date
) -> dict[int, bool]:
    """Return, by plan, whether its key worker or a stand-in came, and enough others of its members."""
    needed = int(policy_for(group.authority_id, on=on).value("core-group-others-needed"))
    rows, carrying = list(membership_on(group, on)), key_workers_on(plans, on=on)
    found = {}
    for plan in plans:
        said, key_worker = led[plan.pk], carrying.get(plan.pk)
        carried_it = {user.pk for user in (key_worker, said.worker) if user is not None}
        others = {
            row.person_id
            for row in rows
            if row.person_id in persons
            and row.person.user_id not in carried_it
            and (said.member is None or row.person_id != said.member.person_id)
            and is_in_it_for(row, plan)
        }
        found[plan.pk] = said.by in (LedBy.KEY_WORKER, LedBy.STAND_IN) and len(others) >= needed
    return found
