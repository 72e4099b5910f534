"""Counting from an event to the end of a limit. Pure: dates in, dates out."""

from __future__ import annotations

import datetime
import zoneinfo
from dataclasses import dataclass
from typing import Protocol

from dateutil.relativedelta import relativedelta

from deadlines.calendars import WorkingCalendar
from deadlines.enums import Direction, Unit

LONDON = zoneinfo.ZoneInfo("Europe/London")


class Measured(Protocol):
    """Anything that says how long, in what and which way; ``policies.Limit`` above all."""

    @property
    def amount(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def direction(self) -> str: ...


@dataclass(frozen=True)
class Due:
    """The last day of a limit, and its last moment where the limit is in hours (aware, UTC)."""

    on: datetime.date
    at: datetime.datetime | None = None


def civil_day(moment: datetime.date | datetime.datetime) -> datetime.date:
    """The day in London on which something happened."""
    if isinstance(moment, datetime.datetime):
        return moment.astimezone(LONDON).date()
    return moment


def start_of(day: datetime.date) -> datetime.datetime:
    """The first moment of a civil day in London, in UTC."""
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=LONDON).astimezone(datetime.UTC)


def due(limit: Measured, start: datetime.date | datetime.datetime, calendar: WorkingCalendar) -> Due:
    """The end of ``limit`` counted from ``start``.

    ``start`` is day 0. Working days are those of ``calendar``. A plain day or week is one of the
    calendar on the wall. A month keeps the day of the month, else takes its last. Hours are elapsed
    hours, so a night of clock change neither gives nor takes one.

    Raises ValueError when hours are counted from a bare date, CalendarEnds outside the calendar.
    """
    sign = -1 if limit.direction == Direction.BEFORE else 1
    if limit.unit == Unit.HOURS:
        if not isinstance(start, datetime.datetime):
            raise ValueError("A limit in hours runs from a moment, not from a day.")
        at = start.astimezone(datetime.UTC) + sign * datetime.timedelta(hours=limit.amount)
        return Due(on=civil_day(at), at=at)
    day = civil_day(start)
    if limit.unit == Unit.WORKING_DAYS:
        return Due(on=calendar.add(day, limit.amount) if sign > 0 else calendar.subtract(day, limit.amount))
    if limit.unit == Unit.MONTHS:
        return Due(on=day + sign * relativedelta(months=limit.amount))
    days = limit.amount * 7 if limit.unit == Unit.WEEKS else limit.amount
    return Due(on=day + sign * datetime.timedelta(days=days))
