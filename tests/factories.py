"""Boring rows for tests. Each app has its own section; add new factories at the end of your app's section."""

from __future__ import annotations

import datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.enums import TEAM_ROLES, Role
from accounts.models import Authority, RoleAssignment, Team, User

# accounts


class AuthorityFactory(DjangoModelFactory[Authority]):
    class Meta:
        model = Authority

    slug = factory.Sequence(lambda n: f"council-{n}")
    name = factory.Sequence(lambda n: f"Council {n}")
    day_phone = "01632 960 001"
    night_phone = "01632 960 002"


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    authority = factory.SubFactory(AuthorityFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class UserFactory(DjangoModelFactory[User]):
    """An active user without roles and without a usable password; sign in with ``client.force_login``."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user-{n}@council.example")
    name = factory.Sequence(lambda n: f"User {n}")
    password = "!"


class RoleAssignmentFactory(DjangoModelFactory[RoleAssignment]):
    class Meta:
        model = RoleAssignment

    user = factory.SubFactory(UserFactory)
    authority = factory.SubFactory(AuthorityFactory)
    role = Role.COORDINATOR
    starts_on = datetime.date(2020, 1, 1)


def user_with_role(
    role: Role | str, *, authority: Authority | None = None, team: Team | None = None, **fields: Any
) -> User:
    """A user who holds ``role`` since 2020. The authority is the team's where only a team is given.

    Roles that belong to a team get a new one where none is given. ``fields`` are those of the user.
    """
    if authority is None:
        authority = team.authority if team else AuthorityFactory()
    if team is None and role in TEAM_ROLES:
        team = TeamFactory(authority=authority)
    user = UserFactory(**fields)
    RoleAssignmentFactory(user=user, authority=authority, team=team, role=role)
    return user


# notifications


# families


# deadlines


# conferences


# plans


# core_groups


# reports
