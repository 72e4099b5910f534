"""Who may confirm what one administrator alone must not do."""

from __future__ import annotations

import datetime

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


def who_may_confirm(*, authority: Authority, asked_by: User, user: User, on: datetime.date) -> QuerySet[User]:
    """Return the other administrators of the council or, where there is none, its other service managers.

    Neither who asked nor the person concerned is among them.
    """
    apart = [asked_by.pk, user.pk]
    first = users_with_role(authority=authority, roles=[CONFIRMING_ROLES[0]], on=on).exclude(pk__in=apart)
    if first.exists():
        return first
    return users_with_role(authority=authority, roles=CONFIRMING_ROLES[1:], on=on).exclude(pk__in=apart)


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
