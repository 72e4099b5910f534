"""Whether two records may be about one person: one judgement for people, families and agencies' workers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from enum import Enum

from django.db.models import Q

from families.enums import DatePrecision
from families.name_keys import keys_of

LAST_MONTH = 12
# Of day, month and year.
TWO_OF_THREE = 2


class Agrees(Enum):
    """How well a fact that was given fits a recorded one."""

    YES = "agrees"
    NEAR = "nearly agrees"
    NO = "does not agree"
    UNKNOWN = "is not known"


def name_parts(given_name: str, family_name: str) -> list[list[str]]:
    """Return the keys of each part that a name like this one has to share, in any order; one query.

    Those are the first and the last name, each with all its words: a middle name, a hyphen or the two the wrong way
    round make no difference. Where only one of them is given, its first and last word count as the two.
    """
    parts = [part for part in (given_name.strip(), family_name.strip()) if part]
    if len(parts) == 1 and len(words := parts[0].split()) > 1:
        parts = [words[0], words[-1]]
    return [keys for keys in keys_of(parts) if keys]


def shares_each(parts: Sequence[Sequence[str]], *, field: str = "keys") -> Q:
    """Match rows whose name keys in ``field`` share one with every part."""
    matching = Q()
    for keys in parts:
        matching &= Q(**{f"{field}__overlap": list(keys)})
    return matching


def born_near(day: datetime.date, *, is_about: bool = False, person: str = "") -> Q:
    """Match births that nearly are ``day``: two of day, month and year, the two exchanged, or an estimate near it.

    ``person`` leads to the person, such as "person__". ``birth_agrees`` makes the finer comparison.
    """
    date, first, last = f"{person}birth_date", datetime.date(day.year - 1, 1, 1), datetime.date(day.year + 1, 12, 31)
    beside = Q(**{f"{date}__gte": first, f"{date}__lte": last})
    if is_about:
        return beside
    swapped = [datetime.date(day.year, day.day, day.month)] if day.day <= LAST_MONTH else []
    other_years = [day.replace(year=year) for year in (day.year - 1, day.year + 1) if _exists(day, year)]
    exact = Q(**{f"{date}__in": [day, *swapped, *other_years]})
    month = Q(**{f"{date}__year": day.year, f"{date}__month": day.month})
    same_day = Q(**{f"{date}__year": day.year, f"{date}__day": day.day})
    estimated = Q(**{f"{person}birth_date_precision": DatePrecision.ESTIMATED})
    return beside & (exact | month | same_day | estimated)


def _exists(day: datetime.date, year: int) -> bool:
    return (day.month, day.day) != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def birth_agrees(
    day: datetime.date | None, known: datetime.date | None, *, precision: str, is_about: bool = False
) -> Agrees:
    """Return how well the date of birth given fits the recorded one, which is as exact as ``precision``."""
    if day is None or known is None:
        return Agrees.UNKNOWN
    if day == known:
        return Agrees.YES
    if abs(day.year - known.year) > 1:
        return Agrees.NO
    if is_about or precision == DatePrecision.ESTIMATED:
        return Agrees.NEAR
    same = (day.year == known.year) + (day.month == known.month) + (day.day == known.day)
    swapped = (day.year, day.month, day.day) == (known.year, known.day, known.month)
    return Agrees.NEAR if same >= TWO_OF_THREE or swapped else Agrees.NO
