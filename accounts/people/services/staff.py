"""Manage a council's users: their details, their roles, and closing accounts."""

from __future__ import annotations

import datetime

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import own_mail
from accounts.enums import ProposalState, Role
from accounts.models import Authority, Leaving, RoleAssignment, RoleProposal, Team, User
from accounts.people.services.roles import assign_role, create_user, end_role
from accounts.people.staff_events import StaffEvent, StaffEventKind, announce_staff
from accounts.signin import mailboxes, sessions


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
def change_user(
    *, user: User, email: str, name: str, job_title: str, phone: str, by: User, now: datetime.datetime
) -> User:
    """Change an account's details.

    In order: writes the details; if the address changes, ends every session, invalidates a password that could
    have been reset from the old mailbox, and notifies the old address. Raises ValidationError on the field that
    is wrong, and on ``email`` where another account has it or the account is the user's own.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    was, address = locked.email, User.objects.normalize_email(email.strip()).lower()
    moved = address != was
    if moved and locked.pk == by.pk:
        raise ValidationError({"email": "Another administrator has to change your own address."})
    if User.objects.filter(email__iexact=address).exclude(pk=locked.pk).exists():
        raise ValidationError({"email": "Another account has this address."})
    locked.email, locked.name = address, name.strip()
    locked.job_title, locked.phone = job_title.strip(), phone.strip()
    if moved:
        locked.set_unusable_password()
    locked.full_clean()
    locked.save()
    if moved:
        mailboxes.left(locked)
        sessions.end_all(user=locked)
        announce_staff(StaffEvent(StaffEventKind.ADDRESS_CHANGED, locked, by, now, was=was))
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

    Users can't give themselves a role: administrators see no cases, and a role would be their way to. Given to
    anyone else, it takes effect on its day, and the council's service managers are told of one that opens
    cases, so that an account invented for the purpose is noticed. Raises ValidationError as assign_role does,
    and where the account is closed.
    """
    if not user.is_active:
        raise ValidationError("This account is closed. Reopen it first.")
    if role not in Role.values:
        raise ValidationError({"role": "Choose a role."})
    if user.pk == by.pk:
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

    A no-op on a settled one. Raises ValidationError where ``by`` proposed it, or would receive it, and
    confirms.
    """
    locked = RoleProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if locked.state != ProposalState.PROPOSED:
        return locked
    if confirm and by.pk in {locked.proposed_by_id, locked.user_id}:
        raise ValidationError("Another administrator has to confirm this.")
    if confirm:
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
def take_away_second_steps(*, user: User, authority: Authority, why: str, by: User, now: datetime.datetime) -> None:
    """Reset the second factor of a user who lost their phone or passkey and their recovery codes.

    In order: removes the steps and codes; removes the password too, so that someone who knows only that can't
    set up a step in the owner's place without access to the mailbox; ends every session; tells the owner and
    the council's service managers. ``by`` has verified who asked, and says in ``why`` how. Raises
    ValidationError on ``why`` without a reason, and where the account is the user's own or closed.
    """
    if not why.strip():
        raise ValidationError({"why": "Say how you checked who asked."})
    if user.pk == by.pk:
        raise ValidationError("Another administrator has to do this for you.")
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not locked.is_active:
        raise ValidationError("This account is closed. Reopen it first.")
    taken, _ = Authenticator.objects.filter(user=locked).delete()
    if not taken:
        return
    locked.set_unusable_password()
    locked.save(update_fields=["password"])
    sessions.end_all(user=locked)
    announce_staff(StaffEvent(StaffEventKind.STEPS_TAKEN, locked, by, now, authority_id=authority.pk, why=why.strip()))


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
    RoleProposal.objects.filter(user=locked, state=ProposalState.PROPOSED).update(
        state=ProposalState.REFUSED, settled_by=by, settled_at=now
    )
    leaving = standing or Leaving.objects.create(user=locked, why=why.strip(), closed_by=by, closed_at=now)
    announce_staff(StaffEvent(StaffEventKind.ACCOUNT_CLOSED, locked, by, now))
    return leaving


def _other_administrator(role: RoleAssignment, *, on: datetime.date) -> bool:
    others = RoleAssignment.objects.current(on=on).filter(
        authority=role.authority_id, role=Role.ADMINISTRATOR, user__is_active=True
    )
    return others.exclude(user=role.user_id).exists()


@transaction.atomic
def reopen_account(*, user: User, by: User, now: datetime.datetime) -> User:
    """Reopen a closed account, without roles: each has to be given again."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if locked.is_active:
        return locked
    if locked.pk == by.pk:
        raise ValidationError("Another administrator has to do this.")
    locked.is_active = True
    locked.set_unusable_password()
    locked.save(update_fields=["is_active", "password"])
    Leaving.objects.filter(user=locked, reopened_at__isnull=True).update(reopened_by=by, reopened_at=now)
    return locked
