"""Users and the roles they hold."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.enums import TEAM_ROLES, Role
from accounts.models import Authority, RoleAssignment, Team, User


@transaction.atomic
def create_user(*, email: str, name: str, job_title: str = "", phone: str = "", password: str | None = None) -> User:
    """Create an account without roles; without ``password`` its owner sets one with "forgotten password".

    Returns the existing account for the same address, unchanged. Raises ValidationError on the field that is
    missing or malformed.
    """
    existing = User.objects.filter(email__iexact=email.strip()).first()
    if existing:
        return existing
    user = User(email=User.objects.normalize_email(email.strip()).lower(), name=name.strip())
    user.job_title = job_title.strip()
    user.phone = phone.strip()
    user.set_password(password)
    user.full_clean()
    user.save()
    return user


@transaction.atomic
def assign_role(
    *, user: User, authority: Authority, role: Role | str, starts_on: datetime.date, team: Team | None = None
) -> RoleAssignment:
    """Give ``user`` a role in one authority from the day ``starts_on``. Idempotent.

    Raises ValidationError on ``team`` where the role needs one or the team is another council's, on ``role``
    where there is no such role.
    """
    if role in TEAM_ROLES and team is None:
        raise ValidationError({"team": "Choose the team for this role."})
    if team is not None and team.authority_id != authority.pk:
        raise ValidationError({"team": "Choose a team of this council."})
    User.objects.select_for_update().get(pk=user.pk)
    held = RoleAssignment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on), user=user, authority=authority, role=role, team=team
    ).first()
    if held:
        return held
    assignment = RoleAssignment(user=user, authority=authority, role=role, team=team, starts_on=starts_on)
    assignment.full_clean()
    assignment.save()
    return assignment


@transaction.atomic
def end_role(*, assignment: RoleAssignment, ends_on: datetime.date) -> RoleAssignment:
    """End a role: ``ends_on`` is the first day it is no longer held.

    A no-op on an ended role. Raises ValidationError on ``ends_on`` where the role had not begun by then.
    """
    locked = RoleAssignment.objects.select_for_update().get(pk=assignment.pk)
    if locked.ends_on is not None:
        return locked
    if ends_on < locked.starts_on:
        raise ValidationError({"ends_on": "The role can't end before it starts."})
    locked.ends_on = ends_on
    locked.save(update_fields=["ends_on"])
    return locked
