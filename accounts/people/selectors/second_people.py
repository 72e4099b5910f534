"""Who is the second person where the law of two asks for another service manager."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import SECOND_PERSON_ROLES, Role
from accounts.models import Authority, RoleAssignment, SecondPerson, User
from accounts.people.selectors.roles import users_with_role
from accounts.request_cache import once_per_request

NOBODY = (
    "Someone else has to do this, and your council has nobody who could: no other service manager, and nobody named "
    "for when there is none. Name someone first, on the page “Who else may be the second person”."
)


def named_now(*, on: datetime.date) -> QuerySet[SecondPerson]:
    """Return those who are named on the day, in every council."""
    return SecondPerson.objects.filter(starts_on__lte=on).exclude(ends_on__lte=on)


def named_people(authority: Authority, *, on: datetime.date) -> QuerySet[User]:
    """Return those named in the council on the day who still hold a role there with which they may be."""
    named = named_now(on=on).filter(authority=authority)
    return users_with_role(authority=authority, roles=SECOND_PERSON_ROLES, on=on).filter(pk__in=named.values("user"))


def councils_named_in(user: User) -> list[int]:
    """Return the ids of councils in which the user is named today and holds such a role."""

    def ask() -> list[int]:
        today = timezone.localdate()
        held = RoleAssignment.objects.current(on=today).filter(user=user, role__in=SECOND_PERSON_ROLES)
        named = named_now(on=today).filter(user=user, authority__in=held.values("authority"))
        return sorted(named.values_list("authority", flat=True).distinct())

    return once_per_request(("councils named in", user.pk), ask)


def second_people(
    authority: Authority, *, but: Collection[int], on: datetime.date, roles: Collection[Role] = (Role.SERVICE_MANAGER,)
) -> QuerySet[User]:
    """Return those who hold one of ``roles``, or are named, in the council on the day, without the users ``but``."""
    held = users_with_role(authority=authority, roles=roles, on=on).values("pk")
    named = named_people(authority, on=on).values("pk")
    return User.objects.filter(Q(pk__in=held) | Q(pk__in=named)).exclude(pk__in=but).order_by("name", "pk")


def may_be_named(authority: Authority, *, on: datetime.date, by: User) -> QuerySet[User]:
    """Return whom ``by`` may name in the council on the day."""
    named = named_now(on=on).filter(authority=authority).values("user")
    fit = users_with_role(authority=authority, roles=SECOND_PERSON_ROLES, on=on)
    return fit.exclude(pk=by.pk).exclude(pk__in=named).order_by("name", "pk")


def second_people_of(authority: Authority) -> QuerySet[SecondPerson]:
    """Return everybody ever named in the council, newest first."""
    return SecondPerson.objects.filter(authority=authority).select_related("user", "named_by", "ended_by")
