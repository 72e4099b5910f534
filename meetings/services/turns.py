"""A tablet that is passed round: the coordinator opens a turn for one person, with a code that works once."""

from __future__ import annotations

import datetime
import secrets
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Conference, Participant
from conferences.services.guards import participant_in
from meetings.models import TabletTurn
from meetings.models.bases import Turn
from meetings.selectors.day_steps import TheDay
from meetings.selectors.own_answers import OwnAnswers, own_answers
from meetings.services.guards import lock_in_session
from meetings.services.projector import CODE_SIGNS, SIGNS, TOKEN_BYTES, clean_code, hash_of
from meetings.turns import CODE, TOKEN, turn_kinds

T = TypeVar("T", bound=Turn)

# Ours: time to walk across the room, read two questions and write two sentences.
TURN_LASTS = datetime.timedelta(minutes=10)


@transaction.atomic
def open_turn(
    *, conference: Conference, participant: Participant, by: User, now: datetime.datetime
) -> tuple[TabletTurn, str]:
    """Open a turn for one person in the part under way, and return the code that opens it once.

    In order: locks the conference; ends a turn of theirs that is still open; writes the turn with the code's hash.
    Raises ValidationError where nothing is asked of them now; MeetingClosed.
    """
    locked, sitting = lock_in_session(conference)
    participant_in(locked, participant, "participant")
    own = own_answers(TheDay(locked, sitting=sitting), [participant.person_id])
    return new_turn(TabletTurn, own, by=by, now=now, whose={"participant": participant}, part=own.part)


def new_turn(
    model: type[T], own: OwnAnswers, *, by: User, now: datetime.datetime, whose: dict[str, Any], **where: Any
) -> tuple[T, str]:
    """Write a turn of one person, end the one before, and return it with its code. The caller holds the lock.

    Raises ValidationError where nothing is asked of them now.
    """
    if not own.is_asked:
        raise ValidationError("Nothing is asked of this person now. Record that they are here first.")
    model._default_manager.filter(**whose, ended_at__isnull=True).update(ended_at=now)
    code = "".join(secrets.choice(SIGNS) for _ in range(CODE_SIGNS))
    turn = model._default_manager.create(
        **whose, **where, opened_by=by, opened_at=now, code_hash=hash_of(CODE, code), ends_at=now + TURN_LASTS
    )
    return turn, code


@transaction.atomic
def take_turn(*, code: str, now: datetime.datetime) -> str:
    """Redeem a code on the tablet and return the device's secret token; an empty string if the code is invalid.

    The row is locked before it is read, so of two devices that type the code at one moment only one gets the turn.
    """
    for kind in turn_kinds:
        rows = kind.model._default_manager.select_for_update(of=("self",)).filter(
            code_hash=hash_of(CODE, clean_code(code)), ends_at__gt=now, taken_at__isnull=True, ended_at__isnull=True
        )
        turn = rows.first()
        if turn is not None:
            token = secrets.token_urlsafe(TOKEN_BYTES)
            turn.token_hash = hash_of(TOKEN, token)
            turn.taken_at = now
            turn.save(update_fields=["token_hash", "taken_at"])
            return token
    return ""


@transaction.atomic
def end_turn(*, turn: Turn, has_answered: bool, now: datetime.datetime) -> None:
    """End a turn: the device shows nothing of it any more. Idempotent."""
    rows = type(turn)._default_manager.filter(pk=turn.pk, ended_at__isnull=True)
    rows.update(ended_at=now, has_answered=has_answered)


def lock_turn(turn: T) -> T:
    """Lock a turn that goes on, so that of two pages sent at once one counts. Raises ValidationError where it ended."""
    locked = type(turn)._default_manager.select_for_update().filter(pk=turn.pk, ended_at__isnull=True).first()
    if locked is None:
        raise ValidationError("This turn has ended. What you typed here was not added.")
    return locked
