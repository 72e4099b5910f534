"""The dates of one case as entered: parsed, and refused where they can't be true."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.core.exceptions import ValidationError

from deadlines.working_days.arithmetic import LONDON, civil_day

INITIAL, REVIEW, PRE_BIRTH, TRANSFER_IN = "initial", "review", "pre-birth", "transfer-in"
TYPES = (INITIAL, REVIEW, PRE_BIRTH, TRANSFER_IN)
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

Moment = datetime.date | datetime.datetime


class CaseInvalid(ValidationError):
    """One of the dates can't be used; ``key`` names it and ``sentence`` says why."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__({key: [sentence]})
        self.key = key
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class Case:
    """What has happened, as far as it is known. Days are civil days in London, moments are aware.

    ``type`` is the kind of the conference that ``conference`` is about. ``reviews_held`` counts the
    reviews of the plan up to and including ``last_review``; None leaves it open. ``first_core_group`` is the day for
    which the first core group is arranged.
    """

    type: str = INITIAL
    strategy_discussion: datetime.date | None = None
    notified: datetime.date | None = None
    expected: datetime.date | None = None
    booked: datetime.date | None = None
    conference: Moment | None = None
    ended: Moment | None = None
    plan_began: datetime.date | None = None
    last_review: datetime.date | None = None
    reviews_held: int | None = None
    first_core_group: datetime.date | None = None
    last_core_group: datetime.date | None = None
    cin_plan_began: datetime.date | None = None
    born: datetime.date | None = None
    last_seen: datetime.date | None = None

    def __post_init__(self) -> None:
        """Raise CaseInvalid where two of the dates contradict each other."""
        for key, sentence in _contradictions(self):
            raise CaseInvalid(key, sentence)

    @property
    def is_review(self) -> bool:
        return self.type == REVIEW

    @property
    def conference_day(self) -> datetime.date | None:
        return civil_day(self.conference) if self.conference else None

    @property
    def has_held_one_review(self) -> bool:
        """Return whether the next review is the second; a "last review" on its own means there was one."""
        return self.last_review is not None and self.reviews_held in (None, 1)

    def given(self) -> dict[str, Moment]:
        """Return every date of the case by its key."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {key: value for key, value in found.items() if isinstance(value, datetime.date)}


KEYS = tuple(field.name for field in fields(Case))
MOMENTS = ("conference", "ended")
DAYS = tuple(key for key in KEYS if key not in {"type", "reviews_held", *MOMENTS})


def read_case(raw: Mapping[str, object]) -> Case:
    """Parse a case from command-line or JSON texts; None and missing keys are equivalent.

    Raises CaseInvalid for an unknown key, for a day that does not exist, and for dates that contradict each
    other.
    """
    found: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in KEYS:
            raise CaseInvalid(str(key), f"is not known; use {', '.join(KEYS)}")
        if value is None:
            continue
        if key == "type":
            found[key] = _type(value)
        elif key == "reviews_held":
            found[key] = _number(value)
        elif key in MOMENTS:
            found[key] = _moment(key, value)
        else:
            found[key] = civil_day(_moment(key, value))
    return Case(**found)


def _type(value: object) -> str:
    if value not in TYPES:
        raise CaseInvalid("type", f"must be one of {', '.join(TYPES)}, not {value!r}")
    return str(value)


def _number(value: object) -> int:
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,3}", text):
        raise CaseInvalid("reviews_held", f"must be a whole number from 0 on, not {value!r}")
    return int(text)


_WRITTEN = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?P<offset>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)


def _moment(key: str, value: object) -> Moment:
    """Parse a day or, with a time, an aware moment; a time without offset is London time."""
    match = _WRITTEN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        example = "2026-12-22T12:30" if key in MOMENTS else "2026-12-22"
        raise CaseInvalid(key, f"must be written like {example}, not {value!r}")
    day = _day(key, int(match["year"]), int(match["month"]), int(match["day"]))
    if match["time"] is None:
        return day
    try:
        moment = datetime.datetime.fromisoformat(f"{day.isoformat()}T{match['time']}{match['offset'] or ''}")
        return moment if moment.tzinfo else london(key, moment)
    except ValueError:
        raise CaseInvalid(key, f"has a time that no clock shows: {value!r}") from None


def _day(key: str, year: int, month: int, day: int) -> datetime.date:
    if not 1 <= month <= len(MONTHS):
        raise CaseInvalid(key, f"has the month {month}; a year has 12")
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise CaseInvalid(key, f"does not exist: {MONTHS[month - 1]} {year} has no day {day}") from None


def london(key: str, shown: datetime.datetime) -> datetime.datetime:
    """Return the aware moment for a London time; the earlier one in the hour that comes twice.

    Raises CaseInvalid for the hour skipped in March.
    """
    moment = shown.replace(tzinfo=LONDON)
    if moment.astimezone(datetime.UTC).astimezone(LONDON).replace(tzinfo=None) != shown:
        raise CaseInvalid(
            key, f"does not exist: on {shown:%-d %B %Y} the clocks went forward and left out {shown:%H:%M}"
        )
    return moment


def _contradictions(case: Case) -> Iterable[tuple[str, str]]:
    """Yield each pair of dates of which one makes the other impossible."""
    starts = {
        INITIAL: "strategy_discussion", PRE_BIRTH: "strategy_discussion", TRANSFER_IN: "notified",
    }  # fmt: skip
    before = [
        ("conference", "ended", "a conference can't end before it began"),
        (starts.get(case.type, ""), "conference", "the conference comes after what it was called for"),
        ("plan_began", "first_core_group", "a core group meets once the plan has begun"),
        ("plan_began", "last_core_group", "a core group meets once the plan has begun"),
    ]
    if case.cin_plan_began is None:
        before.append(("plan_began", "last_review", "a plan is reviewed once it has begun"))
    if case.type == PRE_BIRTH:
        before.append(("strategy_discussion", "born", "a child born earlier has no pre-birth conference"))
    for first, then, why in before:
        earlier, later = getattr(case, first, None), getattr(case, then, None)
        if earlier and later and _is_before(later, earlier):
            yield then, f"is before {first.replace('_', ' ')}: {why}"
    if case.reviews_held and case.last_review is None:
        yield "reviews_held", "needs the last review as well"
    if case.reviews_held == 0 and case.last_review is not None:
        yield "reviews_held", "can't be 0 where a last review is given"


def _is_before(later: Moment, earlier: Moment) -> bool:
    if isinstance(later, datetime.datetime) and isinstance(earlier, datetime.datetime):
        return later < earlier
    return civil_day(later) < civil_day(earlier)
