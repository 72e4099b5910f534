"""Asks the apps above what is recorded of a child's move to another council, before the plan ends for it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from govuk.hook import Hook
from plans.models import Plan


@dataclass(frozen=True, kw_only=True)
class RecordedMove:
    """Where the newest standing move of a plan's child stands.

    ``council`` is what pages call the other council, ``agency_id`` its place among the agencies that know the child.
    ``why_not`` says why the plan can't end for this move; "" once that council has taken responsibility in writing.
    ``url`` is the move's page.
    """

    council: str
    agency_id: int
    why_not: str
    url: str
    conference_on: datetime.date | None = None
    responsible_from: datetime.date | None = None
    letter_kept: str = ""


# Given a plan, and whether to lock what is recorded until the end of the transaction.
moves_recorded: Hook[Callable[[Plan, bool], RecordedMove | None]] = Hook()


def move_of(plan: Plan, *, lock: bool = False) -> RecordedMove | None:
    """Return what is recorded of the move of a plan's child; None where no move is."""
    return next((found for ask in moves_recorded if (found := ask(plan, lock)) is not None), None)
