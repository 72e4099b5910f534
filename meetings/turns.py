"""The kinds of turns at a tablet that is passed round: in a conference, and in a core group, which connects its own."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from govuk.hook import Hook
from meetings.models.bases import Turn

if TYPE_CHECKING:
    from meetings.selectors.own_answers import OwnAnswers
    from meetings.views.own_answers import Desk

# What the hashes of codes and tokens are made for.
CODE, TOKEN = "turn code", "turn token"


@dataclass(frozen=True)
class TurnKind:
    """Turns of one table.

    ``find`` takes the hash of a device's token and returns its turn, if that goes on and whoever opened it may still
    record the meeting; ``desk`` makes where the person answers, from the turn and what a desk at a tablet has;
    ``subject`` says whose page the read log has.
    """

    model: type[Turn]
    find: Callable[[str, datetime.datetime], Any]
    desk: Callable[..., Desk]
    # Whether the part or sitting of the turn is still under way, from what the person is asked now.
    goes_on: Callable[[Any, OwnAnswers], bool]
    authority: Callable[[Any], Any]
    subject: Callable[[Any], dict[str, Any]]


turn_kinds: Hook[TurnKind] = Hook()


def kind_of(turn: Turn) -> TurnKind:
    """Return the kind of a turn."""
    return next(kind for kind in turn_kinds if isinstance(turn, kind.model))
