"""Working days: Monday to Friday less the bank holidays of England, numbered consecutively.

Each day of a calendar carries an ordinal, the number of working days up to and including it. Adding working
days is then a look-up, the same one in Python (bisect) and in SQL (a join on the ordinal).
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from accounts.models import Authority
from accounts.request_cache import once_per_request
from deadlines.models import Calendar, CalendarDay
from deadlines.working_days.closed_days import FIRST_DAY, closed_days, last_day

ENGLAND = "england"
ONE_DAY = datetime.timedelta(days=1)


class CalendarEnds(ValidationError):
    """Counting would go beyond the days in the calendar."""


class Closing(Protocol):
    """Anything that says whether a council's closure days are non-working days for it."""

    @property
    def closures_count(self) -> bool: ...


@dataclass(frozen=True)
class Day:
    """One day of a count: its number if it was counted, else why it wasn't."""

    day: datetime.date
    counted: bool
    number: int | None
    reason: str


class WorkingCalendar:
    """All days of one calendar, held in memory."""

    def __init__(
        self, *, slug: str, first: datetime.date, names: Sequence[str], without_closures: WorkingCalendar | None = None
    ) -> None:
        """``names`` holds, for each day from ``first`` on, why it is not worked, or "" where it is.

        ``without_closures`` is England's calendar, for a council with closure days.
        """
        self.slug = slug
        self._without_closures = without_closures
        self.first = first
        self.last = first + ONE_DAY * (len(names) - 1)
        self._names = tuple(names)
        self._working = [first + ONE_DAY * i for i, name in enumerate(names) if not name]

    def counting(self, limit: Closing) -> WorkingCalendar:
        """Return the calendar for a limit: closure days extend only limits that say so."""
        return self if limit.closures_count else self._without_closures or self

    def is_working(self, day: datetime.date) -> bool:
        return not self._name(day)

    def why_not(self, day: datetime.date) -> str:
        """Return why ``day`` is not worked, such as "Christmas Day" or "Saturday"; "" on a working day."""
        return self._name(day)

    def add(self, day: datetime.date, n: int) -> datetime.date:
        """Return the working day ``n`` after ``day``; ``day`` is day 0 even if it is not worked.

        Raises CalendarEnds past the last known day.
        """
        if n < 0:
            return self.subtract(day, -n)
        self.check(day)
        if n == 0:
            return day
        return self._numbered(self._ordinal(day) + n)

    def subtract(self, day: datetime.date, n: int) -> datetime.date:
        """Return the working day ``n`` before ``day``; ``day`` is day 0 even if it is not worked.

        Raises CalendarEnds before the first known day.
        """
        if n < 0:
            return self.add(day, -n)
        self.check(day)
        if n == 0:
            return day
        return self._numbered(self._ordinal(day) + (0 if self.is_working(day) else 1) - n)

    def count(self, start: datetime.date, end: datetime.date) -> int:
        """Return the working days after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
        return self._ordinal(end) - self._ordinal(start)

    def distance(self, today: datetime.date, day: datetime.date) -> int:
        """Return working days from ``today`` to ``day`` as people put it: never zero for a day that is past.

        A Friday seen from the following Saturday is one day late, though no working day has passed.
        """
        return self.count(today, day) or (-1 if day < today else 0)

    def day_to_plan_for(self, due: datetime.date) -> datetime.date:
        """Return the last working day on or before ``due``."""
        return self._numbered(self._ordinal(due))

    def days(self, start: datetime.date, end: datetime.date) -> list[Day]:
        """Return each day from ``start`` (day 0) to ``end``, numbered or with the reason why it was skipped.

        Where ``end`` is earlier, the numbers increase backwards from ``start``; the list is in calendar order
        either way.
        """
        if end < start:
            counted = reversed(self._count_of(start - ONE_DAY * i for i in range((start - end).days + 1)))
            return list(counted)
        return self._count_of(start + ONE_DAY * i for i in range((end - start).days + 1))

    def _count_of(self, days: Iterable[datetime.date]) -> list[Day]:
        found: list[Day] = []
        number = 0
        for i, day in enumerate(days):
            name = self._name(day)
            if i == 0:
                found.append(Day(day=day, counted=False, number=0, reason=name))
            elif name:
                found.append(Day(day=day, counted=False, number=None, reason=name))
            else:
                number += 1
                found.append(Day(day=day, counted=True, number=number, reason=""))
        return found

    def check(self, day: datetime.date) -> None:
        """Raise CalendarEnds for a day outside the calendar."""
        if not self.first <= day <= self.last:
            raise CalendarEnds(
                f"The calendar of working days knows {self.first:%-d %B %Y} to {self.last:%-d %B %Y}. "
                "A date outside it can't be counted."
            )

    def _name(self, day: datetime.date) -> str:
        self.check(day)
        return self._names[(day - self.first).days]

    def _ordinal(self, day: datetime.date) -> int:
        self.check(day)
        place = bisect_left(self._working, day)
        return place + 1 if place < len(self._working) and self._working[place] == day else place

    def _numbered(self, ordinal: int) -> datetime.date:
        if not 1 <= ordinal <= len(self._working):
            raise CalendarEnds(
                f"The calendar of working days knows {self.first:%-d %B %Y} to {self.last:%-d %B %Y}. "
                "This count leaves it."
            )
        return self._working[ordinal - 1]


def england_in_memory(today: datetime.date) -> WorkingCalendar:
    """Return England's calendar as built on ``today``, for counting without a database.

    It lacks any holiday proclaimed since the ``holidays`` library was released.
    """
    first, last = FIRST_DAY, last_day(today)
    closed = closed_days(first, last)
    days = (first + ONE_DAY * i for i in range((last - first).days + 1))
    return WorkingCalendar(slug=ENGLAND, first=first, names=[closed.get(day, "") for day in days])


def england() -> WorkingCalendar:
    """Return the calendar of England, without any council's closure days.

    Raises CalendarEnds when it has not been built.
    """
    return _shared(_rows(set()))


def calendar_for(authority: Authority | int, *, with_closures: bool = True) -> WorkingCalendar:
    """Return the calendar by which an authority works: its own where it has one, else England's.

    ``with_closures=False`` returns England's, for limits to which the council's closure days do not apply.
    Raises CalendarEnds when no calendar has been built.
    """
    authority_id = authority if isinstance(authority, int) else authority.pk
    return calendars_for([authority_id], with_closures=with_closures)[authority_id]


def calendars_for(authority_ids: Iterable[int], *, with_closures: bool = True) -> dict[int, WorkingCalendar]:
    """Return each authority's calendar, in one query plus those that reload a changed calendar."""
    wanted = set(authority_ids)
    rows = _rows(wanted if with_closures else set())
    if not wanted:
        return {}
    shared = _shared(rows)
    own = {row.authority_id: row for row in rows if row.authority_id}
    return {
        authority_id: _loaded(row.pk, row.slug, row.changed_at, shared) if (row := own.get(authority_id)) else shared
        for authority_id in wanted
    }


