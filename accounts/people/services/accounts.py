"""Changes of an account by which someone else could come in as its owner, and the second person they wait for."""

from __future__ import annotations

import datetime

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.enums import AccountChange, ProposalState
from accounts.models import AccountProposal, Authority, Leaving, RoleAssignment, RoleProposal, User
from accounts.people.services.second_person import require_second, require_somebody
from accounts.people.staff_events import StaffEvent, StaffEventKind, announce_staff
from accounts.signin import mailboxes, sessions

ON_ITS_OWNER = {
    AccountChange.ADDRESS: "Another administrator has to change your own address.",
    AccountChange.STEPS: "Another administrator has to do this for you.",
    AccountChange.REOPENING: "Another administrator has to do this.",
}


def change_address(
    *, user: User, authority: Authority, email: str, why: str, by: User, now: datetime.datetime
) -> AccountProposal | None:
    """Change an account's e-mail address, or propose it where its owner ever held a role.

    When it takes effect, in order: writes the address; drops the password, which could have been reset from the
    old mailbox; ends every session; tells the old address. Returns the proposal, None where it took effect or
    says nothing new. Raises ValidationError as propose_change does, and on ``email`` where it is malformed or
    another account has it.
    """
    address = User.objects.normalize_email(email.strip()).lower()
    try:
        validate_email(address)
    except ValidationError as refusal:
        raise ValidationError({"email": refusal.messages}) from refusal
    if address == user.email:
        return None
    _require_free(address, but=user)
    return propose_change(
        user=user, authority=authority, kind=AccountChange.ADDRESS, email=address, why=why, by=by, now=now
    )


def take_away_second_steps(
    *, user: User, authority: Authority, why: str, by: User, now: datetime.datetime
) -> AccountProposal | None:
    """Reset the second factor of someone who lost phone or passkey and codes, or propose it if they ever held a role.

    When it takes effect, in order: removes the steps and codes; removes the password too, so that someone who
    knows only that can't set up a step in the owner's place without access to the mailbox; ends every session;
    tells the owner and the council's service managers. ``by`` has verified who asked, and says in ``why`` how.
    Returns the proposal, None where it took effect or there was no step. Raises ValidationError as
    propose_change does, and where the account is closed.
    """
    if not user.is_active:
        raise ValidationError("This account is closed. Reopen it first.")
    return propose_change(user=user, authority=authority, kind=AccountChange.STEPS, why=why, by=by, now=now)


def reopen_account(
    *, user: User, authority: Authority, why: str, by: User, now: datetime.datetime
) -> AccountProposal | None:
    """Reopen a closed account, without roles, or propose it where its owner ever held one.

    Each role has to be given again, and a new password chosen. Returns the proposal, None where the account is
    open now. Raises ValidationError as propose_change does.
    """
    if user.is_active:
        return None
    return propose_change(user=user, authority=authority, kind=AccountChange.REOPENING, why=why, by=by, now=now)


@transaction.atomic
def propose_change(
    *,
    user: User,
    authority: Authority,
    kind: AccountChange,
    why: str,
    by: User,
    now: datetime.datetime,
    email: str = "",
) -> AccountProposal | None:
    """Make a change where the account never opened anything, else ask for someone else to confirm it.

    A role that has ended counts: whoever asks could have ended it for this, and give it back. One that waits to be
    confirmed counts too: it would be confirmed for someone else than was asked for. In order: a proposal
    that nobody settled in a week is refused; the new one is written; its person is told at the address they have
    now, whoever may confirm it and the service managers are told. Until it is settled no
    link for a new password of this account works. The same proposal a second time returns the first. Raises
    ValidationError on ``why`` without a reason, and where the account is the user's own, where another change
    of it waits, and where nobody could confirm it.
    """
    if not why.strip():
        raise ValidationError({"why": "Give the reason."})
    if user.pk == by.pk:
        message = ON_ITS_OWNER[kind]
        raise ValidationError({"email": message} if kind == AccountChange.ADDRESS else message)
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    asked_for = RoleProposal.objects.filter(user=locked, state=ProposalState.PROPOSED)
    if not RoleAssignment.objects.filter(user=locked).exists() and not asked_for.exists():
        _carry_out(user=locked, authority=authority, kind=kind, email=email, why=why.strip(), by=by, now=now)
        return None
    if kind == AccountChange.STEPS and not Authenticator.objects.filter(user=locked).exists():
        return None
    waiting = AccountProposal.objects.filter(user=locked, state=ProposalState.PROPOSED).first()
    if waiting is not None and not AccountProposal.objects.waiting(now=now).filter(pk=waiting.pk).exists():
        _settle(waiting, ProposalState.REFUSED, by=by, now=now)
        waiting = None
    if waiting is not None and (waiting.kind, waiting.email) == (kind, email):
        return waiting
    if waiting is not None:
        raise ValidationError("Another change of this account waits already. Settle that one first.")
    require_somebody(authority=authority, asked_by=by, user=locked, now=now)
    proposal = AccountProposal(
        user=locked, authority=authority, kind=kind, email=email, was=locked.email, why=why.strip(),
        proposed_by=by, proposed_at=now,
    )  # fmt: skip
    proposal.full_clean()
    proposal.save()
    _announce(StaffEventKind.CHANGE_PROPOSED, proposal, by=by, now=now)
    return proposal


