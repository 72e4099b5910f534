"""Withdraw a child from a conference that goes on for the others."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.access import chairs_of, may
from conferences.enums import NOBODY_DECIDES, Capacity, Occasion, ParticipantStatus, WithdrawalGround
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.enquiries import managers_of
from conferences.services.chairs_words import GIVES_AWAY, gives_away
from conferences.services.child_news import REPORT_NO_LONGER, tell_of_child, tell_staff
from conferences.services.children import lock_to_change
from conferences.services.comers import TAKEN_OFF, only_for
from conferences.services.exclusions import lock_participant
from conferences.services.first_round import settle_first_round
from conferences.services.guards import EditedMeanwhile, family_ids_of
from conferences.services.guest_links import revoke_link
from conferences.services.lateness import ask_about_lateness
from conferences.services.sending import booked_sitting, cancel_entry, was_told, withdraw_unsent
from conferences.services.to_tell import put_on_list, take_off_list
from conferences.services.views_bearers import tell_whose_views_wait
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Person
from notifications.enums import Subject

DECIDED = "The chair has already decided for this child."
LAST = "This is the only child of the conference. Cancel the conference instead."
NO_LONGER = "a child is no longer part of this conference, which goes on for the others."


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """Why a child is withdrawn, who decided it, who stays although they came only for this child.

    ``told_text`` is what the family members taken off are told, in the chair's words; ``words_agreed`` says that the
    chair has agreed to them, where another person writes them down.
    """

    ground: str
    because: str
    decided_by: User | None = None
    staying: Collection[int] = ()
    told_text: str = ""
    words_agreed: bool = False
    version: int | None = None


def deciders(conference: Conference, *, on: datetime.date) -> list[User]:
    """Return who may decide that a child is withdrawn: the chair, and the managers of the case."""
    found = [*chairs_of(conference, on=on), *managers_of(conference.family, on=on)]
    return list({user.pk: user for user in found if may(user, conference, to="read")}.values())


@transaction.atomic
def withdraw_child(
    *, conference_child: ConferenceChild, withdrawal: Withdrawal, by: User, now: datetime.datetime
) -> ConferenceChild:
    """Withdraw a child from a conference that is not over and goes on for the others. Idempotent.

    In order: records ground, reason and who decided; takes off the list those who come for no other child, but for
    those who stay, whose calendar entry is cancelled and link closed; a member of the family who knew of the
    meeting is told in the chair's words, an agency's worker why and that nothing more is needed from them; tells
    those who come for the child and for others, and the council's own people; after a death, or a pregnancy that
    ended, nothing is sent; asks for agreement where the date is late; counts the deadlines. Reports about the child
    stay, and are shared no longer in this conference. The child's own time limit runs on, unless what happened ends
    it. Whoever waits for the chair, or is kept out, stays so.

    Raises ValidationError by field, where the chair has decided for the child, or where no other child would be
    left; EditedMeanwhile; MeetingClosed.
    """
    locked = lock_to_change(conference_child.conference, by=by, what="withdraw a child from it")
    row = ConferenceChild.objects.select_for_update(of=("self",)).get(pk=conference_child.pk, conference=locked)
    row.conference = locked
    if row.withdrawn_at is not None:
        return row
    leaving = [one for one in only_for(row) if one.pk not in withdrawal.staying]
    _check(locked, row, withdrawal, leaving, by=by, now=now)
    record_withdrawal(row, withdrawal, now=now)
    silent = withdrawal.ground in NOBODY_DECIDES
    _stay(row, withdrawal.staying)
    for participant in leaving:
        take_off(participant, told=withdrawal.told_text.strip(), silent=silent, by=by, now=now)
    if not silent:
        tell_of_child(locked, row, joins=False, now=now)
    settle_first_round(locked, now=now)
    tell_staff(locked, f"child:{row.pk}:{row.version}", NO_LONGER, but=by, now=now)
    ask_about_lateness(conference=locked, now=now)
    reconcile(family_ids=family_ids_of(locked), now=now)
    return row


def record_withdrawal(row: ConferenceChild, withdrawal: Withdrawal, *, now: datetime.datetime) -> None:
    """Write the withdrawal on a locked child's row; the conference counts as changed."""
    row.withdrawn_at = now
    row.withdrawn_because = withdrawal.because.strip()
    row.withdrawn_ground = withdrawal.ground
    row.withdrawal_decided_by = withdrawal.decided_by
    row.withdrawn_told = withdrawal.told_text.strip()
    row.version += 1
    row.save()
    row.conference.version += 1
    row.conference.save(update_fields=["version"])


