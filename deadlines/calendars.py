"""Working days: Monday to Friday less the bank holidays of England, as one count that never repeats.

Each day of a calendar carries an ordinal, the number of working days up to and including it. Adding
working days is then a look-up, the same one in Python (bisect) and in SQL (a join on the ordinal).
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from accounts.models import Authority
from deadlines.models import Calendar, CalendarDay

ONE_DAY = datetime.timedelta(days=1)


class CalendarEnds(ValidationError):
    """Counting would leave the days that the calendar knows."""


@dataclass(frozen=True)
class Day:
    """One day of a count: its number where it was counted, else why it was not."""

    day: datetime.date
    counted: bool
    number: int | None
    reason: str


class WorkingCalendar:
    """All days of one calendar, held in memory."""

    def __init__(self, *, slug: str, first: datetime.date, names: Sequence[str]) -> None:
        """``names`` holds, for each day from ``first`` on, why it is not worked, or "" where it is."""
        self.slug = slug
        self.first = first
        self.last = first + ONE_DAY * (len(names) - 1)
        self._names = tuple(names)
        self._working = [first + ONE_DAY * i for i, name in enumerate(names) if not name]

    def is_working(self, day: datetime.date) -> bool:
        return not self._name(day)

    def why_not(self, day: datetime.date) -> str:
        """Why nobody works on ``day``, such as "Christmas Day" or "Saturday"; "" on a working day."""
        return self._name(day)

    def add(self, day: datetime.date, n: int) -> datetime.date:
        """The working day ``n`` after ``day``; ``day`` is day 0 even if nobody works on it.

        Raises CalendarEnds past the last known day.
        """
        if n < 0:
            return self.subtract(day, -n)
        self._check(day)
        if n == 0:
            return day
        return self._numbered(self._ordinal(day) + n)

    def subtract(self, day: datetime.date, n: int) -> datetime.date:
        """The working day ``n`` before ``day``; ``day`` is day 0 even if nobody works on it.

        Raises CalendarEnds before the first known day.
        """
        if n < 0:
            return self.add(day, -n)
        self._check(day)
        if n == 0:
            return day
        return self._numbered(self._ordinal(day) + (0 if self.is_working(day) else 1) - n)

    def count(self, start: datetime.date, end: datetime.date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
        return self._ordinal(end) - self._ordinal(start)

    def distance(self, today: datetime.date, day: datetime.date) -> int:
        """Working days from ``today`` to ``day`` as people speak of them: never "today" for a day that is over.

        A Friday seen from the Saturday after it is one day late, though no working day has passed.
        """
        return self.count(today, day) or (-1 if day < today else 0)

    def day_to_plan_for(self, due: datetime.date) -> datetime.date:
        """The last working day on or before ``due``."""
        return self._numbered(self._ordinal(due))

    def days(self, start: datetime.date, end: datetime.date) -> list[Day]:
        """Each day from ``start`` (day 0) to ``end``, numbered or with the reason why it was skipped.

        Where ``end`` is the earlier one the numbers grow backwards from ``start``; the list is in the
        order of the calendar either way.
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

    def _check(self, day: datetime.date) -> None:
        if not self.first <= day <= self.last:
            raise CalendarEnds(
                f"The calendar of working days knows {self.first:%-d %B %Y} to {self.last:%-d %B %Y}. "
                "A date outside it can't be counted."
            )

    def _name(self, day: datetime.date) -> str:
        self._check(day)
        return self._names[(day - self.first).days]

    def _ordinal(self, day: datetime.date) -> int:
        self._check(day)
        place = bisect_left(self._working, day)
        return place + 1 if place < len(self._working) and self._working[place] == day else place

    def _numbered(self, ordinal: int) -> datetime.date:
        if not 1 <= ordinal <= len(self._working):
            raise CalendarEnds(
                f"The calendar of working days knows {self.first:%-d %B %Y} to {self.last:%-d %B %Y}. "
                "This count leaves it."
            )
        return self._working[ordinal - 1]


def calendar_for(authority: Authority | int) -> WorkingCalendar:
    """The calendar by which an authority counts: its own where it has one, else England's.

    Raises CalendarEnds when no calendar has been built.
    """
    authority_id = authority if isinstance(authority, int) else authority.pk
    return calendars_for([authority_id])[authority_id]


def calendars_for(authority_ids: Iterable[int]) -> dict[int, WorkingCalendar]:
    """The calendar of each authority, with one query beyond those that read a changed calendar."""
    wanted = set(authority_ids)
    rows = list(
        Calendar.objects.filter(Q(authority__isnull=True) | Q(authority_id__in=wanted))
        .order_by(F("authority").asc(nulls_first=True), "pk")
        .values_list("pk", "slug", "authority_id", "changed_at")
    )
    if wanted and not rows:
        raise CalendarEnds(
            "The calendar of working days has not been built yet. An administrator has to run "
            "“manage.py build_calendar”."
        )
    own = {
        authority_id: (pk, slug, changed_at) for pk, slug, authority_id, changed_at in rows if authority_id
    }
    shared = [(pk, slug, changed_at) for pk, slug, authority_id, changed_at in rows if authority_id is None]
    found: dict[int, WorkingCalendar] = {}
    for authority_id in wanted:
        row = own.get(authority_id) or (shared[0] if shared else None)
        if row is None:
            raise CalendarEnds("The calendar of working days for this council has not been built yet.")
        found[authority_id] = _loaded(*row)
    return found


@lru_cache(maxsize=64)
def _loaded(pk: int, slug: str, changed_at: datetime.datetime) -> WorkingCalendar:  # noqa: ARG001
    """Read a calendar once for each of its changes."""
    rows = list(
        CalendarDay.objects.filter(calendar_id=pk).order_by("day").values_list("day", "is_working", "name")
    )
    if not rows:
        raise CalendarEnds("The calendar of working days is empty. Run “manage.py build_calendar”.")
    return WorkingCalendar(
        slug=slug, first=rows[0][0], names=[name if not is_working else "" for _, is_working, name in rows]
    )
