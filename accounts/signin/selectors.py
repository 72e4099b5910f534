"""How a user signs in, whether their account waits for a change, and who is offered in the demo."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import groupby

from allauth.socialaccount.models import SocialAccount
from django.db.models import Prefetch, QuerySet

from accounts.enums import WHAT_A_ROLE_DOES, Role
from accounts.models import AccountProposal, RoleAssignment, User
from accounts.signin.directories import directories

DEMO_DOMAIN = "@demo.example"


def directory_of(user: User) -> str:
    """Return the slug of the directory by which alone this account signs in; "" for none."""
    slugs = [one.slug for one in directories()]
    joined = SocialAccount.objects.filter(user=user, provider__in=slugs)
    return joined.values_list("provider", flat=True).order_by("pk").first() or ""


def change_waits(user: User, *, now: datetime.datetime) -> bool:
    """Return whether a change of this account waits for a second person: until then no link to it works."""
    return bool(AccountProposal.objects.waiting(now=now).filter(user=user).exists())


@dataclass(frozen=True)
class DemoGroup:
    """The demo users with one role."""

    role: Role
    what: str
    people: list[User]


def demo_users() -> QuerySet[User]:
    """Return the invented demo users, known by their address; in demo mode anyone may sign in as one."""
    return User.objects.filter(is_active=True, email__endswith=DEMO_DOMAIN)


def demo_groups(*, on: datetime.date) -> list[DemoGroup]:
    """Return the demo users by the main role they hold on the day, roles in the order of a case."""
    order = {role: place for place, role in enumerate(Role)}
    held = RoleAssignment.objects.current(on=on).select_related("authority", "team").order_by("pk")
    people: list[tuple[Role, User]] = []
    for user in demo_users().prefetch_related(Prefetch("roles", queryset=held, to_attr="held")):
        roles: list[RoleAssignment] = user.held
        if roles:
            people.append((Role(roles[0].role), user))
    people.sort(key=lambda pair: (order[pair[0]], pair[1].name))
    return [
        DemoGroup(role=role, what=WHAT_A_ROLE_DOES[role], people=[user for _, user in members])
        for role, members in groupby(people, key=lambda pair: pair[0])
    ]
