"""Who stands in for the chair of a conference, and who could."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.models import Conference, StandIn


def chairs_of_council(conference: Conference, *, on: datetime.date) -> QuerySet[User]:
    """Return active users with the chair role in the conference's council on a day, by name."""
    held = RoleAssignment.objects.current(on=on).filter(authority=conference.authority_id, role=Role.CHAIR)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


def stand_ins_of(conference: Conference) -> QuerySet[StandIn]:
    """Return everyone ever named to stand in for the conference's chair, newest first."""
    return conference.stand_ins.select_related("user", "named_by", "ended_by")
