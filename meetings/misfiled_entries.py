"""Kinds of entry that can be filed under the wrong child, and how to move them; higher apps register theirs.

An entry keeps its row, its words and its author when it moves. Only the child changes, so its own history shows
both places. The move itself marks the old place.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from conferences.models import Conference
from families.models import Child, Family
from meetings.enums import EntryKind


@dataclass(frozen=True)
class Place:
    """Where an entry is filed: its conference or family plan, the children it concerns, and its text.

    ``children`` are those it names and ``possible`` those it may move to. ``record_of`` maps each child to the
    id of the plan or of the child's row in the conference. ``is_released`` says that the entry is part of
    something that has gone out.
    """

    family: Family
    conference: Conference | None
    children: list[Child]
    possible: list[Child]
    record_of: Callable[[Child], int]
    text: str
    is_released: bool


@dataclass(frozen=True)
class Movable:
    """One kind of entry: how to find and lock its place, and how to move it to another child."""

    kind: EntryKind
    place: Callable[[int], Place | None]
    put: Callable[[int, Child, Child, datetime.datetime], None]

    def look(self, entry_id: int) -> Place | None:
        """Return where an entry is filed, to display it; nothing stays locked."""
        with transaction.atomic():
            return self.place(entry_id)


_movable: dict[str, Movable] = {}


def register_movable(movable: Movable) -> None:
    """Register a kind of entry as movable; registering a kind again replaces it."""
    _movable[movable.kind] = movable


def movable(kind: str) -> Movable | None:
    """Return how to move entries of a kind."""
    return _movable.get(kind)
