from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from deadlines.calculator import DAYS, KEYS, MOMENTS, TYPES, CaseInvalid, ClockDate, dates_of, policy_named, read_case
from deadlines.working_days.arithmetic import LONDON
from deadlines.working_days.calendars import WorkingCalendar, england_in_memory

WRONG = 2
MEANINGS = {
    "strategy_discussion": "day of the strategy discussion that started the enquiry",
    "notified": "day on which the receiving council was told of the move",
    "expected": "expected date of delivery",
    "booked": "day on which the conference's date was fixed",
    "conference": "when the conference begins; a day is enough where nothing is counted in hours",
    "ended": "when the last part of the conference ended",
    "plan_began": "day of the conference that made the child protection plan",
    "last_review": "day of the last review",
    "first_core_group": "day for which the first core group is arranged",
    "last_core_group": "day of the last core group",
    "cin_plan_began": "day on which the child in need plan began",
    "born": "day of the birth",
    "last_seen": "day of the last visit at which this child was seen",
}


class Command(BaseCommand):
    help = "Work out the dates of a case by a council's procedures. Needs no database and keeps nothing."
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Forbid abbreviated options: half a name may mean another date."""
        return super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--policy", metavar="SLUG_OR_FILE", help="whose procedures: a preset or a file")
        parser.add_argument("--json", action="store_true", help="print JSON; otherwise a table")
        parser.add_argument(
            "--cases", metavar="FILE", help="a JSON list of cases, “-” for standard input; prints a list of lists"
        )
        parser.add_argument("--type", help=f"the conference's: {', '.join(TYPES)} (default {TYPES[0]})")
        for key in (*DAYS, *MOMENTS):
            kind = "DATETIME" if key in MOMENTS else "DATE"
            parser.add_argument(f"--{key.replace('_', '-')}", metavar=kind, help=MEANINGS[key])
        parser.add_argument("--reviews-held", metavar="N", help="reviews up to and including the last one (default 1)")

    def handle(self, **options: Any) -> None:
        given = Namespace(**options)
        one = {key: value for key in KEYS if (value := options[key]) is not None}
        calendar = england_in_memory(timezone.localdate())
        if given.cases is not None:
            if one:
                raise _wrong(f"--cases can't be combined with {_option(next(iter(one)))}")
            found = [
                self._counted_or_refused(place, raw, given.policy, calendar)
                for place, raw in enumerate(_cases(given.cases))
            ]
            # One write, so that a reader that closes the pipe early causes no second error.
            self.stdout.write(json.dumps(found))
            return
        if given.policy is None:
            raise _wrong("--policy must be given: a preset such as “baseline”, or a file")
        try:
            dates = _count(one, given.policy, calendar)
        except CaseInvalid as refusal:
            raise _wrong(f"{_option(refusal.key)} {refusal.sentence}") from refusal
        except ValidationError as refusal:
            raise _wrong(f"--policy {'; '.join(refusal.messages)}") from refusal
        self.stdout.write(json.dumps([_told(date) for date in dates], indent=2) if given.json else _table(dates))

    def _counted_or_refused(
        self, place: int, raw: object, policy: str | None, calendar: WorkingCalendar
    ) -> list[dict[str, Any]] | dict[str, str]:
        """Return the dates of one of many cases; in their place, where it can't be counted, the reason."""
        try:
            return [_told(date) for date in _count_one(raw, policy, calendar)]
        except ValidationError as refusal:
            self.stderr.write(f"--cases case {place} (counted from 0): {refusal.messages[0]}")
            return {"refused": refusal.messages[0]}


def _wrong(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=WRONG)


def _option(key: str) -> str:
    return f"--{key.replace('_', '-')}"


def _count(raw: Mapping[str, object], policy: str, calendar: WorkingCalendar) -> list[ClockDate]:
    return dates_of(read_case(raw), policy_named(policy), calendar)


def _count_one(raw: object, policy: str | None, calendar: WorkingCalendar) -> list[ClockDate]:
    """Return the dates of one of many cases. Raises ValidationError, saying in one message what is wrong with it."""
    if not isinstance(raw, dict):
        raise ValidationError(f"must be an object, not {raw!r}")
    named = raw.get("policy", policy)
    if not isinstance(named, str):
        raise ValidationError(f"policy must be a preset or a file, not {named!r}")
    rest = {key: value for key, value in raw.items() if key != "policy"}
    try:
        return _count(rest, named, calendar)
    except CaseInvalid as refusal:
        raise ValidationError(f"{refusal.key} {refusal.sentence}") from refusal
    except ValidationError as refusal:
        raise ValidationError(f"policy {'; '.join(refusal.messages)}") from refusal


def _cases(file: str) -> list[Any]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(f"--cases {file} can't be read: {error}") from error
    try:
        cases = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"--cases {file} is not JSON: {error}") from error
    if not isinstance(cases, list):
        raise _wrong(f"--cases {file} must hold a list of cases")
    return cases


def _told(date: ClockDate) -> dict[str, Any]:
    return {
        "clock": date.clock,
        "due": _iso(date.due.at or date.due.on),
        "starts_from": _iso(date.starts_from),
        "amount": date.limit.amount,
        "unit": date.limit.unit,
        "scope": date.limit.scope,
        "source": date.limit.source,
    }


def _iso(value: Any) -> str:
    """Return a day as it is, a moment with London's offset at that time."""
    shown = value.astimezone(LONDON) if hasattr(value, "hour") else value
    return str(shown.isoformat())


def _table(dates: list[ClockDate]) -> str:
    rows = [("Due", "Clock", "Limit", "Runs from", "Scope", "Source")]
    for date in dates:
        told = _told(date)
        limit = f"{date.limit.words} {date.limit.direction}"
        rows.append((told["due"], date.clock, limit, told["starts_from"], date.limit.scope, date.limit.source))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
