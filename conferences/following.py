"""What other apps do when a chair has decided, when a conference closes, and when something is corrected.

They register in ``AppConfig.ready``; the services call them inside their own transaction, so that a decision
and what follows from it stand or fall together.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from conferences.models import Conference, Decision, DecisionCorrection, EntryMove

OnDecision = Callable[[Decision, datetime.datetime], None]
OnClose = Callable[[Conference, datetime.datetime], None]

OnCorrection = Callable[[DecisionCorrection, datetime.datetime], list[str]]
OnMove = Callable[[EntryMove, datetime.datetime], None]
WasReleased = Callable[[Conference], bool]

_on_correction: list[OnCorrection] = []
_on_move: list[OnMove] = []
_was_released: list[WasReleased] = []
_on_decision: list[OnDecision] = []
_on_close: list[OnClose] = []


def on_decision(callback: OnDecision) -> OnDecision:
    """Run ``callback(decision, now)`` in the transaction of every decision; twice registered is once."""
    if callback not in _on_decision:
        _on_decision.append(callback)
    return callback


def on_close(callback: OnClose) -> OnClose:
    """Run ``callback(conference, now)`` in the transaction that closes a conference."""
    if callback not in _on_close:
        _on_close.append(callback)
    return callback


def on_correction(callback: OnCorrection) -> OnCorrection:
    """Run ``callback(correction, now)`` in the transaction that replaces a wrong decision.

    ``correction.decision`` is the wrong one, ``correction.made`` the right one. It says in sentences what it did.
    """
    if callback not in _on_correction:
        _on_correction.append(callback)
    return callback


def on_move(callback: OnMove) -> OnMove:
    """Run ``callback(move, now)`` in the transaction that moves a released entry to the right child."""
    if callback not in _on_move:
        _on_move.append(callback)
    return callback


def register_released(asks: WasReleased) -> WasReleased:
    """Let an app say whether something of a conference has gone out: then a second person has to agree."""
    if asks not in _was_released:
        _was_released.append(asks)
    return asks


def was_released(conference: Conference) -> bool:
    """Whether something of the conference has gone out already."""
    return any(asks(conference) for asks in _was_released)


def tell_corrected(correction: DecisionCorrection, *, now: datetime.datetime) -> list[str]:
    """Let what follows from a correction happen, in the order of registration; every sentence about it."""
    return [said for callback in _on_correction for said in callback(correction, now)]


def tell_moved(move: EntryMove, *, now: datetime.datetime) -> None:
    """Let what follows from moving a released entry happen."""
    for callback in _on_move:
        callback(move, now)


def tell_decided(decision: Decision, *, now: datetime.datetime) -> None:
    """Let what follows from a decision happen, in the order of registration."""
    for callback in _on_decision:
        callback(decision, now)


def tell_closed(conference: Conference, *, now: datetime.datetime) -> None:
    """Let what follows from closing happen, in the order of registration."""
    for callback in _on_close:
        callback(conference, now)
