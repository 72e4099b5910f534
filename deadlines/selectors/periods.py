"""The months, quarters and years for which a council's timeliness is shown."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from govuk import words

MONTHS_OF_YEAR = 12


FINANCIAL_YEAR_BEGINS = 4


@dataclass(frozen=True)
class Period:
    """Whole months from that of ``first`` to the one before ``end``."""

    key: str
    label: str
    first: datetime.date
    end: datetime.date

    @property
    def words(self) -> str:
        """Return for example "December 2025 to November 2026"."""
        last = self.end - datetime.timedelta(days=1)
        return f"{_month_words(self.first)} to {_month_words(last)}"

    @property
    def months(self) -> list[datetime.date]:
        found = [self.first]
        while (following := _month_after(found[-1], 1)) < self.end:
            found.append(following)
        return found


def periods(today: datetime.date) -> list[Period]:
    """Return the periods on offer; the first is the default."""
    this_month = today.replace(day=1)
    year = today.year - (today.month < FINANCIAL_YEAR_BEGINS)
    april = datetime.date(year, FINANCIAL_YEAR_BEGINS, 1)
    following = _month_after(this_month, 1)
    return [
        Period("", "Last 12 months", _month_after(following, -MONTHS_OF_YEAR), following),
        Period("quarter", "Last 3 months", _month_after(following, -3), following),
        Period("year", "This year, from April", april, following),
        Period("year-before", "Last year, April to March", _month_after(april, -MONTHS_OF_YEAR), april),
        Period("two-years", "Last 24 months", _month_after(following, -2 * MONTHS_OF_YEAR), following),
    ]


def _month_after(month: datetime.date, number: int) -> datetime.date:
    years, place = divmod(month.month - 1 + number, MONTHS_OF_YEAR)
    return datetime.date(month.year + years, place + 1, 1)


def _month_words(day: datetime.date) -> str:
    return f"{words.MONTHS[day.month - 1]} {day.year}"
