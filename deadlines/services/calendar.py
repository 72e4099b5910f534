"""Writing the table of working days."""

from __future__ import annotations

import datetime
from typing import Any

import holidays
from django.db import connections, transaction
from django.utils import timezone

from deadlines.arithmetic import civil_day
from deadlines.enums import DaySource
from deadlines.models import Calendar, CalendarDay

ENGLAND = "england"
FIRST_YEAR = 2012
YEARS_AHEAD = 5
CALENDAR_TABLE = "deadlines_calendar"


@transaction.atomic
def build_calendar(*, now: datetime.datetime, slug: str = ENGLAND) -> int:
    """Write every day from 2012 to the end of the fifth year ahead, and number the working ones.

    Safe to repeat: days added by hand stay, and only what differs is written. In order:

    1. locks the calendar, making it when there is none;
    2. writes days that are missing, differ, or are numbered differently;
    3. marks the calendar as changed, so that every process reads it anew.

    Returns the number of days written. Source of the holidays: the ``holidays`` library for England.
    """
    calendar, is_new = Calendar.objects.get_or_create(
        slug=slug, defaults={"name": "England", "changed_at": now}
    )
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    first = datetime.date(FIRST_YEAR, 1, 1)
    last = datetime.date(civil_day(now).year + YEARS_AHEAD, 12, 31)
    present = {row.day: row for row in calendar.days.all()}
    last = max(last, max(present, default=last))
    names = _closed_days(first, last)
    names.update({row.day: row.name for row in present.values() if row.source == DaySource.ADDED})
    ordinal, last_working_day = 0, None
    new: list[CalendarDay] = []
    changed: list[CalendarDay] = []
    for offset in range((last - first).days + 1):
        day = first + datetime.timedelta(days=offset)
        name = names.get(day, "")
        if not name:
            ordinal, last_working_day = ordinal + 1, day
        row = present.get(day)
        if row is None:
            new.append(
                CalendarDay(
                    calendar=calendar,
                    day=day,
                    ordinal=ordinal,
                    last_working_day=last_working_day,
                    is_working=not name,
                    name=name,
                )
            )
        elif (row.ordinal, row.last_working_day, row.name) != (ordinal, last_working_day, name):
            row.ordinal, row.last_working_day = ordinal, last_working_day
            row.is_working, row.name = not name, name
            changed.append(row)
    if changed:
        # Renumbered in one go the numbers would collide on the way; replaced rows can't.
        CalendarDay.objects.filter(pk__in=[row.pk for row in changed]).delete()
    CalendarDay.objects.bulk_create(
        [
            *new,
            *(
                CalendarDay(
                    calendar=calendar,
                    day=row.day,
                    ordinal=row.ordinal,
                    last_working_day=row.last_working_day,
                    is_working=row.is_working,
                    name=row.name,
                    source=row.source,
                )
                for row in changed
            ),
        ],
        batch_size=2000,
    )
    written = len(new) + len(changed)
    if written and not is_new:
        calendar.changed_at = now
        calendar.save(update_fields=["changed_at"])
    return written


def _closed_days(first: datetime.date, last: datetime.date) -> dict[datetime.date, str]:
    """Each weekend day and bank holiday of England with its name."""
    days = (first + datetime.timedelta(days=i) for i in range((last - first).days + 1))
    closed = {day: f"{day:%A}" for day in days if day.isoweekday() > 5}  # noqa: PLR2004 - Saturday, Sunday
    # Without the subdivision the library leaves out Easter Monday and the late summer holiday.
    england = holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))
    for day, name in england.items():
        stands_for, observed, _ = name.partition(" (observed)")
        closed[day] = f"Bank holiday for {stands_for}" if observed else name
    return closed


def seed_calendar(*, using: str, **kwargs: Any) -> None:
    """Make the working days part of an empty database, as its tables are: nothing can be counted without.

    Receives ``post_migrate``.
    """
    if CALENDAR_TABLE not in connections[using].introspection.table_names():
        return
    if not Calendar.objects.exists():
        build_calendar(now=timezone.now())
