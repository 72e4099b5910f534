from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Authority, RoleAssignment, User


def users_with_role(
    *, authority: Authority, roles: Iterable[Role | str], on: datetime.date, team_id: int | None = None
) -> QuerySet[User]:
    """Return active users who hold one of ``roles`` in the authority on the day, optionally in one team."""
    held = RoleAssignment.objects.current(on=on).filter(authority=authority, role__in=list(roles))
    if team_id is not None:
        held = held.filter(team_id=team_id)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))
