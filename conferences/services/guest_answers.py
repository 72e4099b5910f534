"""What guests say themselves: whether they are coming, and what they need."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from conferences.access import chairs_of
from conferences.enums import Need, Reply
from conferences.models import Participant, SaidByGuest
from conferences.selectors.recipients import to_be_told
from conferences.services.exclusions import lock_participant
from conferences.services.invitations import record_reply
from deadlines.working_days.arithmetic import civil_day
from notifications.services.outbox import notify

TELLS_THE_CHAIR = frozenset({Need.APART})


@transaction.atomic
def answer_as_guest(
    *, participant: Participant, guest_session_id: int, reply: str, now: datetime.datetime
) -> SaidByGuest:
    """Record a guest's own answer, as sent and as the current one, and tell the coordinator.

    Idempotent. Raises ValidationError as ``record_reply`` does.
    """
    record_reply(participant=participant, reply=reply, by=None, now=now)
    newest = SaidByGuest.objects.filter(participant=participant).exclude(reply="").first()
    if newest is not None and newest.reply == reply:
        return newest
    said = SaidByGuest.objects.create(
        participant=participant, guest_session_id=guest_session_id, said_at=now, reply=reply
    )
    _tell(participant, said, "someone has answered their invitation.", now=now)
    return said


@transaction.atomic
def ask_as_guest(
    *, participant: Participant, guest_session_id: int, needs: Collection[str], text: str, now: datetime.datetime
) -> SaidByGuest:
    """Record a guest's needs in their own words, and tell the coordinator; the chair too, of a wish to be apart.

    Whether anyone stays out, or comes separately, is for the chair to decide: nothing follows automatically.
    Idempotent. Raises ValidationError where nothing is said, or where the person is no longer invited.
    """
    locked = lock_participant(participant)
    if not needs and not text.strip():
        raise ValidationError({"needs": "Choose what you need, or write it in your own words"})
    if set(needs) - set(Need.values):
        raise ValidationError({"needs": "Choose one of the answers shown"})
    wanted = sorted(needs)
    newest = SaidByGuest.objects.filter(participant=locked, reply="").first()
    if newest is not None and (newest.needs, newest.text) == (wanted, text.strip()):
        return newest
    said = SaidByGuest.objects.create(
        participant=locked, guest_session_id=guest_session_id, said_at=now, needs=wanted, text=text.strip()
    )
    apart = bool(TELLS_THE_CHAIR & set(wanted))
    _tell(locked, said, "someone who is invited has asked for something.", urgent=apart, now=now)
    return said


def _tell(
    participant: Participant, said: SaidByGuest, words: str, *, urgent: bool = False, now: datetime.datetime
) -> None:
    conference = participant.conference
    urgent = urgent or said.reply == Reply.NOT_COMING
    today = civil_day(now)
    chairs = chairs_of(conference, on=today) if said.needs and urgent else []
    for user in to_be_told(conference, [conference.coordinator, *chairs], on=today):
        notify(
            user=user,
            key=f"said-by-guest:{said.pk}",
            text=f"{conference.reference}: {words}",
            url=reverse("conferences:participant", args=[conference.pk, participant.pk]),
            urgent=urgent,
            now=now,
        )
