"""What other apps do when a chair has decided, and when a conference closes.

They register in ``AppConfig.ready``; the services call them inside their own transaction, so that a decision
and what follows from it stand or fall together.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from conferences.models import Conference, Decision

OnDecision = Callable[[Decision, datetime.datetime], None]
OnClose = Callable[[Conference, datetime.datetime], None]

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


def tell_decided(decision: Decision, *, now: datetime.datetime) -> None:
    """Let what follows from a decision happen, in the order of registration."""
    for callback in _on_decision:
        callback(decision, now)


def tell_closed(conference: Conference, *, now: datetime.datetime) -> None:
    """Let what follows from closing happen, in the order of registration."""
    for callback in _on_close:
        callback(conference, now)
