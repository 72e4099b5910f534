"""Who carries a plan out: the members of its core group."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Q

from core_groups.models import CoreGroup, CoreGroupMember
from core_groups.selectors.apart import standings
from core_groups.selectors.recipients import UNDECIDED
from plans.events import Carrier
from plans.models import Plan


def members_who_carry(plan: Plan, on: datetime.date) -> Iterator[Carrier]:
    """Yield the members of a plan's core group on a day; a member for whom no plan is named is in it for all."""
    for group in CoreGroup.objects.filter(plans=plan, ended_on__isnull=True).order_by("pk"):
        members = CoreGroupMember.objects.current(on=on).filter(Q(plans=plan) | Q(plans__isnull=True), core_group=group)
        known = standings(group, on=on)
        for member in members.select_related("person__user", "post__agency").distinct().order_by("pk"):
            standing = known.get(member.person_id)
            waits = standing is not None and standing.is_open
            yield Carrier(member.person, member.post, UNDECIDED if waits else "")