class _Row(NamedTuple):
    pk: int
    slug: str
    authority_id: int | None
    changed_at: datetime.datetime


def _rows(authority_ids: set[int]) -> list[_Row]:
    """Return England's calendar and those of the authorities that have one."""

    def ask() -> list[_Row]:
        found = Calendar.objects.filter(Q(authority__isnull=True) | Q(authority_id__in=authority_ids))
        fields = found.order_by(F("authority").asc(nulls_first=True), "pk").values_list(*_Row._fields)
        return [_Row(*row) for row in fields]

    return once_per_request(("calendars", frozenset(authority_ids)), ask)


def _shared(rows: list[_Row]) -> WorkingCalendar:
    row = next((row for row in rows if row.authority_id is None), None)
    if row is None:
        raise CalendarEnds(
            "The calendar of working days has not been built yet. An administrator has to run "
            "“manage.py build_calendar”."
        )
    return _loaded(row.pk, row.slug, row.changed_at)


@lru_cache(maxsize=64)
def _loaded(
    pk: int,
    slug: str,
    changed_at: datetime.datetime,  # noqa: ARG001 - a change makes it another one to read
    without_closures: WorkingCalendar | None = None,
) -> WorkingCalendar:
    """Load a calendar once for each of its changes."""
    rows = list(CalendarDay.objects.filter(calendar_id=pk).order_by("day").values_list("day", "is_working", "name"))
    if not rows:
        raise CalendarEnds("The calendar of working days is empty. Run “manage.py build_calendar”.")
    return WorkingCalendar(
        slug=slug,
        first=rows[0][0],
        names=[name if not is_working else "" for _, is_working, name in rows],
        without_closures=without_closures,
    )