def _check(
    conference: Conference,
    row: ConferenceChild,
    withdrawal: Withdrawal,
    leaving: list[Participant],
    *,
    by: User,
    now: datetime.datetime,
) -> None:
    if row.decisions.filter(superseded_by__isnull=True).exists():
        raise ValidationError(DECIDED)
    if not conference.children.present().exclude(pk=row.pk).exists():
        raise ValidationError(LAST)
    if withdrawal.version is not None and withdrawal.version != row.version:
        raise EditedMeanwhile(row)
    errors: dict[str, str] = {}
    if withdrawal.ground not in WithdrawalGround.values:
        errors["ground"] = "Choose why the child is withdrawn."
    if not withdrawal.because.strip():
        errors["because"] = "Say why the child is withdrawn from the conference."
    if withdrawal.ground == WithdrawalGround.DIED and row.child.person.death_date is None:
        errors["ground"] = "First record the death on the child’s own page. What leads to the family stops with it."
    silent = withdrawal.ground in NOBODY_DECIDES
    if not silent and withdrawal.decided_by not in deciders(conference, on=civil_day(now)):
        errors["decided_by"] = "Choose who decided it: the chair or a manager."
    if not silent and any(owed_words(one) for one in leaving):
        readers = [one.person for one in leaving if owed_words(one)]
        errors |= _errors_in_words(conference, withdrawal, readers, by=by)
    if errors:
        raise ValidationError(errors)


def _errors_in_words(
    conference: Conference, withdrawal: Withdrawal, readers: list[Person], *, by: User
) -> dict[str, str]:
    told = withdrawal.told_text
    if not told.strip():
        return {"told_text": "Some of those taken off know of the meeting. Say what they are told now."}
    if "[" in told and "]" in told:
        return {"told_text": "Put your own words in place of those in brackets."}
    if gives_away(told, readers, conference):
        return {"told_text": GIVES_AWAY}
    if not withdrawal.words_agreed and not may(by, conference, to="chair"):
        return {"words_agreed": "The chair agrees to what members of the family are told. Ask the chair first."}
    return {}


def owed_words(participant: Participant) -> bool:
    """Return whether a member of the family knows of the meeting, and is owed the chair's words when taken off it."""
    return participant.is_family and participant.status == ParticipantStatus.INVITED and was_told(participant)


def draft_for_those_taken_off(conference: Conference) -> str:
    """Return words for the chair to start from; they name no child."""
    return (
        f"You do not need to come to the meeting with the reference {conference.reference} any more. It is no longer "
        "about the child you were invited for. Please take it out of your diary.\n\n[What happens for the child now, "
        "and whom to ask about it.]"
    )


def _said_to_others(participant: Participant) -> str:
    """Return what an agency's worker is told who came only for the child; it names no child."""
    if participant.capacity != Capacity.PROFESSIONAL:
        return ""
    off = (
        f"You do not need to come to the meeting with the reference {participant.conference.reference} any more. It is "
        "no longer about the child your agency knows. Please take it out of your diary."
    )
    return f"{off}\n\n{REPORT_NO_LONGER}" if participant.reports else off


def _stay(row: ConferenceChild, staying: Collection[int]) -> None:
    others = list(row.conference.children.present().exclude(pk=row.pk))
    for participant in row.conference.participants.filter(pk__in=list(staying), children=row):
        participant.children.add(*others)


def take_off(participant: Participant, *, told: str, silent: bool, by: User, now: datetime.datetime) -> None:
    """Take someone off the list who came for no child whom the conference is still about.

    ``silent``: nothing is sent, not even a cancellation: someone who knows them tells them.
    """
    locked = lock_participant(participant)
    conference = locked.conference
    was_invited = locked.status == ParticipantStatus.INVITED
    locked.status = ParticipantStatus.WITHDRAWN if was_invited else ParticipantStatus.LEFT_OUT
    locked.change_reason = TAKEN_OFF
    locked.version += 1
    locked.save(update_fields=["status", "change_reason", "version"])
    tell_whose_views_wait(locked, now=now)
    words = told if locked.is_family else _said_to_others(locked)
    sitting = booked_sitting(conference)
    if sitting is not None and not silent:
        cancel_entry(
            participant=locked, conference=conference, sitting=sitting, subject=Subject.PLACE, told=words, now=now
        )
        return
    withdraw_unsent(locked, because=TAKEN_OFF, now=now)
    revoke_link(locked, because=TAKEN_OFF, by=by, now=now, stays_go_on=True)
    take_off_list(locked, because=TAKEN_OFF, now=now)
    if not silent and was_told(locked):
        put_on_list(locked, Occasion.TAKEN_OFF, words=words, now=now)
