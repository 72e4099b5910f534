"""For which children a professional with an account is in a core group, so that they may ask for a conference."""

from __future__ import annotations

import datetime

from django.db.models import F

from accounts.models import User
from core_groups.access import in_it_for_an_open_plan
from core_groups.models import CoreGroupMember


def children_of_member(user: User, on: datetime.date) -> list[tuple[int, int | None]]:
    """Return the children with an open plan for whom the user is in a core group now, each with the id of their post.

    Who is named for no plan is in the group for all of them.
    """
    members = CoreGroupMember.objects.current(on=on).filter(
        in_it_for_an_open_plan(), person__user=user, core_group__ended_on__isnull=True, post__isnull=False
    )
    named = members.filter(plans__ends_on__isnull=True, plans__isnull=False)
    of_all = members.filter(plans__isnull=True, core_group__plans__ends_on__isnull=True)
    return [
        *named.annotate(child=F("plans__child")).order_by("pk").values_list("child", "post"),
        *of_all.annotate(child=F("core_group__plans__child")).order_by("pk").values_list("child", "post"),
    ]
