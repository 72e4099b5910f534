"""Who currently manages a conference's case, in SQL for the facts of clocks."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Now

from accounts.enums import Role
from accounts.models import RoleAssignment
from deadlines.facts import Asked, London, People


def holding(role: Role, **places: OuterRef) -> QuerySet[RoleAssignment, RoleAssignment]:
    """Return who holds a role today, by the day in London: ``ends_on`` is the first day it is no longer held."""
    today = London(Now())
    return RoleAssignment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today), role=role, starts_on__lte=today, user__is_active=True, **places
    )


def service_managing() -> People:
    """Return the service managers of the council of the outer row's conference."""
    return _ids(_service())


def managing(*, other_than: QuerySet[Any, Any] | None = None) -> Case:
    """Return the managers of the team of the outer row's conference; if it has none, the service managers.

    ``other_than`` is a query of user ids to exclude.
    """
    team = holding(Role.TEAM_MANAGER, team=OuterRef("conference__family__team"))
    service = _service()
    if other_than is not None:
        team, service = team.exclude(user__in=other_than), service.exclude(user__in=other_than)
    return Case(When(Exists(team), then=_ids(team)), default=_ids(service))


def _service() -> QuerySet[RoleAssignment, RoleAssignment]:
    return holding(Role.SERVICE_MANAGER, authority=OuterRef("conference__authority"))


def _ids(held: QuerySet[RoleAssignment, RoleAssignment]) -> People:
    return People(Asked(held.values("user_id")))
