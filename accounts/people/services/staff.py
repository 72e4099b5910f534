"""Keeping a council's users: their details, roles that come and go, and accounts that close."""

from __future__ import annotations

import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.enums import ProposalState, Role
from accounts.models import Authority, Leaving, RoleAssignment, RoleProposal, Team, User
from accounts.people.services.roles import assign_role, create_user, end_role
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
    """Make an account with its first role; its owner chooses a password through "forgotten password".

    In order: the account, unless the address has one; the role, as give_role does. Raises ValidationError as
    create_user and give_role do, and on ``email`` where the account of that address is closed.
    """
    user = create_user(email=email, name=name, job_title=job_title, phone=phone)
    if not user.is_active:
        raise ValidationError({"email": "The account of this address is closed. Open it again instead."})
    give_role(user=user, authority=authority, role=role, team=team, starts_on=starts_on, by=by, now=now)
    return user


@transaction.atomic
def change_user(
    *, user: User, email: str, name: str, job_title: str, phone: str, by: User, now: datetime.datetime
) -> User:
    """Change what an account says of its owner.

    In order: the details; where the address is another one, every session ends, a password that somebody could have
    set anew with the old mailbox no longer counts, and the old address is written to. Raises ValidationError on the
    field that is wrong, and on ``email`` where another account has it or it is one's own.
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
        EmailAddress.objects.filter(user=locked).update(email=address)
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
    """Give a role from a day on, or propose it where a second administrator has to confirm it.

    Nobody gives a role to themselves: who looks after users sees no case, and a role is how they would. Given to
    anybody else it counts from its day, and the council's service managers hear of one that opens cases, so that
    an account made up for it is noticed. Raises ValidationError as assign_role does, and where the account is closed.
    """
    if not user.is_active:
        raise ValidationError("This account is closed. Open it again first.")
    if role not in Role.values:
        raise ValidationError({"role": "Choose a role."})
    if user.pk == by.pk:
        return _propose(
            user=user, authority=authority, role=role, team=team, starts_on=starts_on, by=by, now=now
        )
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
    given = assign_role(user=user, authority=authority, role=role, team=team, starts_on=starts_on)
    if given.pk not in held:
        event = StaffEvent(
            StaffEventKind.ROLE_GIVEN, user, by, now, authority_id=authority.pk, role=Role(role).value
        )
        announce_staff(event)
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
        user=user,
        authority=authority,
        role=role,
        team=team,
        starts_on=starts_on,
        proposed_by=by,
        proposed_at=now,
    )
    proposal.full_clean()
    proposal.save()
    return proposal


@transaction.atomic
def settle_proposal(
    *, proposal: RoleProposal, confirm: bool, by: User, now: datetime.datetime
) -> RoleProposal:
    """Confirm or refuse a proposed role; confirmed, it counts from its day or from today if that has gone by.

    A settled one stays as it is. Raises ValidationError where ``by`` proposed it, or would get it, and confirms.
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
    """Move somebody to another team in one act: on ``on`` the old role has ended and the new one counts.

    What the old team opened is closed to them from that day; cases they hold stay theirs until a manager gives
    them to somebody else. Moving to the same team changes nothing. Raises ValidationError on ``team`` where it is
    no team of the council, on ``on`` where the old role begins after it, and where it is one's own or has ended.
    """
    if assignment.team_id == team.pk:
        return assignment
    if assignment.team_id is None:
        raise ValidationError("This role belongs to no team.")
    if assignment.user_id == by.pk:
        raise ValidationError("Another administrator has to move you.")
    if assignment.ends_on is not None:
        raise ValidationError("This role has an end already. Give a new one instead.")
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
def take_away_second_steps(
    *, user: User, authority: Authority, why: str, by: User, now: datetime.datetime
) -> None:
    """Let somebody who lost their phone or passkey, and their recovery codes, begin anew.

    In order: the steps and codes are gone; so is the password, that nobody who knows it alone can set up a step
    in the owner's place: the mailbox has to be shown first; every session ends; the owner and the council's service
    managers are told. Whoever asks is known to ``by``, who says in ``why`` how.

    Raises ValidationError on ``why`` without a reason, where it is one's own account, or where it is closed.
    """
    if not why.strip():
        raise ValidationError({"why": "Say how you made sure who asked."})
    if user.pk == by.pk:
        raise ValidationError("Another administrator has to do this for you.")
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not locked.is_active:
        raise ValidationError("This account is closed. Open it again first.")
    taken, _ = Authenticator.objects.filter(user=locked).delete()
    if not taken:
        return
    locked.set_unusable_password()
    locked.save(update_fields=["password"])
    sessions.end_all(user=locked)
    announce_staff(
        StaffEvent(StaffEventKind.STEPS_TAKEN, locked, by, now, authority_id=authority.pk, why=why.strip())
    )


@transaction.atomic
def close_account(*, user: User, why: str, by: User, now: datetime.datetime) -> Leaving:
    """Close the account of somebody who left, at once.

    In order: the account opens nothing any more; every session ends; every role ends with today's beginning; the
    closing is kept with who and why; higher apps end what else they hold (calendar feeds). Open work stays in their
    name until a manager gives it to somebody else. Closed already, it stays so.

    Raises ValidationError on ``why`` without a reason, and where it is one's own account or the council's last
    administrator.
    """
    if not why.strip():
        raise ValidationError({"why": "Say why the account is closed."})
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
    """Open a closed account again, without any role: each is given anew."""
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