@transaction.atomic
def settle_account_change(
    *, proposal: AccountProposal, confirm: bool, by: User, now: datetime.datetime
) -> AccountProposal:
    """Carry a proposed change out, or refuse it, and tell whoever heard of the proposal.

    A no-op on a settled one. Raises ValidationError where ``by`` is not one of those who may confirm, where the
    proposal is older than a week, and where meanwhile another account has the address.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=proposal.user_id)
    locked = AccountProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if locked.state != ProposalState.PROPOSED:
        return locked
    if confirm:
        require_second(authority=locked.authority, asked_by=locked.proposed_by, user=user, by=by, now=now)
        if not AccountProposal.objects.waiting(now=now).filter(pk=locked.pk).exists():
            raise ValidationError("Nobody has confirmed this for a week. Refuse it, and ask for it to be made again.")
        if locked.kind == AccountChange.STEPS and not user.is_active:
            raise ValidationError("This account has been closed since. Refuse the change.")
        if user.email != locked.was:
            raise ValidationError("The address of this account has changed since. Refuse the change.")
        _carry_out(
            user=user, authority=locked.authority, kind=AccountChange(locked.kind), email=locked.email,
            why=locked.why, by=by, now=now,
        )  # fmt: skip
    _settle(locked, ProposalState.CONFIRMED if confirm else ProposalState.REFUSED, by=by, now=now)
    if not confirm:
        _announce(StaffEventKind.CHANGE_REFUSED, locked, by=by, now=now)
    return locked


def refuse_changes_of(user: User, *, by: User, now: datetime.datetime) -> None:
    """Refuse what waits to be changed of an account that is being closed."""
    for proposal in AccountProposal.objects.select_for_update().filter(user=user, state=ProposalState.PROPOSED):
        _settle(proposal, ProposalState.REFUSED, by=by, now=now)


def _settle(proposal: AccountProposal, state: ProposalState, *, by: User, now: datetime.datetime) -> None:
    proposal.state = state
    proposal.settled_by, proposal.settled_at = by, now
    proposal.full_clean()
    proposal.save(update_fields=["state", "settled_by", "settled_at"])


def _announce(kind: StaffEventKind, proposal: AccountProposal, *, by: User, now: datetime.datetime) -> None:
    what = AccountChange(proposal.kind).label.lower()
    announce_staff(
        StaffEvent(
            kind,
            proposal.user,
            by,
            now,
            authority_id=proposal.authority_id,
            was=proposal.was,
            what=what,
            why=proposal.why,
        )
    )


def _carry_out(
    *, user: User, authority: Authority, kind: AccountChange, email: str, why: str, by: User, now: datetime.datetime
) -> None:
    """Carry out a change of a locked account, as the function for each kind says."""
    was = user.email
    if kind == AccountChange.ADDRESS:
        _require_free(email, but=user)
        user.email = email
        mailboxes.left(user)
        happened = StaffEventKind.ADDRESS_CHANGED
    elif kind == AccountChange.STEPS:
        taken, _ = Authenticator.objects.filter(user=user).delete()
        if not taken:
            return
        happened = StaffEventKind.STEPS_TAKEN
    else:
        if user.is_active:
            return
        user.is_active = True
        Leaving.objects.filter(user=user, reopened_at__isnull=True).update(reopened_by=by, reopened_at=now)
        happened = StaffEventKind.REOPENED
    user.set_unusable_password()
    user.full_clean()
    user.save()
    sessions.end_all(user=user)
    announce_staff(StaffEvent(happened, user, by, now, authority_id=authority.pk, was=was, why=why))


def _require_free(email: str, *, but: User) -> None:
    if User.objects.filter(email__iexact=email).exclude(pk=but.pk).exists():
        raise ValidationError({"email": "Another account has this address."})
