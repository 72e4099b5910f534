"""Counts from an event to the end of a limit. Pure: dates in, dates out."""

from __future__ import annotations

import datetime
import zoneinfo
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from deadlines.enums import Direction, Unit
from deadlines.working_days.calendars import ONE_DAY, WorkingCalendar

LONDON = zoneinfo.ZoneInfo("Europe/London")
# When mail that can wait leaves.
OPENS, CLOSES = datetime.time(8), datetime.time(18)


class Measured(Protocol):
    """Anything with an amount, a unit and a direction; above all ``policies.Limit``."""

    @property
    def amount(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def day_zero_before(self) -> bool: ...
    @property
    def closures_count(self) -> bool: ...


MONTHS_OF_YEAR = 12
Rule = TypeVar("Rule", bound=Measured)


@dataclass(frozen=True)
class Due:
    """The last day of a limit, and its last moment where the limit is in hours (aware, UTC)."""

    on: datetime.date
    at: datetime.datetime | None = None


def civil_day(moment: datetime.date | datetime.datetime) -> datetime.date:
    """Return the day in London on which something happened."""
    if isinstance(moment, datetime.datetime):
        return moment.astimezone(LONDON).date()
    return moment


def start_of(day: datetime.date) -> datetime.datetime:
    """Return the first moment of a civil day in London, in UTC."""
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=LONDON).astimezone(datetime.UTC)


def next_working_moment(calendar: WorkingCalendar, now: datetime.datetime) -> datetime.datetime:
    """Return when someone at work reads their mail next (aware): now, in working hours of a working day, else later.

    Raises CalendarEnds past the last known day.
    """
    today, time = civil_day(now), now.astimezone(LONDON).time()
    if calendar.is_working(today) and time < CLOSES:
        return now if time >= OPENS else datetime.datetime.combine(today, OPENS, tzinfo=LONDON)
    return datetime.datetime.combine(calendar.add(today, 1), OPENS, tzinfo=LONDON)


def due(limit: Measured, start: datetime.date | datetime.datetime, calendar: WorkingCalendar) -> Due:
    """Return the end of ``limit`` counted from ``start``.

    ``start`` is day 0. Working days are those of ``calendar``; a council's closure days count as non-working
    for every limit that does not say otherwise. A plain day or week is a calendar one. A month keeps the day of
    the month, else takes its last. Hours are elapsed hours, so a clock change neither adds nor removes one.
    Where the day of the event is not worked, a council may take the previous working day as day 0; hours run
    from their moment regardless. Raises ValueError when hours are counted from a bare date, CalendarEnds
    outside the calendar.
    """
    sign = -1 if limit.direction == Direction.BEFORE else 1
    if limit.unit == Unit.HOURS:
        if not isinstance(start, datetime.datetime):
            raise ValueError("A limit in hours runs from a moment, not from a day.")
        at = start.astimezone(datetime.UTC) + sign * datetime.timedelta(hours=limit.amount)
        return Due(on=civil_day(at), at=at)
    calendar = calendar.counting(limit)
    day = civil_day(start)
    if limit.day_zero_before:
        day = calendar.day_to_plan_for(day)
    if limit.unit == Unit.WORKING_DAYS:
        return Due(on=calendar.add(day, limit.amount) if sign > 0 else calendar.subtract(day, limit.amount))
    if limit.unit == Unit.MONTHS:
        return Due(on=months_from(day, sign * limit.amount))
    days = limit.amount * 7 if limit.unit == Unit.WEEKS else limit.amount
    return Due(on=day + sign * datetime.timedelta(days=days))


def months_from(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of the month, that many months away, else its last: as PostgreSQL adds months."""
    years, month = divmod(day.month - 1 + months, MONTHS_OF_YEAR)
    last = monthrange(day.year + years, month + 1)[1]
    return datetime.date(day.year + years, month + 1, min(day.day, last))


@dataclass(frozen=True)
class Alternative(Generic[Rule]):
    """One of several limits on the same thing, and the event it runs from.

    It does not count where it would end before ``not_before``: a review that the birth brought forward can't
    have been due before the birth. It ends on ``not_after`` at the latest: what it is about is arranged for that day.
    """

    limit: Rule
    start: datetime.date | datetime.datetime
    not_before: datetime.date | None = None
    not_after: datetime.date | None = None


@dataclass(frozen=True)
class Result(Generic[Rule]):
    """The alternative that counts, when it ends, and the others with theirs; dropped ones are left out."""

    alternative: Alternative[Rule]
    due: Due
    spared: tuple[tuple[Alternative[Rule], Due], ...] = ()


def earliest(alternatives: Sequence[Alternative[Rule]], calendar: WorkingCalendar) -> Result[Rule] | None:
    """Return the alternative that ends first; of two that end together, the one listed first.

    A limit in hours ends at its moment, any other with its day. Returns None when there is none, or when each
    would end before it may. Raises as ``due`` does.
    """
    kept = []
    for alternative in alternatives:
        end = due(alternative.limit, alternative.start, calendar)
        if alternative.not_before is None or end.on >= alternative.not_before:
            kept.append((alternative, _at_the_latest(end, alternative.not_after)))
    if not kept:
        return None
    first = min(kept, key=lambda pair: (pair[1].on, pair[1].at or start_of(pair[1].on + ONE_DAY)))
    return Result(alternative=first[0], due=first[1], spared=tuple(pair for pair in kept if pair is not first))


def _at_the_latest(end: Due, day: datetime.date | None) -> Due:
    return end if day is None or end.on <= day else Due(on=day)
