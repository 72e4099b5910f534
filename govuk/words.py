"""Dates, times, distances and empty values in words, the same on every page and document."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

NO_BREAK = "\u00a0"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NOT_RECORDED = "Not recorded"


def _day(value: datetime.date | datetime.datetime) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def long_date(value: datetime.date | datetime.datetime) -> str:
    """Tuesday 5 January 2027, unbreakable."""
    day = _day(value)
    return NO_BREAK.join((DAYS[day.weekday()], str(day.day), MONTHS[day.month - 1], str(day.year)))


def short_date(value: datetime.date | datetime.datetime, *, today: datetime.date) -> str:
    """Tue 5 Jan, with the year unless it is that of ``today``."""
    day = _day(value)
    words = [DAYS[day.weekday()][:3], str(day.day), MONTHS[day.month - 1][:3]]
    if day.year != today.year:
        words.append(str(day.year))
    return NO_BREAK.join(words)


def plain_date(value: datetime.date | datetime.datetime) -> str:
    """5 January 2027: for dates of birth, where the weekday is irrelevant."""
    day = _day(value)
    return NO_BREAK.join((str(day.day), MONTHS[day.month - 1], str(day.year)))


def clock(value: datetime.time | datetime.datetime) -> str:
    """14:05; London time for an aware moment."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.hour}:{value.minute:02d}"


def count(number: int, one: str, many: str = "") -> str:
    """1 child, 3 children."""
    return f"{number:,}{NO_BREAK}{one if number == 1 else many or one + 's'}"


def lasting(span: datetime.timedelta) -> str:
    """Return how long something took or has waited, in its largest unit: "0.4 seconds", "12 minutes", "2 days"."""
    seconds = span.total_seconds()
    for size, one in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return count(int(seconds // size), one)
    return f"{seconds:.1f}{NO_BREAK}seconds"


def working_distance(days: int) -> str:
    """Return how far away a due day is: "in 3 working days", "today", "2 working days late"."""
    if days == 0:
        return "today"
    if days > 0:
        return f"in {count(days, 'working day')}"
    return f"{count(-days, 'working day')} late"


def listed(parts: list[str], *, last: str = "and") -> str:
    """Robin, Wren and the baby."""
    *others, final = parts or [""]
    return f"{', '.join(others)} {last} {final}" if others else final


def marked(text: str, names: Iterable[str]) -> SafeString:
    """Return typed text with the words of these names marked; a name ending in … marks words that begin so."""
    parts = [_as_typed(part) for name in names for part in name.split()]
    pieces = re.split(rf"(?<!\w)({'|'.join(parts)})(?!\w)", text, flags=re.IGNORECASE) if parts else [text]
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", one) if place % 2 else one,) for place, one in enumerate(pieces))
    )


def _as_typed(part: str) -> str:
    """Return a pattern for a word of a name: points of initials may be missing."""
    if re.fullmatch(r"(?:[^\W\d_]\.)+", part):
        return r"\.?\s?".join(part.split(".")[:-1]) + r"\.?s?"
    return re.escape(part.rstrip("…")) + (r"\w*" if part.endswith("…") else "")


def or_not_recorded(value: Any) -> Any:
    """Return the value, or the words for an empty one."""
    if value is None or value in ("", [], ()):
        return SafeString(f'<span class="cp-none">{NOT_RECORDED}</span>')
    if value is True:
        return "Yes"
    if value is False:
        return "No"
    return value


def time_tag(value: datetime.date | datetime.datetime, words: str) -> SafeString:
    """Mark up ``words`` as the moment they name."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)
