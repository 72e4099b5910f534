"""Tests whether a council's figure can end after a national one in another unit, by trying every day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from deadlines.enums import Direction, Unit
from deadlines.working_days.arithmetic import Due, civil_day, due, start_of
from deadlines.working_days.calendars import ENGLAND, ONE_DAY, WorkingCalendar
from deadlines.working_days.closed_days import closed_days

Pair = tuple[int, str]

# Twenty years cover every relevant arrangement of weekends, bank holidays and leap days.
FIRST_START, LAST_START = datetime.date(2012, 1, 1), datetime.date(2031, 12, 31)
# The longest number of working days from either end stays within these.
FIRST_KNOWN, LAST_KNOWN = datetime.date(2007, 1, 1), datetime.date(2036, 12, 31)
ONE_MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True)
class Looser:
    """An event from which a council's own figure ends after the one that binds it."""

    start: datetime.date
    own_ends: datetime.date
    bound_ends: datetime.date


@dataclass(frozen=True)
class _Figure:
    amount: int
    unit: str
    direction: str
    day_zero_before: bool = False
    closures_count: bool = False


@lru_cache(maxsize=512)
def first_looser(own: Pair, bound: Pair, direction: str) -> Looser | None:
    """Return the first event from which ``own`` ends after ``bound`` (amount, unit); None if there is none.

    Counted in England's calendar from each day of 2012 to 2031; hours from the first and the last minute of
    each.
    """
    mine, theirs = _Figure(*own, direction), _Figure(*bound, direction)
    if own[1] == bound[1]:
        looser = own[0] < bound[0] if direction == Direction.BEFORE else own[0] > bound[0]
        starts: Iterable[datetime.date] = [FIRST_START] if looser else []
    else:
        starts = _starts(in_hours=Unit.HOURS in {own[1], bound[1]})
    for start in starts:
        ends, bound_ends = due(mine, start, _england()), due(theirs, start, _england())
        if own[1] == bound[1] or _is_after(ends, bound_ends):
            return Looser(civil_day(start), ends.on, bound_ends.on)
    return None


def _starts(*, in_hours: bool) -> Iterable[datetime.date]:
    day = FIRST_START
    while day <= LAST_START:
        if in_hours:
            yield start_of(day)
            yield start_of(day + ONE_DAY) - ONE_MINUTE
        else:
            yield day
        day += ONE_DAY


def _is_after(own: Due, bound: Due) -> bool:
    """Compare two ends: a limit in days lasts to the end of its day, one in hours to its moment."""
    if own.at is None and bound.at is None:
        return own.on > bound.on
    return (own.at or start_of(own.on + ONE_DAY)) > (bound.at or start_of(bound.on + ONE_DAY))


@lru_cache(maxsize=1)
def _england() -> WorkingCalendar:
    closed = closed_days(FIRST_KNOWN, LAST_KNOWN)
    days = (FIRST_KNOWN + ONE_DAY * i for i in range((LAST_KNOWN - FIRST_KNOWN).days + 1))
    return WorkingCalendar(slug=ENGLAND, first=FIRST_KNOWN, names=[closed.get(day, "") for day in days])
