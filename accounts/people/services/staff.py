"""Manage a council's users: their details, their roles, and closing accounts."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import own_mail
from accounts.enums import CONFIRMING_ROLES, ProposalState, Role
from accounts.models import Authority, Leaving, RoleAssignment, RoleProposal, Team, User
from accounts.people.services.accounts import refuse_changes_of
from accounts.people.services.roles import assign_role, create_user, end_role
from accounts.people.services.second_person import require_second, require_somebody, waits_for_a_second
from accounts.people.staff_events import StaffEvent, StaffEventKind, announce_staff
from accounts.signin import sessions


@transaction.atomic
def add_user(
    *,
    email: str,
    name: str,
    authority: Authority,
    role: Role | str,
    starts_on: datetime.date,
    by: User,
    now: datetime.datetime,
    team: Team | None = None,
    job_title: str = "",
    phone: str = "",
) -> User:
    """Create an account with its first role; its owner is mailed a link for choosing a password.

    In order: creates the account, unless the address has one; gives the role, as give_role does. Raises
    ValidationError as create_user and give_role do, and on ``email`` where the account of that address is
    closed.
    """
    user = create_user(email=email, name=name, job_title=job_title, phone=phone)
    if not user.is_active:
        raise ValidationError({"email": "The account with this address is closed. Reopen it instead."})
    give_role(user=user, authority=authority, role=role, team=team, starts_on=starts_on, by=by, now=now)
    return user


@transaction.atomic
def change_user(*, user: User, name: str, job_title: str, phone: str) -> User:
    """Change an account's details; its address changes by change_address. Raises ValidationError on what is wrong."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    locked.name, locked.job_title, locked.phone = name.strip(), job_title.strip(), phone.strip()
    locked.full_clean()
    locked.save(update_fields=["name", "job_title", "phone"])
    return locked


@transaction.atomic
def give_role(
    *,
    user: User,
    authority: Authority,
    role: Role | str,
    starts_on: datetime.date,
    by: User,
    now: datetime.datetime,
    team: Team | None = None,
) -> RoleAssignment | RoleProposal:
    """Give a role from a given day, or propose it where a second administrator must confirm it.

    Users can't give themselves a role: administrators see no cases, and a role would be their way to. Nor can one
    administrator alone make another, or a service manager, once there is someone to confirm it: they would make
    the person who confirms what they ask for. Any other role takes effect on its day, and the council's service
    managers are told of one that opens cases, so that an account invented for the purpose is noticed. Raises
    ValidationError as assign_role does, where the account is closed, and where nobody could confirm it.
    """
    if not user.is_active:
        raise ValidationError("This account is closed. Reopen it first.")
    if role not in Role.values:
        raise ValidationError({"role": "Choose a role."})
    if waits_for_a_second(authority=authority, role=role, asked_by=by, user=user, now=now):
        require_somebody(authority=authority, asked_by=by, user=user, now=now)
        return _propose(user=user, authority=authority, role=role, team=team, starts_on=starts_on, by=by, now=now)
    return _give(user=user, authority=authority, role=role, team=team, starts_on=starts_on, by=by, now=now)


def _give(
    *,
    user: User,
    authority: Authority,
    role: Role | str,
    team: Team | None,
    starts_on: datetime.date,
    by: User,
    now: datetime.datetime,
) -> RoleAssignment:
    held = set(user.roles.values_list("pk", flat=True))
    is_new = not held
    given = assign_role(user=user, authority=authority, role=role, team=team, starts_on=starts_on)
    if given.pk not in held:
        event = StaffEvent(StaffEventKind.ROLE_GIVEN, user, by, now, authority_id=authority.pk, role=Role(role).value)
        announce_staff(event)
    if is_new:
        own_mail.carry(user, own_mail.About.WELCOME, now=now)
    return given


def _propose(
    *,
    user: User,
    authority: Authority,
    role: Role | str,
    team: Team | None,
    starts_on: datetime.date,
    by: User,
    now: datetime.datetime,
) -> RoleProposal:
    same = RoleProposal.objects.filter(
        user=user, authority=authority, role=role, team=team, state=ProposalState.PROPOSED
    ).first()
    if same is not None:
        return same
    proposal = RoleProposal(
        user=user, authority=authority, role=role, team=team, starts_on=starts_on, proposed_by=by, proposed_at=now
    )
    proposal.full_clean()
    proposal.save()
    return proposal


