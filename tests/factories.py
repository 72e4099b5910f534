"""Boring rows for tests. Each app has its own section; add new factories at the end of your app's section."""

from __future__ import annotations

import datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.enums import TEAM_ROLES, Role
from accounts.models import Authority, RoleAssignment, Team, User
from notifications.enums import MessageKind
from notifications.models import Message, Notice

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


class MessageFactory(DjangoModelFactory[Message]):
    """A message that waits and is due since 5 January 2026."""

    class Meta:
        model = Message

    authority = factory.SubFactory(AuthorityFactory)
    key = factory.Sequence(lambda n: f"message-{n}")
    kind = MessageKind.INVITATION
    to_email = factory.Sequence(lambda n: f"recipient-{n}@council.example")
    subject = factory.Sequence(lambda n: f"Invitation to a meeting: 26-{n:04d}")
    body = "Please come to the meeting."
    created_at = datetime.datetime(2026, 1, 5, 10, tzinfo=datetime.UTC)
    send_after = datetime.datetime(2026, 1, 5, 10, tzinfo=datetime.UTC)


class NoticeFactory(DjangoModelFactory[Notice]):
    class Meta:
        model = Notice

    user = factory.SubFactory(UserFactory)
    key = factory.Sequence(lambda n: f"notice-{n}")
    text = "Case 26-0417: something is due"
    created_at = datetime.datetime(2026, 1, 5, 10, tzinfo=datetime.UTC)


# families


# deadlines


# conferences


# plans


# core_groups


# reports
