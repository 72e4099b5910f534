"""What people type into a box that searches: words in any order, dates as they come."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

from govuk.words import DAYS, MONTHS

# Hyphens, dashes and minus signs of every width and script.
DASHES = "-\u00ad\u058a\u05be\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
CENTURIES = (1900, 2000)
# A month is recognised from this many of its letters.
LEAST_LETTERS = 3

_DASH = re.compile(f"[{DASHES}]")
_BETWEEN_WORDS = re.compile(rf"[{DASHES}\s,;:/\\|()\[\]\"“”.]+")
_SIGN = r"\s*[-/.,\s]\s*"
_NAMED = r"(?P<month>[a-z]{3,9})\.?"
_NUMBERED = r"(?P<month>\d{1,2})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_QUOTE = "['\u2018\u2019]"
_YEAR = rf"{_QUOTE}?(?P<year>\d{{4}}|\d{{2}})\b"
_WHOLE_YEAR = r"(?P<year>(?:19|20|21)\d\d)\b"
_DAY_NAMES = "|".join(name[:3] for name in DAYS)
_BEFORE = rf"(?:\b(?:born|dob|d\.\s?o\.\s?b\.?)\s*:?\s*(?:on\s+)?)?(?:\b(?:{_DAY_NAMES})[a-z]*,?\s+(?=[\da-z]))?\b"
_WAYS = tuple(
    re.compile(_BEFORE + way, re.IGNORECASE)
    for way in (
        rf"(?P<year>\d{{4}}){_SIGN}{_NUMBERED}{_SIGN}(?P<day>\d{{1,2}})\b",
        rf"{_DAY}{_SIGN}{_NUMBERED}{_SIGN}{_YEAR}",
        rf"{_DAY}(?:\s+of)?(?:{_SIGN})?{_NAMED}(?:{_SIGN})?{_YEAR}",
        rf"{_NAMED}{_SIGN}{_DAY}{_SIGN}{_WHOLE_YEAR}",
        rf"{_NAMED}{_SIGN}{_WHOLE_YEAR}",
        rf"{_NAMED}\s*{_QUOTE}(?P<year>\d\d)\b",
        rf"(?P<day>\d\d)(?P<month>\d\d){_WHOLE_YEAR}",
        rf"(?P<looks_like>(?P<day>\d{{1,2}})\s+(?P<month>[a-z]{{3,9}})\s+{_WHOLE_YEAR})",
    )
)
# A date that lacks a part, or has too many numbers in one.
_MONTH_NAMES = "|".join([*MONTHS, *(name[:LEAST_LETTERS] for name in MONTHS), "sept"])
_UNFINISHED = re.compile(
    r"\b\d{1,4}\s*[/.]\s*\d{1,4}(?:\s*[/.]\s*\d{1,5})?\b|\b\d{1,3}-\d{1,3}-\d{2,4}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH_NAMES})\b"
    rf"|\b(?:{_MONTH_NAMES})\s+\d{{1,2}}(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Dates:
    """What was read of a text: each date as its first and last possible day, what looked like one, and the rest."""

    found: tuple[tuple[datetime.date, datetime.date], ...]
    not_understood: tuple[str, ...]
    rest: str


def plain_dashes(text: str) -> str:
    """Return the text with each dash as the one on the keyboard."""
    return _DASH.sub("-", text)


def words_in(text: str) -> list[str]:
    """Return the words of a search, in the order typed: "Last, First" and "First-Last" are two words."""
    return [word for word in _BETWEEN_WORDS.split(text) if word]


def dates_in(text: str) -> Dates:
    """Read the dates in what was typed: 14/5/2015, 14.5.15, 14th May 2015, May 14, 2015, 14052015, May 2015.

    A year with two numbers may belong to either century, so a text can hold more dates than were typed. What looks
    like a date and is none, such as 31/2/2020, is returned apart, for the page to say so.
    """
    found: list[tuple[datetime.date, datetime.date]] = []
    wrong: list[str] = []
    rest = plain_dashes(text)
    for way in _WAYS:
        for match in list(way.finditer(rest))[::-1]:
            parts = match.groupdict()
            month = _month(parts["month"])
            if month is None and "looks_like" not in parts:
                continue
            days = list(_days(parts.get("day"), month or 0, parts["year"]))
            found += days
            if not days:
                wrong.append(match[0].strip())
            rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    for match in list(_UNFINISHED.finditer(rest))[::-1]:
        wrong.append(match[0].strip())
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    return Dates(tuple(sorted(set(found))), tuple(wrong), " ".join(rest.split()))


def _month(written: str) -> int | None:
    return int(written) if written.isdecimal() else month_named(written) or None


def _days(day: str | None, month: int, year: str) -> Iterator[tuple[datetime.date, datetime.date]]:
    """Yield the first and last day that a day, or a whole month, can mean; nothing where there is none."""
    years = [int(year)] if len(year) == len("2015") else [century + int(year) for century in CENTURIES]
    for number in years:
        if EARLIEST_YEAR <= number <= LATEST_YEAR and 1 <= month <= len(MONTHS):
            last = monthrange(number, month)[1]
            if day is None:
                yield datetime.date(number, month, 1), datetime.date(number, month, last)
            elif 1 <= int(day) <= last:
                yield datetime.date(number, month, int(day)), datetime.date(number, month, int(day))


def month_named(written: str) -> int:
    """Return the number of a month written as its name or the beginning of it; 0 where it is none."""
    letters = written.lower().rstrip(".")
    if letters == "sept":
        letters = "sep"
    matching = [number for number, name in enumerate(MONTHS, start=1) if name.lower().startswith(letters)]
    return matching[0] if len(letters) >= LEAST_LETTERS and matching else 0
