"""A tablet that is passed round: the coordinator opens a turn for one person, with a code that works once."""

from __future__ import annotations

import datetime
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Conference, Participant
from conferences.services.guards import participant_in
from meetings.models import TabletTurn
from meetings.selectors.day_steps import TheDay
from meetings.selectors.own_answers import own_answers
from meetings.services.guards import lock_in_session
from meetings.services.projector import CODE_SIGNS, SIGNS, TOKEN_BYTES, clean_code, hash_of

# Ours: time to walk across the room, read two questions and write two sentences.
TURN_LASTS = datetime.timedelta(minutes=10)
CODE, TOKEN = "turn code", "turn token"


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
    if not own.is_asked or own.part is None:
        raise ValidationError("Nothing is asked of this person now. Record that they are here first.")
    TabletTurn.objects.filter(participant=participant, ended_at__isnull=True).update(ended_at=now)
    code = "".join(secrets.choice(SIGNS) for _ in range(CODE_SIGNS))
    turn = TabletTurn.objects.create(
        participant=participant,
        part=own.part,
        opened_by=by,
        opened_at=now,
        code_hash=hash_of(CODE, code),
        ends_at=now + TURN_LASTS,
    )
    return turn, code


@transaction.atomic
def take_turn(*, code: str, now: datetime.datetime) -> str:
    """Redeem a code on the tablet and return the device's secret token; an empty string if the code is invalid.

    The row is locked before it is read, so of two devices that type the code at one moment only one gets the turn.
    """
    rows = TabletTurn.objects.select_for_update(of=("self",)).filter(
        code_hash=hash_of(CODE, clean_code(code)), ends_at__gt=now, taken_at__isnull=True, ended_at__isnull=True
    )
    turn = rows.first()
    if turn is None:
        return ""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    turn.token_hash = hash_of(TOKEN, token)
    turn.taken_at = now
    turn.save(update_fields=["token_hash", "taken_at"])
    return token


@transaction.atomic
def end_turn(*, turn: TabletTurn, has_answered: bool, now: datetime.datetime) -> None:
    """End a turn: the device shows nothing of it any more. Idempotent."""
    TabletTurn.objects.filter(pk=turn.pk, ended_at__isnull=True).update(ended_at=now, has_answered=has_answered)


def lock_turn(turn: TabletTurn) -> TabletTurn:
    """Lock a turn that goes on, so that of two pages sent at once one counts. Raises ValidationError where it ended."""
    locked = TabletTurn.objects.select_for_update().filter(pk=turn.pk, ended_at__isnull=True).first()
    if locked is None:
        raise ValidationError("This turn has ended. What you typed here was not added.")
    return locked
