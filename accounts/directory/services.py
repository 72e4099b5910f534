"""Admit users vouched for by a directory, with the roles it grants, and close accounts it no longer supports."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import structlog
from allauth.socialaccount.models import SocialAccount
from django.db import models, transaction
from django.utils import timezone

from accounts.directory.claims import GrantedRole, Identity
from accounts.models import Authority, Leaving, RoleAssignment, Team, User
from accounts.people.services.roles import assign_role, create_user, end_role
from accounts.signin import mailboxes
from accounts.signin.directories import Directory

logger = structlog.get_logger(__name__)

NO_LONGER_THERE = "The council's directory no longer gives them a role here."


class Refusal(models.TextChoices):
    """Why a user known to the directory is not admitted, in words for them."""

    NO_PART = "no part", "Your council’s directory does not give you a role in this service."
    UNVERIFIED = ("unverified", "Your council’s directory did not confirm that you have a council e-mail address.")
    TAKEN = "taken", "Someone else has an account with your e-mail address."
    CLOSED = "closed", "Your account is closed."
    NO_TEAM = "no team", "Your council’s directory names a team that is not set up here."


@dataclass(frozen=True)
class Admission:
    """The user admitted, or the reason for refusing."""

    user: User | None
    refusal: Refusal | None = None


@transaction.atomic
def admit(*, directory: Directory, told: Identity, now: datetime.datetime) -> Admission:
    """Update a user's account from their directory, and say whether they may sign in.

    In order: finds the account by the directory's subject, else links one by verified e-mail (dropping its
    password: from now on they sign in through the directory), else creates one; copies name, job title and
    e-mail; starts and ends, as of today, the roles that the directory grants, leaving alone those given here.
    The mailbox counts as proved where the directory vouches for it. With no role left the account and its
    sessions are closed; an account closed this way reopens when the directory grants a role again. Refusals
    before the roles change nothing.
    """
    # Serialise one council's sign-ins: a new user's two browser windows must not create two accounts.
    authority = Authority.objects.select_for_update(no_key=True).get(slug=directory.authority)
    teams = {team.name: team for team in Team.objects.filter(authority=authority)}
    if any(role.team and role.team not in teams for role in told.roles):
        logger.warning("directory_names_unknown_team", directory=directory.slug)
        return Admission(None, Refusal.NO_TEAM)
    found = _found(directory, told)
    if isinstance(found, Refusal):
        return Admission(None, found)
    user = found or create_user(email=told.email, name=told.name)
    if not user.is_active and not _reopened(user, told, now=now):
        return Admission(None, Refusal.CLOSED)
    SocialAccount.objects.get_or_create(provider=directory.slug, uid=told.subject, defaults={"user": user})
    _take_over(user, told)
    _bring_roles_up(user, directory, authority, told.roles, teams, today=timezone.localdate(now))
    if close_without_roles(user=user, now=now):
        return Admission(None, Refusal.NO_PART)
    if told.email == user.email:
        mailboxes.proved(user)
    return Admission(user)


@transaction.atomic
def leave(*, directory: Directory, user: User, now: datetime.datetime) -> bool:
    """End the roles granted by a directory, today, and close the account if none is left; return True if closed.

    For users who have left the directory and so will not sign in again.
    """
    authority = Authority.objects.get(slug=directory.authority)
    _bring_roles_up(user, directory, authority, frozenset(), {}, today=timezone.localdate(now))
    return close_without_roles(user=user, now=now)


def close_without_roles(*, user: User, now: datetime.datetime) -> bool:
    """Close an account that holds no role today, and end its sessions."""
    if RoleAssignment.objects.current(on=timezone.localdate(now)).filter(user=user).exists():
        return False
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        Leaving.objects.create(user=user, why=NO_LONGER_THERE, closed_at=now)
    return True


def _found(directory: Directory, told: Identity) -> User | Refusal | None:
    """Return the subject's account, or one that may be linked to it; None where one may be created."""
    known = SocialAccount.objects.filter(provider=directory.slug, uid=told.subject).first()
    if known:
        return User.objects.select_for_update().get(pk=known.user_id)
    if not told.email:
        return Refusal.UNVERIFIED
    user = User.objects.select_for_update().filter(email__iexact=told.email).first()
    if user is None:
        return None if told.roles else Refusal.NO_PART
    if user.is_superuser or SocialAccount.objects.filter(user=user, provider=directory.slug).exists():
        # A leaver's mailbox may be reassigned; their account may not.
        return Refusal.TAKEN
    if not user.is_active:
        return Refusal.CLOSED
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return user


def _reopened(user: User, told: Identity, *, now: datetime.datetime) -> bool:
    """Reopen an account closed by a directory; one closed by an administrator here stays closed."""
    closed = user.leavings.filter(reopened_at__isnull=True, closed_by__isnull=True).first()
    if not closed or not told.roles:
        return False
    closed.reopened_at = now
    closed.save(update_fields=["reopened_at"])
    user.is_active = True
    user.save(update_fields=["is_active"])
    return True


def _take_over(user: User, told: Identity) -> None:
    new = {"name": told.name, "job_title": told.job_title}
    if told.email and not User.objects.filter(email__iexact=told.email).exclude(pk=user.pk).exists():
        new["email"] = told.email
    changed = [name for name, value in new.items() if value and getattr(user, name) != value]
    for name in changed:
        setattr(user, name, new[name])
    if changed:
        user.save(update_fields=changed)


def _bring_roles_up(
    user: User,
    directory: Directory,
    authority: Authority,
    told: frozenset[GrantedRole],
    teams: dict[str, Team],
    *,
    today: datetime.date,
) -> None:
    current = RoleAssignment.objects.current(on=today).filter(user=user, authority=authority)
    for held in current.filter(from_directory=directory.slug).select_related("team"):
        if GrantedRole(held.role, held.team.name if held.team else "") not in told:
            end_role(assignment=held, ends_on=today)
    for role in sorted(told):
        team = teams[role.team] if role.team else None
        if not current.filter(role=role.role, team=team).exists():
            begun = assign_role(user=user, authority=authority, role=role.role, starts_on=today, team=team)
            RoleAssignment.objects.filter(pk=begun.pk).update(from_directory=directory.slug)
