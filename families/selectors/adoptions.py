"""Adoption orders: who may still see that there is one, and which wait to be sealed."""

from __future__ import annotations

import datetime

from django.db.models import Q, QuerySet

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from families.access import barred_families
from families.models import Adoption, Family


def adoptions_seen_by(user: User) -> QuerySet[Adoption]:
    """Return the orders that name the user among those who may still see them; never of their own people.

    They tell the child's number, the order and its dates, and no name.
    """
    rows = Adoption.objects.filter(may_see=user, withdrawn_at__isnull=True)
    rows = rows.exclude(Q(person__user=user) | Q(person__memberships__family__in=barred_families(user)))
    return rows.select_related("person__child", "recorded_by", "sealed_by").prefetch_related("may_see")


def may_be_named(family: Family, *, on: datetime.date) -> QuerySet[User]:
    """Return the managers of the family's team and of the service, who may be named to see an order."""
    managing = Q(role=Role.TEAM_MANAGER, team=family.team_id) | Q(
        role=Role.SERVICE_MANAGER, authority=family.authority_id
    )
    held = RoleAssignment.objects.current(on=on).filter(managing)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")
