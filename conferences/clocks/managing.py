"""Who currently manages a conference's case, in SQL for the facts of clocks."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Now
from django.db.models.lookups import Exact

from accounts.enums import Role
from accounts.models import RoleAssignment
from conferences.access import To
from conferences.agreed_by import NAMED, said_in_sql
from conferences.clocks.conferences import chairs
from deadlines.facts import Asked, Families, London, People
from deadlines.models import PolicyVersion
from deadlines.policies.values import SCHEMA


def holding(role: Role, **places: OuterRef) -> QuerySet[RoleAssignment, RoleAssignment]:
    """Return who holds a role today, by the day in London: ``ends_on`` is the first day it is no longer held."""
    today = London(Now())
    return RoleAssignment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today), role=role, starts_on__lte=today, user__is_active=True, **places
    )


def service_managing(conference: str = "conference__") -> People:
    """Return the service managers of the council of the outer row's conference."""
    return ids_of(_service(conference))


def naming(families: Families, key: str, conference: str = "conference__") -> Case:
    """Return whom the procedures of the outer row's conference name under ``key``: ``agreed_by.named_rule``, in SQL.

    ``conference`` is the path from the row to its conference.
    """
    versions = PolicyVersion.objects.filter(pk=OuterRef(f"{conference}policy_version_id"))
    said = Subquery(versions.annotate(said=said_in_sql(key)).values("said")[:1], output_field=TextField())
    people: dict[To, Any] = {
        "chair": chairs(families, conference),
        "manage the team": managing(conference=conference),
        "manage the service": service_managing(conference),
        "minutes": F(f"{conference}coordinator_id"),
    }
    return Case(
        *(
            When(Exact(said, Value(words)), then=People(*(people[to] for to in NAMED[words])))
            for words in SCHEMA[key].words
            if NAMED[words]
        )
    )


def managing(*, conference: str = "conference__", other_than: QuerySet[Any, Any] | None = None) -> Case:
    """Return the managers of the team of the outer row's conference; if it has none, the service managers.

    ``other_than`` is a query of user ids to exclude.
    """
    team = holding(Role.TEAM_MANAGER, team=OuterRef(f"{conference}family__team"))
    service = _service(conference)
    if other_than is not None:
        team, service = team.exclude(user__in=other_than), service.exclude(user__in=other_than)
    return Case(When(Exists(team), then=ids_of(team)), default=ids_of(service))


def _service(conference: str) -> QuerySet[RoleAssignment, RoleAssignment]:
    return holding(Role.SERVICE_MANAGER, authority=OuterRef(f"{conference}authority"))


def ids_of(held: QuerySet[RoleAssignment, RoleAssignment]) -> People:
    """Return the users who hold these roles, as those responsible."""
    return People(Asked(held.values("user_id")))
