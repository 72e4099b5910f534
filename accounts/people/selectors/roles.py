"""Reading users, roles and the read log."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from accounts.enums import Role
from accounts.models import AccessEvent, Authority, RoleAssignment, User

LONDON = ZoneInfo("Europe/London")
DEMO_DOMAIN = "@demo.example"

WHAT_A_ROLE_DOES = {
    Role.SOCIAL_WORKER: "Records a family, asks for a conference and writes the report.",
    Role.TEAM_MANAGER: "Sees the team's cases and what is late, and agrees requests.",
    Role.CHAIR: "Decides who takes part, leads the day and makes the decisions.",
    Role.COORDINATOR: "Invites, takes notes on the day and prepares the minutes.",
    Role.SERVICE_MANAGER: "Sees the whole council: time limits, workload and what is late.",
    Role.CUSTODIAN: "Keeps the list of children with a child protection plan.",
    Role.DUTY_WORKER: "Checks the list by day and by night.",
    Role.ADMINISTRATOR: "Looks after users, calendar and procedures, and sees no case.",
    Role.AUDITOR: "Reads who looked at what.",
    Role.PROFESSIONAL: "Answers an invitation and writes the agency's report.",
}


@dataclass(frozen=True)
class DemoGroup:
    """The demo people of one role."""

    role: Role
    what: str
    people: list[User]


def demo_users() -> QuerySet[User]:
    """Invented people, known by their address; anybody may sign in as one of them in demo mode."""
    return User.objects.filter(is_active=True, email__endswith=DEMO_DOMAIN)


def demo_groups(*, on: datetime.date) -> list[DemoGroup]:
    """The demo people by the main role that they hold on the day, roles in the order of a case."""
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


def users_with_role(
    *, authority: Authority, roles: Iterable[Role | str], on: datetime.date, team_id: int | None = None
) -> QuerySet[User]:
    """Active users who hold one of ``roles`` in the authority on the day, in one team where it is given."""
    held = RoleAssignment.objects.current(on=on).filter(authority=authority, role__in=list(roles))
    if team_id is not None:
        held = held.filter(team_id=team_id)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def read_log(
    *,
    authority_ids: Iterable[int],
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    user: User | None = None,
) -> QuerySet[AccessEvent]:
    """What users of the authorities looked at, newest first; both days included, as London counts them."""
    events = AccessEvent.objects.filter(authority__in=list(authority_ids)).select_related("user")
    if since:
        events = events.filter(at__gte=midnight(since))
    if until:
        events = events.filter(at__lt=midnight(until + datetime.timedelta(days=1)))
    if user:
        events = events.filter(user=user)
    return events.order_by("-at", "-pk")


def readers(*, authority_ids: Iterable[int]) -> QuerySet[User]:
    """Users who hold or held a role in one of the authorities."""
    held = RoleAssignment.objects.filter(authority__in=list(authority_ids))
    return User.objects.filter(pk__in=held.values("user"))


def midnight(day: datetime.date) -> datetime.datetime:
    """The first moment of a civil day in London."""
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=LONDON)
