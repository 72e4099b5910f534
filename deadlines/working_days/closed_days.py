"""England's closed days, weekends and bank holidays, from 2012 to five years ahead. Pure."""

from __future__ import annotations

import datetime

import holidays

FIRST_DAY = datetime.date(2012, 1, 1)
YEARS_AHEAD = 5


def last_day(today: datetime.date) -> datetime.date:
    """Return the last day covered by a calendar made on ``today``."""
    return datetime.date(today.year + YEARS_AHEAD, 12, 31)


def bank_holidays(first: datetime.date, last: datetime.date) -> dict[datetime.date, str]:
    """Return each bank holiday of England with its name. Source: the ``holidays`` library."""
    # Without the subdivision the library omits Easter Monday and the late summer holiday.
    england = holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))
    named: dict[datetime.date, str] = {}
    for day, name in england.items():
        stands_for, observed, _ = name.partition(" (observed)")
        named[day] = f"Bank holiday for {stands_for}" if observed else name
    return {day: name for day, name in named.items() if first <= day <= last}


def closed_days(first: datetime.date, last: datetime.date) -> dict[datetime.date, str]:
    """Return each weekend day and bank holiday of England with its name, in calendar order."""
    listed = bank_holidays(first, last)
    days = (first + datetime.timedelta(days=i) for i in range((last - first).days + 1))
    return {day: name for day in days if (name := listed.get(day) or weekend_name(day))}


def weekend_name(day: datetime.date) -> str:
    """Return Saturday or Sunday, or an empty string for other days."""
    return f"{day:%A}" if day.isoweekday() > 5 else ""  # noqa: PLR2004 - Saturday, Sunday
