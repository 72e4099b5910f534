"""Who may confirm what one administrator alone must not do."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import CONFIRMING_ROLES, Role
from accounts.models import Authority, User
from accounts.people.selectors.roles import users_with_role

NOBODY = (
    "Someone else has to confirm this, and your council has nobody who could. Give a second person the role of "
    "administrator, or of service manager, first."
)
SOMEONE_ELSE = "Another administrator has to confirm this."


@dataclass(frozen=True)
class Confirmers:
    """The administrators and the service managers of a council, by id, among whom a second person is looked for."""

    administrators: frozenset[int]
    managers: frozenset[int]

    def apart_from(self, *people: int) -> frozenset[int]:
        """Return the other administrators or, where there is none, the other service managers."""
        return (self.administrators - {*people}) or (self.managers - {*people})


def confirmers_of(authority: Authority, *, on: datetime.date) -> Confirmers:
    """Return those among whom a second person is looked for in a council. Two queries."""
    first, *others = CONFIRMING_ROLES
    held = (users_with_role(authority=authority, roles=roles, on=on) for roles in ([first], others))
    return Confirmers(*(frozenset(users.values_list("pk", flat=True)) for users in held))


def who_may_confirm(*, authority: Authority, asked_by: User, user: User, on: datetime.date) -> QuerySet[User]:
    """Return the other administrators of the council or, where there is none, its other service managers.

    Neither who asked nor the person concerned is among them.
    """
    return User.objects.filter(pk__in=confirmers_of(authority, on=on).apart_from(asked_by.pk, user.pk))


def require_somebody(*, authority: Authority, asked_by: User, user: User, now: datetime.datetime) -> None:
    """Raise ValidationError, which says whom to name, where nobody could confirm what is about to be asked."""
    if not who_may_confirm(authority=authority, asked_by=asked_by, user=user, on=timezone.localdate(now)).exists():
        raise ValidationError(NOBODY)


def waits_for_a_second(
    *, authority: Authority, role: Role | str, asked_by: User, user: User, now: datetime.datetime
) -> bool:
    """Return whether giving ``role`` waits: one's own always, and one that confirms, once someone could confirm it.

    Otherwise an administrator would invent the person who confirms what they ask for.
    """
    if user.pk == asked_by.pk:
        return True
    today = timezone.localdate(now)
    return (
        role in CONFIRMING_ROLES
        and who_may_confirm(authority=authority, asked_by=asked_by, user=user, on=today).exists()
    )


def require_second(*, authority: Authority, asked_by: User, user: User, by: User, now: datetime.datetime) -> None:
    """Raise ValidationError where ``by`` is not one of those who may confirm."""
    today = timezone.localdate(now)
    if not who_may_confirm(authority=authority, asked_by=asked_by, user=user, on=today).filter(pk=by.pk).exists():
        raise ValidationError(SOMEONE_ELSE)
