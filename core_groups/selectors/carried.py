"""Who was key worker for each child of a core group on a day, and who may have stood in."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.enums import TEAM_ROLES
from accounts.models import User
from core_groups.models import CoreGroup
from core_groups.selectors.recording import plans_on
from families.selectors.people import workers_of
from govuk import words
from plans.models import KeyWorker, Plan


@dataclass(frozen=True)
class Carried:
    """The plans that one key worker carried on a day; ``user`` is None for plans without one."""

    user: User | None
    plans: tuple[Plan, ...]

    @property
    def children(self) -> str:
        return words.listed([plan.child.person.short_name for plan in self.plans])


def key_workers_on(plans: Iterable[Plan], *, on: datetime.date) -> dict[int, User]:
    """Return who carried each plan on a day, by its id: a later hand-over changes nothing about a meeting."""
    rows = KeyWorker.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), plan__in=list(plans))
    rows = rows.filter(starts_on__lte=on).select_related("user").order_by("starts_on", "pk")
    return {row.plan_id: row.user for row in rows}


def carried_on(group: CoreGroup, *, on: datetime.date) -> list[Carried]:
    """Return the plans in force on a day by who carried them, in the order of the plans."""
    plans = list(plans_on(group, on))
    carrying = key_workers_on(plans, on=on)
    found: dict[int | None, list[Plan]] = {}
    for plan in plans:
        user = carrying.get(plan.pk)
        found.setdefault(user.pk if user else None, []).append(plan)
    return [Carried(carrying.get(theirs[0].pk), tuple(theirs)) for theirs in found.values()]


def may_stand_in(group: CoreGroup, *, on: datetime.date) -> QuerySet[User]:
    """Return the council's workers of whom one may have stood in for a key worker."""
    return workers_of(group.authority, roles=TEAM_ROLES, on=on)
