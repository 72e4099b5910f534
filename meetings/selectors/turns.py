"""Whose turn it is at a tablet, checked each time it asks."""

from __future__ import annotations

import datetime

from conferences.access import may
from conferences.enums import ConferenceStatus, Presence, SittingState
from conferences.models import Attendance
from meetings.models import TabletTurn
from meetings.models.bases import Turn
from meetings.services.projector import hash_of
from meetings.turns import TOKEN, turn_kinds


def turn_with(token: str, *, now: datetime.datetime) -> Turn | None:
    """Return the turn, of whichever kind, that the device with this secret token has, if it goes on."""
    if not token:
        return None
    found = (kind.find(hash_of(TOKEN, token), now) for kind in turn_kinds)
    return next((turn for turn in found if turn is not None), None)


def conference_turn(token_hash: str, now: datetime.datetime) -> TabletTurn | None:
    """Return the turn in a conference with this token, if it goes on.

    Not ended and within its minutes, in a sitting in session; its person was not removed, and whoever opened it may
    still record this conference.
    """
    turn = (
        TabletTurn.objects.select_related(
            "participant__person",
            "participant__conference__family__team",
            "participant__conference__authority",
            "participant__conference__chair",
            "participant__conference__coordinator",
            "opened_by",
            "part",
        )
        .filter(
            token_hash=token_hash,
            ended_at__isnull=True,
            ends_at__gt=now,
            part__sitting__state=SittingState.IN_SESSION,
            participant__conference__status=ConferenceStatus.OPEN,
        )
        .first()
    )
    if turn is None or not may(turn.opened_by, turn.participant.conference, to="record"):
        return None
    gone = Attendance.objects.filter(participant=turn.participant, presence=Presence.REMOVED).exists()
    return None if gone else turn
