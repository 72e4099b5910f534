"""Counting working days, compared with libraries that can."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
os.environ.update(DJANGO_DEBUG="false", LOG_LEVEL="ERROR")

import django

django.setup()

import datetime  # noqa: E402
import random  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402

import numpy as np  # noqa: E402
from govuk_bank_holidays.bank_holidays import BankHolidays  # noqa: E402
from workalendar.europe import UnitedKingdom  # noqa: E402

from deadlines.working_days.calendars import ONE_DAY, WorkingCalendar, england_in_memory  # noqa: E402

CASES, DISTANCE, ROUNDS = 2_000, 15, 5


def main() -> None:
    ours = england_in_memory(datetime.date(2026, 1, 1))
    pick = random.Random(26)
    starts = [datetime.date(2022, 1, 1) + ONE_DAY * pick.randrange(1500) for _ in range(CASES)]
    closed = [day for n in range(3000) if ours.why_not(day := datetime.date(2021, 1, 1) + ONE_DAY * n)]
    numpy = np.busdaycalendar(holidays=[day for day in closed if day.isoweekday() < 6])
    govuk, workalendar = BankHolidays(use_cached_holidays=True), UnitedKingdom()
    ways: dict[str, Callable[[datetime.date], datetime.date]] = {
        "ours, by ordinals": lambda day: ours.add(day, DISTANCE),
        "walking day by day": lambda day: walked(ours, day),
        "numpy.busday_offset, one at a time": lambda day: np.busday_offset(
            day, DISTANCE, roll="preceding", busdaycal=numpy
        ).astype(datetime.date),
        "workalendar": lambda day: workalendar.add_working_days(day, DISTANCE),
        "govuk-bank-holidays": lambda day: govuk_count(govuk, day),
    }
    expected = [ours.add(day, DISTANCE) for day in starts]
    print(f"\n{DISTANCE} working days after each of {CASES:,} days; the median of {ROUNDS}, ours is 1")
    base = 0.0
    for name, way in ways.items():
        found: list[datetime.date] = []
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            found = [way(day) for day in starts]
            times.append(time.perf_counter() - started)
        base = base or statistics.median(times)
        same = sum(one == other for one, other in zip(found, expected, strict=True))
        print(f"  {name:<36} {statistics.median(times) / base:8.1f} times   same day in {same:,}")
    together = np.array(starts, dtype="datetime64[D]")
    started = time.perf_counter()
    np.busday_offset(together, DISTANCE, roll="preceding", busdaycal=numpy)
    print(f"  {'numpy.busday_offset, all at once':<36} {(time.perf_counter() - started) / base:8.2f} times")


def walked(calendar: WorkingCalendar, day: datetime.date) -> datetime.date:
    left = DISTANCE
    while left:
        day += ONE_DAY
        left -= calendar.is_working(day)
    return day


def govuk_count(holidays: BankHolidays, day: datetime.date) -> datetime.date:
    for _ in range(DISTANCE):
        day = holidays.get_next_work_day(BankHolidays.ENGLAND_AND_WALES, day)
    return day


if __name__ == "__main__":
    main()
