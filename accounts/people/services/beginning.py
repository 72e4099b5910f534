"""Begin a council in an installation where nobody can sign in yet."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import own_mail
from accounts.enums import Role
from accounts.models import Authority, RoleAssignment, Team, User
from accounts.people.services.roles import assign_role, create_user


@transaction.atomic
def begin_council(
    *, slug: str, name: str, teams: Iterable[str] = (), email: str, administrator: str, now: datetime.datetime
) -> User:
    """Create a council with its teams and its first administrator, whom everybody else is added by.

    In order: creates the council, unless its slug is there; adds the teams that it has not; opens the account for
    ``email`` with the role of administrator from today; mails its owner a link for choosing a password. Doing it
    again for the same person adds teams and mails another link. Raises ValidationError for a value that is missing
    or malformed, and where someone else already administers the council.
    """
    authority = Authority.objects.select_for_update().filter(slug=slug).first() or Authority(slug=slug, name=name)
    authority.full_clean()
    authority.save()
    for team in teams:
        if not Team.objects.filter(authority=authority, name=team).exists():
            added = Team(authority=authority, name=team)
            added.full_clean()
            added.save()
    today = timezone.localdate(now)
    there = RoleAssignment.objects.current(on=today).filter(
        authority=authority, role=Role.ADMINISTRATOR, user__is_active=True
    )
    if there.exclude(user__email__iexact=email.strip()).exists():
        raise ValidationError("This council has an administrator, who adds further users on the page Users.")
    user = create_user(email=email, name=administrator)
    if not user.is_active:
        raise ValidationError("The account with this address is closed. Name someone else.")
    assign_role(user=user, authority=authority, role=Role.ADMINISTRATOR, starts_on=today)
    own_mail.carry(user, own_mail.About.WELCOME, now=now)
    return user
