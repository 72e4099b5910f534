"""What can stand with the wrong child, and how it goes to the right one; higher apps register theirs.

An entry keeps its row, its words and its author when it moves: only the child changes, so its own history shows
both places. What marks the old place is the move itself.
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
    """Where an entry stands: in which conference or family's plan, with which children, and what it says.

    ``children`` are those it names; ``possible`` those it may go to. ``record_of`` gives, for a child, the id of
    the plan or of the child's row in the conference. ``is_released``: it stands in something that has gone out.
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
    """One kind of entry: how its place is found (and locked), and how it is put with another child."""

    kind: EntryKind
    place: Callable[[int], Place | None]
    put: Callable[[int, Child, Child, datetime.datetime], None]

    def look(self, entry_id: int) -> Place | None:
        """Where an entry stands, for showing: nothing stays locked."""
        with transaction.atomic():
            return self.place(entry_id)


_movable: dict[str, Movable] = {}


def register_movable(movable: Movable) -> None:
    """Let entries of a kind be moved; registering a kind again replaces it."""
    _movable[movable.kind] = movable


def movable(kind: str) -> Movable | None:
    """How entries of a kind are moved."""
    return _movable.get(kind)
