"""Reads the working days: how far they reach, which days are closed, what one more would move."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import Authority
from deadlines.enums import ChangeKind
from deadlines.models import Calendar, CalendarDay, ClosedDay, DeadlineChange
from deadlines.services.calendar import add_closed_day
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import calendar_for

ENOUGH = datetime.timedelta(days=366)


@dataclass(frozen=True)
class CalendarHealth:
    """How far the calendars reach; ``until`` is None where a calendar is empty."""

    until: datetime.date | None
    days_left: int
    is_well: bool

    @property
    def words(self) -> str:
        """Return for example "known until 31 December 2031"."""
        if self.until is None:
            return "not built: run “manage.py build_calendar”"
        known = f"known until {self.until:%-d %B %Y}"
        return known if self.is_well else f"{known}, less than a year: run “manage.py build_calendar”"


def calendar_health(now: datetime.datetime) -> CalendarHealth:
    """Return whether every calendar reaches at least a year ahead."""
    newest = CalendarDay.objects.filter(calendar=OuterRef("pk")).order_by("-day").values("day")[:1]
    lasts = list(Calendar.objects.annotate(last=Subquery(newest)).values_list("last", flat=True))
    if not lasts or None in lasts:
        return CalendarHealth(until=None, days_left=0, is_well=False)
    until = min(lasts)
    left = until - civil_day(now)
    return CalendarHealth(until=until, days_left=max(left.days, 0), is_well=left >= ENOUGH)


@dataclass(frozen=True)
class DayOff:
    """A weekday that is not worked, and who added it where a person did."""

    day: datetime.date
    name: str
    added: ClosedDay | None

    @property
    def kind(self) -> str:
        if self.added is None:
            return "Bank holiday"
        return "Closure day" if self.added.authority_id else "Holiday proclaimed for England"

    @property
    def colour(self) -> str:
        return "grey" if self.added is None else "blue" if self.added.authority_id else "purple"


def years_known(authority: Authority) -> list[int]:
    """Return the years that a council's calendar covers, newest first."""
    calendar = calendar_for(authority)
    return list(range(calendar.last.year, calendar.first.year - 1, -1))


def days_off(authority: Authority, *, year: int) -> list[DayOff]:
    """Return the weekdays of a year that are not worked in a council."""
    calendar = calendar_for(authority)
    added = {row.day: row for row in _added(authority).filter(withdrawn_at__isnull=True, day__year=year)}
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return [
        DayOff(day=day.day, name=day.reason, added=added.get(day.day))
        for day in calendar.days(first, last)
        if day.reason and day.day.isoweekday() <= 5  # noqa: PLR2004 - Saturday and Sunday are left out
    ]


def days_taken_back(authority: Authority, *, year: int) -> list[ClosedDay]:
    """Return the days of a year that were added and withdrawn, with who and why."""
    return list(_added(authority).filter(withdrawn_at__isnull=False, day__year=year))


def _added(authority: Authority) -> QuerySet[ClosedDay]:
    """Return days added for a council or for England; where both exist, England's comes last and prevails."""
    rows = ClosedDay.objects.filter(Q(authority=authority) | Q(authority__isnull=True))
    return rows.select_related("added_by", "withdrawn_by").order_by("day", F("authority").asc(nulls_last=True), "pk")


def moved_by(*, authority: Authority | None, day: datetime.date, name: str, now: datetime.datetime) -> int:
    """Return how many open deadlines would move if ``day`` were closed, by trying it and rolling back.

    Raises ValidationError as ``add_closed_day`` does.
    """
    with transaction.atomic():
        before = DeadlineChange.objects.aggregate(last=Max("pk"))["last"] or 0
        add_closed_day(authority=authority, day=day, name=name, by=None, now=now)
        moved = DeadlineChange.objects.filter(
            pk__gt=before, kind=ChangeKind.MOVED, deadline__met_at=None, deadline__not_needed=""
        )
        count = moved.count()
        transaction.set_rollback(True)
    return count
