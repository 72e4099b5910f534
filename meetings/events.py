"""Hooks for other apps: after a decision, when a conference closes, and when something is corrected.

Apps connect to them in their ``hooks.py``. The services call the hooks inside their own transaction, so that a
decision and everything that follows from it are saved together or not at all.
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
WhyNotThere = Callable[[Conference, str, datetime.date], str]
WasReleased = Callable[[Conference], bool]

# Called in the transaction that replaces a wrong decision: ``correction.decision`` is the wrong one and
# ``correction.made`` the right one. A listener returns sentences that say what it did.
decision_corrected: Hook[OnCorrection] = Hook()
# Called in the transaction that moves a released entry to the right child.
entry_moved: Hook[OnMove] = Hook()
# Called in the transaction that moves any entry to the right child, released or not.
entry_put: Hook[OnMove] = Hook()
# Asks whether anything from a conference has gone out. If so, a second person has to agree.
released: Hook[WasReleased] = Hook()
# Called in the transaction of every decision.
decision_made: Hook[OnDecision] = Hook()
# Called in the transaction that closes a conference.
conference_closed: Hook[OnClose] = Hook()

# Asks, as a place for the core group is agreed, why it must not be there; empty where it may.
core_group_place: Hook[WhyNotThere] = Hook()


def why_not_there(conference: Conference, place: str, *, on: datetime.date) -> str:
    """Return why a core group of the conference's children must not meet at a place; empty where it may."""
    return next(filter(None, (asks(conference, place, on) for asks in core_group_place)), "")


def was_released(conference: Conference) -> bool:
    """Return whether anything from the conference has already gone out."""
    return any(asks(conference) for asks in released)


def tell_corrected(correction: DecisionCorrection, *, now: datetime.datetime) -> list[str]:
    """Announce a correction and return every sentence about its effects, in order of registration."""
    return [said for callback in decision_corrected for said in callback(correction, now)]


def tell_moved(move: EntryMove, *, now: datetime.datetime) -> None:
    """Announce that a released entry has been moved."""
    for callback in entry_moved:
        callback(move, now)


def tell_put(move: EntryMove, *, now: datetime.datetime) -> None:
    """Announce that an entry is with the right child now: no paper may go on to show it for the wrong one."""
    for callback in entry_put:
        callback(move, now)


def tell_decided(decision: Decision, *, now: datetime.datetime) -> None:
    """Announce a decision, in order of registration."""
    for callback in decision_made:
        callback(decision, now)


def tell_closed(conference: Conference, *, now: datetime.datetime) -> None:
    """Announce that a conference has closed, in order of registration."""
    for callback in conference_closed:
        callback(conference, now)
