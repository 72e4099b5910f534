"""Who is told about a conference: those who may open it, or else the managers in their place."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.access import is_barred_from, may
from conferences.models import Conference
from families.services import named_managers


def managers_of(conference: Conference, *, on: datetime.date) -> list[User]:
    """Return the team's managers who may open the conference; if none, others who manage the case.

    Managers named for a restricted case replace its team's manager, and service managers step in where no one
    else is left.
    """
    current = RoleAssignment.objects.current(on=on).filter(user__is_active=True).select_related("user")
    team = current.filter(role=Role.TEAM_MANAGER, team=conference.family.team_id).order_by("pk")
    held = _each_once(row.user for row in team)
    found = [user for user in held if may(user, conference, to="manage")]
    if not found and conference.family.restricted:
        named = named_managers(conference.family, on=on)
        found = [user for user in named if may(user, conference, to="manage")]
    return found or [user for user in service_managers(conference, on=on) if may(user, conference, to="manage")]


def service_managers(conference: Conference, *, on: datetime.date) -> list[User]:
    """Return the council's service managers not barred from the conference, whether or not they may open it."""
    current = RoleAssignment.objects.current(on=on).filter(user__is_active=True).select_related("user")
    held = current.filter(role=Role.SERVICE_MANAGER, authority=conference.authority_id).order_by("pk")
    return [user for user in _each_once(row.user for row in held) if not is_barred_from(user, conference)]


def to_be_told(conference: Conference, users: Iterable[User | None], *, on: datetime.date) -> list[User]:
    """Return those of ``users`` who may open the conference; if none of them may, the managers of the case.

    Someone may have left, or declared a conflict of interest, since being appointed.
    """
    found = _each_once(user for user in users if user is not None and user.is_active)
    return [user for user in found if may(user, conference, to="read")] or managers_of(conference, on=on)


def _each_once(users: Iterable[User]) -> list[User]:
    return list({user.pk: user for user in users}.values())
