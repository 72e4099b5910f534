"""The days between a strategy discussion and the last day for the conference, drawn and in words."""

from __future__ import annotations

import datetime

from django.utils.safestring import SafeString

from charts import CountedDay, day_count_calendar
from deadlines.enums import Unit
from deadlines.policies import Limit
from deadlines.working_days.calendars import WorkingCalendar
from govuk import words

WEEKEND = frozenset({"Saturday", "Sunday"})
LONGEST_PICTURE = 50


def picture(
    start: datetime.date, end: datetime.date, limit: Limit, calendar: WorkingCalendar, *, today: datetime.date
) -> SafeString | str:
    """Return every day as a calendar, the counted ones with their number; empty where it would be too long."""
    if limit.unit != Unit.WORKING_DAYS or (end - start).days > LONGEST_PICTURE:
        return ""
    marks = {today: "today", end: "last day", start: "strategy discussion"}
    return day_count_calendar(
        [
            CountedDay(
                day=day.day,
                number=day.number,
                reason="" if day.number == 0 else "weekend" if day.reason in WEEKEND else day.reason,
                mark=marks.get(day.day, ""),
                last=day.day == end,
            )
            for day in calendar.days(start, end)
        ]
    )


def skipped_in_words(
    start: datetime.date, end: datetime.date, calendar: WorkingCalendar, *, today: datetime.date
) -> str:
    """Return what was left out and why, such as "6 weekend days and Christmas Day (Fri 25 Dec)"."""
    left_out = [day for day in calendar.days(start, end) if day.number is None]
    weekend = sum(day.reason in WEEKEND for day in left_out)
    parts = [words.count(weekend, "weekend day")] if weekend else []
    parts += [
        f"{day.reason} ({words.short_date(day.day, today=today)})" for day in left_out if day.reason not in WEEKEND
    ]
    return words.listed(parts)
