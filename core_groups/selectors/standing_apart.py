"""Whether the core group of a young parent and that of the baby have the same members."""

from __future__ import annotations

import datetime

from accounts.models import User
from conferences.selectors.children import short_name_of
from conferences.selectors.standing_apart import pairs_with_others
from core_groups.access import CORE_GROUP_RULE
from core_groups.models import CoreGroup, CoreGroupMember


def same_members(group: CoreGroup, user: User, *, on: datetime.date) -> list[str]:
    """Return whose core group, which stands apart from this one and which the user may open, has the same members.

    All the members of the smaller one, the young parent aside. One query where no one is a young parent or the baby.
    """
    children = set(group.plans.values_list("child", flat=True))
    pairs = pairs_with_others(children, on=on)
    if not pairs:
        return []
    others = {(pair.baby if pair.parent.pk in children else pair.parent).pk: pair for pair in pairs}
    apart = CORE_GROUP_RULE.visible(
        CoreGroup.objects.filter(plans__child__in=others, plans__ends_on__isnull=True, goes_on_in__isnull=True), user
    )
    of_child = dict(apart.values_list("pk", "plans__child"))
    members: dict[int, set[int]] = {}
    rows = CoreGroupMember.objects.current(on=on).filter(core_group__in=[group.pk, *of_child])
    for group_id, person_id in rows.exclude(person__in=[pair.parent.person_id for pair in pairs]).values_list(
        "core_group", "person"
    ):
        members.setdefault(group_id, set()).add(person_id)
    own = members.get(group.pk, set())
    found = []
    for group_id, child_id in sorted(of_child.items()):
        theirs = members.get(group_id, set())
        if child_id in others and own and theirs and (own <= theirs or theirs <= own):
            pair = others[child_id]
            name = short_name_of(pair.baby if pair.baby.pk == child_id else pair.parent)
            found.append(
                f"The core group of {name} has the same members. It stands apart: each has members of its own."
            )
    return found