@transaction.atomic
def settle_proposal(*, proposal: RoleProposal, confirm: bool, by: User, now: datetime.datetime) -> RoleProposal:
    """Confirm or refuse a proposed role, which then starts on its day, or today if that has passed.

    A no-op on a settled one. Raises ValidationError where ``by`` confirms and is not one of those who may.
    """
    locked = RoleProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if locked.state != ProposalState.PROPOSED:
        return locked
    if confirm:
        require_second(authority=locked.authority, asked_by=locked.proposed_by, user=locked.user, by=by, now=now)
        _give(
            user=locked.user,
            authority=locked.authority,
            role=locked.role,
            team=locked.team,
            starts_on=max(locked.starts_on, timezone.localdate(now)),
            by=by,
            now=now,
        )
    locked.state = ProposalState.CONFIRMED if confirm else ProposalState.REFUSED
    locked.settled_by, locked.settled_at = by, now
    locked.full_clean()
    locked.save()
    return locked


@transaction.atomic
def end_post(*, assignment: RoleAssignment, ends_on: datetime.date, by: User, now: datetime.datetime) -> RoleAssignment:
    """End a role as end_role does, and announce it where its holder confirmed what administrators ask for."""
    ended = end_role(assignment=assignment, ends_on=ends_on)
    if ended.user_id != by.pk:
        _announce_end(ended, by=by, now=now)
    return ended


def _announce_end(post: RoleAssignment, *, by: User, now: datetime.datetime) -> None:
    """Let it be noticed that someone no longer confirms what administrators ask for."""
    if post.role not in CONFIRMING_ROLES or post.ends_on is None:
        return
    why = f"{post.get_role_display()}, from {post.ends_on:%-d %B %Y}."
    kind, council, was = StaffEventKind.CONFIRMER_ENDED, post.authority_id, post.user.email
    announce_staff(StaffEvent(kind, post.user, by, now, authority_id=council, role=post.role, was=was, why=why))


@transaction.atomic
def move_to_team(
    *, assignment: RoleAssignment, team: Team, on: datetime.date, by: User, now: datetime.datetime
) -> RoleAssignment:
    """Move a user to another team: on ``on`` the old role ends and the new one starts.

    What the old team opened is closed to them from that day; cases they hold stay theirs until a manager
    reallocates them. Moving to the same team changes nothing. Raises ValidationError on ``team`` where it is
    not a team of the council, on ``on`` where the old role begins after it, and where the role is the user's
    own or has ended.
    """
    if assignment.team_id == team.pk:
        return assignment
    if assignment.team_id is None:
        raise ValidationError("This role does not belong to a team.")
    if assignment.user_id == by.pk:
        raise ValidationError("Another administrator has to move you.")
    if assignment.ends_on is not None:
        raise ValidationError("This role already has an end date. Give a new one instead.")
    try:
        end_role(assignment=assignment, ends_on=on)
    except ValidationError as refusal:
        raise ValidationError({"on": refusal.messages}) from refusal
    return _give(
        user=assignment.user,
        authority=assignment.authority,
        role=assignment.role,
        team=team,
        starts_on=on,
        by=by,
        now=now,
    )


@transaction.atomic
def close_account(*, user: User, why: str, by: User, now: datetime.datetime) -> Leaving:
    """Close a leaver's account at once.

    In order: the account no longer opens anything; every session ends; every role ends as of today; the closing
    is recorded with who and why; higher apps end what else they hold (calendar feeds). Open work stays in the
    leaver's name until a manager hands it over. A no-op on a closed account. Raises ValidationError on ``why``
    without a reason, and where the account is the user's own or the council's last administrator's.
    """
    if not why.strip():
        raise ValidationError({"why": "Say why you are closing the account."})
    if user.pk == by.pk:
        raise ValidationError("Another administrator has to close your own account.")
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    today = timezone.localdate(now)
    roles = RoleAssignment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), user=locked)
    for role in roles:
        if role.role == Role.ADMINISTRATOR and not _other_administrator(role, on=today):
            raise ValidationError("This is the council's last administrator. Make another one first.")
    standing = Leaving.objects.filter(user=locked, reopened_at__isnull=True).first()
    if standing is not None and not locked.is_active:
        return standing
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    sessions.end_all(user=locked)
    for role in roles:
        role.ends_on = max(today, role.starts_on)
        role.save(update_fields=["ends_on"])
        _announce_end(role, by=by, now=now)
    RoleProposal.objects.filter(user=locked, state=ProposalState.PROPOSED).update(
        state=ProposalState.REFUSED, settled_by=by, settled_at=now
    )
    refuse_changes_of(locked, by=by, now=now)
    leaving = standing or Leaving.objects.create(user=locked, why=why.strip(), closed_by=by, closed_at=now)
    announce_staff(StaffEvent(StaffEventKind.ACCOUNT_CLOSED, locked, by, now))
    return leaving


def _other_administrator(role: RoleAssignment, *, on: datetime.date) -> bool:
    others = RoleAssignment.objects.current(on=on).filter(
        authority=role.authority_id, role=Role.ADMINISTRATOR, user__is_active=True
    )
    return others.exclude(user=role.user_id).exists()
