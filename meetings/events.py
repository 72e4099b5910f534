"""What other apps do when a chair has decided, when a conference closes, and when something is corrected.

They connect in their ``hooks.py``; the services call them inside their own transaction, so that a decision
and what follows from it stand or fall together.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from conferences.models import Conference, Decision
from govuk.hook import Hook
from meetings.models import DecisionCorrection, EntryMove

OnDecision = Callable[[Decision, datetime.datetime], None]
OnClose = Callable[[Conference, datetime.datetime], None]

OnCorrection = Callable[[DecisionCorrection, datetime.datetime], list[str]]
OnMove = Callable[[EntryMove, datetime.datetime], None]
WasReleased = Callable[[Conference], bool]

# In the transaction that replaces a wrong decision: ``correction.decision`` is the wrong one, ``correction.made`` the
# right one. A listener says in sentences what it did.
decision_corrected: Hook[OnCorrection] = Hook()
# In the transaction that moves a released entry to the right child.
entry_moved: Hook[OnMove] = Hook()
# Whether something of a conference has gone out: then a second person has to agree.
released: Hook[WasReleased] = Hook()
# In the transaction of every decision.
decision_made: Hook[OnDecision] = Hook()
# In the transaction that closes a conference.
conference_closed: Hook[OnClose] = Hook()


def was_released(conference: Conference) -> bool:
    """Whether something of the conference has gone out already."""
    return any(asks(conference) for asks in released)


def tell_corrected(correction: DecisionCorrection, *, now: datetime.datetime) -> list[str]:
    """Let what follows from a correction happen, in the order of registration; every sentence about it."""
    return [said for callback in decision_corrected for said in callback(correction, now)]


def tell_moved(move: EntryMove, *, now: datetime.datetime) -> None:
    """Let what follows from moving a released entry happen."""
    for callback in entry_moved:
        callback(move, now)


def tell_decided(decision: Decision, *, now: datetime.datetime) -> None:
    """Let what follows from a decision happen, in the order of registration."""
    for callback in decision_made:
        callback(decision, now)


def tell_closed(conference: Conference, *, now: datetime.datetime) -> None:
    """Let what follows from closing happen, in the order of registration."""
    for callback in conference_closed:
        callback(conference, now)
