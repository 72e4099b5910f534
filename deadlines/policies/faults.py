"""Finds every fault in a policy as typed, for files and forms alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from deadlines.enums import Direction, Scope, Unit
from deadlines.policies.amounts import Amount, Json, Resolved
from deadlines.policies.limits import LIMITS, LimitEntry, LimitKey
from deadlines.policies.national_limits import Looser, first_looser
from deadlines.policies.value_types import LEFT_OUT, Model, Shape, Text, shown
from deadlines.policies.values import SCHEMA, ValueEntry

# Keys in older files about the minutes of a conference.
RENAMED = {
    "record-sent": "minutes-sent",
    "record-comments": "minutes-comments",
    "record-form": "minutes-form",
    "record-released-by": "minutes-released-by",
    "record-comments-wanted": "minutes-comments-wanted",
}
WEEK, WORKED = 7, 5
MOST_DAYS = {Unit.DAYS: 1, Unit.WEEKS: WEEK, Unit.MONTHS: 31}
# What has to be in before, or when, the family has it.
HANDED_IN_BY = {
    "report-submitted": "report-shared-with-family",
    "report-submitted:review": "report-shared-with-family:review",
}
FULL_TERM = 40  # weeks of pregnancy at the expected date
# Wrong keys are reported alone: any other fault may follow from them.
WRONG_KEYS = {
    "missing": "lacks {key}",
    "extra_forbidden": "has the unknown key {key}",
    "unexpected_keyword_argument": "has the unknown key {key}",
    "invalid_key": "has the unknown key {key}",
}
REASONS = WRONG_KEYS | {
    "int_type": "must be a whole number, not {typed}",
    "greater_than_equal": "must be {ge} or more, not {typed}",
    "less_than_equal": "must be {le} or less, not {typed}",
    "string_type": "must be words, not {typed}",
    "string_pattern_mismatch": "must be words, not {typed}",
    "bool_type": "must be true or false, not {typed}",
    "list_type": "must be a list, not {typed}",
    "tuple_type": "must be a list, not {typed}",
    "too_short": "must be a list with at least one item, not {typed}",
    "dict_type": "must be a mapping, not {typed}",
    "model_type": "must be a mapping, not {typed}",
    "dataclass_type": "must be a mapping, not {typed}",
    "literal_error": "must be {words}, not {typed}",
    "enum": "must be {words}, not {typed}",
    "refused": "{sentence}",
}


class PolicyFile(Model):
    """A policy as typed; what differs from the baseline is checked entry by entry."""

    preset: Annotated[
        str, Field(pattern=r"^[a-z0-9-]{1,60}$"), Shape("", refusal="must be small letters, digits and hyphens")
    ]
    title: Text
    note: Text = LEFT_OUT
    limits: dict[Json, Json] | None = None
    values: dict[Json, Json] | None = None


def faults_of(raw: Json) -> Iterator[str]:
    """Yield each structural fault as key and reason; consistency is checked later."""
    if not isinstance(raw, dict):
        yield f"must hold preset, title, limits and values, not {shown(raw)}"
        return
    try:
        PolicyFile.model_validate(raw)
    except ValidationError as error:
        yield from sentences(error)
        if any(one["type"] in WRONG_KEYS for one in error.errors()):
            return
    for section, known, check in (("limits", LIMITS, limit_faults), ("values", SCHEMA, value_faults)):
        entries = raw.get(section)
        for key, entry in entries.items() if isinstance(entries, dict) else ():
            where = f"{section}.{key if isinstance(key, str) else shown(key)}"
            if key in known:
                yield from (f"{where}: {fault}" for fault in check(key, entry))
            elif RENAMED.get(key) in known:
                yield f"{where}: is called {RENAMED[key]!r} now"
            else:
                yield f"{where}: no such key is known"


def limit_faults(key: str, entry: Json) -> list[str]:
    """Return the faults of one limit."""
    try:
        return list(_limit_misfits(key, LimitEntry.model_validate(entry)))
    except ValidationError as error:
        return sentences(error, between=".")


def value_faults(key: str, entry: Json) -> list[str]:
    """Return the faults of one value; only the first about its contents."""
    faults = []
    try:
        if isinstance(entry, dict) and "value" in entry:
            SCHEMA[key].group.model_validate({key: entry["value"]})
    except ValidationError as error:
        faults += [f"value: {fault}" for fault in sentences(error, below=1)[:1]]
    try:
        ValueEntry.model_validate(entry)
    except ValidationError as error:
        faults += sentences(error)
    return faults


def sentences(refusal: ValidationError, *, between: str = ": ", below: int = 0) -> list[str]:
    """Return what a model refused, each as the path from depth ``below`` and the reason."""
    errors = refusal.errors(include_url=False)
    wrong_keys: dict[tuple[int | str, ...], ErrorDetails] = {}
    for error in errors:
        if error["type"] in WRONG_KEYS:
            wrong_keys.setdefault(error["loc"][:-1], error)
    return [
        _sentence(error, between=between, below=below)
        for error in errors
        if all(wrong_keys.get(error["loc"][:depth], error) is error for depth in range(len(error["loc"])))
    ]


def _sentence(error: ErrorDetails, *, between: str, below: int) -> str:
    path, said = list(error["loc"][below:]), dict(error.get("ctx", {}))
    if error["type"] in WRONG_KEYS:
        said["key"] = shown(path.pop())
    if "expected" in said:
        words = said["expected"].replace("' or '", "', '")
        said["words"] = f"one of {words}" if "', '" in words else words
    steps = (f"item {step + 1}" if isinstance(step, int) else step for step in path)
    place = between.join(steps)
    reason = REASONS[error["type"]].format(typed=shown(error["input"]), **said)
    return f"{place}: {reason}" if place else reason


def _limit_misfits(key: str, entry: LimitEntry) -> Iterator[str]:
    """Yield what does not suit the limit named ``key``, or its unit."""
    known, in_hours = LIMITS[key], entry.unit == Unit.HOURS
    if entry.direction != known.direction:
        yield f"direction: must be {str(known.direction)!r}, not {shown(entry.direction)}"
    if entry.runs_from not in {LEFT_OUT, known.event}:
        yield f"from: must be {known.event!r}, not {shown(entry.runs_from)}"
    yield from _ends_otherwise(known, entry)
    if in_hours and not known.by_the_hour:
        yield f"unit: can't be 'hours', since the {known.event} is known by its day alone"
    if (entry.last_call is not LEFT_OUT) != in_hours:
        yield "last-call: belongs to limits in hours, and each of them needs it"
    for name, part in (("outer", entry.outer), ("last-call", entry.last_call)):
        if part is not LEFT_OUT and part.amount < 1:
            yield f"{name}.amount: must be 1 or more, not {part.amount}"
    steps = {"warn": entry.warn}
    if entry.escalate is not LEFT_OUT:
        manager, service_manager = entry.escalate.manager, entry.escalate.service_manager
        steps |= {"escalate.manager": manager, "escalate.service-manager": service_manager}
        if manager.unit == service_manager.unit and manager.amount > service_manager.amount:
            yield (
                "escalate: is out of order; it goes to the manager first, so manager must not be more than "
                "service-manager"
            )
    wanted = unit_of_steps(entry.unit)
    for name, step in steps.items():
        if step.unit != wanted:
            yield f"{name}.unit: must be {wanted.value!r} for a limit in {entry.unit}"
    yield from _told_before_it_begins(known, entry)


def _ends_otherwise(known: LimitKey, entry: LimitEntry) -> Iterator[str]:
    """Yield a pairing that would not act: a clock counts only limits whose events it knows."""
    if "sooner_with" not in entry.model_fields_set:
        return
    possible = [known.beside] if known.beside else [*known.may_end_with, ""]
    if entry.sooner_with not in possible:
        yield f"sooner-with: must be {' or '.join(map(repr, possible))}, not {shown(entry.sooner_with)}"


def _told_before_it_begins(known: LimitKey, entry: LimitEntry) -> Iterator[str]:
    """Yield the times at which people would be told before a limit has even begun to run.

    Where its event is known beforehand, as where it is counted back from one, they may be.
    """
    if known.foreseen or known.direction == Direction.BEFORE:
        return
    longest = _most_steps(entry)
    for name, part in (("warn", entry.warn), ("last-call", entry.last_call)):
        if part is not LEFT_OUT and part.unit == unit_of_steps(entry.unit) and part.amount > longest:
            yield f"{name}.amount: people can't be told {part.words} before the end of a limit of {_words(_of(entry))}"


def _most_steps(entry: LimitEntry) -> int:
    """Return the most hours or working days that a limit can hold."""
    if entry.unit in {Unit.HOURS, Unit.WORKING_DAYS}:
        return entry.amount
    days = entry.amount * MOST_DAYS[entry.unit]
    return days // WEEK * WORKED + min(days % WEEK, WORKED)


def _of(entry: LimitEntry) -> tuple[int, str]:
    return entry.amount, entry.unit


def unit_of_steps(unit: str) -> Unit:
    """Return the unit for warnings and escalation of a limit in ``unit``."""
    return Unit.HOURS if unit == Unit.HOURS else Unit.WORKING_DAYS


# Consistency


def misfits(whole: Resolved, national: dict[str, dict[str, Json]]) -> list[str]:
    """Return the faults of a complete policy: limits too loose, or at odds with a value or one another."""
    return [
        *_loose_limits(whole["limits"], national),
        *_handed_in_too_late(whole["limits"]),
        *_week_at_odds(whole),
        *_quorum_at_odds(whole["values"]),
    ]


def _quorum_at_odds(values: dict[str, dict[str, Json]]) -> Iterator[str]:
    """Yield a lower quorum that is not lower."""
    fewer, needed = values["quorum-exceptionally"]["value"], values["quorum-agencies"]["value"]
    if isinstance(fewer, int) and fewer >= needed:
        yield f"values.quorum-exceptionally: {fewer} is not fewer than the {needed} of quorum-agencies"


def _loose_limits(limits: dict[str, dict[str, Json]], national: dict[str, dict[str, Json]]) -> list[str]:
    """Return limits that can end after the national one, or after their own outer limit."""
    faults = []
    for key, entry in limits.items():
        of_baseline = national.get(key, entry)
        most = of_baseline.get("outer") or (of_baseline if of_baseline["scope"] == Scope.NATIONAL else None)
        own_outer = entry.get("outer")
        pairs = (("", entry, most), ("outer: ", own_outer, most), ("", entry, own_outer))
        for name, own, bound in dict.fromkeys(
            (name, _pair(own), _pair(bound)) for name, own, bound in pairs if own and bound
        ):
            if found := first_looser(own, bound, LIMITS[key].direction):
                faults.append(
                    f"limits.{key}: {name}{_words(own)} is looser than the national outer limit of {_words(bound)}"
                    + (_example(found) if own[1] != bound[1] else "")
                )
    return faults


def _example(found: Looser) -> str:
    start, own, bound = (f"{day:%-d %B %Y}" for day in (found.start, found.own_ends, found.bound_ends))
    return f": from {start} it would end on {own}, the national one on {bound}"


def _pair(entry: dict[str, Json]) -> tuple[int, str]:
    return entry["amount"], entry["unit"]


def _words(pair: tuple[int, str]) -> str:
    return Amount(pair[0], Unit(pair[1])).words


def _handed_in_too_late(limits: dict[str, dict[str, Json]]) -> Iterator[str]:
    """Yield the limits by which a report would be in only after the family has to have it."""
    for key, shared in HANDED_IN_BY.items():
        own, bound = _pair(limits[key]), _pair(limits[shared])
        if first_looser(own, bound, Direction.BEFORE):
            yield (
                f"limits.{key}: {_words(own)} before the conference is later than {_words(bound)} before it, "
                f"when the family has the report (limits.{shared})"
            )


def _week_at_odds(whole: Resolved) -> Iterator[str]:
    """Yield a week of pregnancy that contradicts the limit before the expected date."""
    week = whole["values"]["pre-birth-by-week"]["value"]
    earliest = whole["values"]["pre-birth-earliest-week"]["value"]
    limit = whole["limits"]["pre-birth-conference"]
    if not isinstance(week, int):
        return
    if week >= FULL_TERM:
        yield f"values.pre-birth-by-week: week {week} is not before the expected date in week {FULL_TERM}"
    elif (same := (FULL_TERM - week, Unit.WEEKS)) != _pair(limit):
        yield (
            f"values.pre-birth-by-week: week {week} is {_words(same)} before the expected date, "
            f"but limits.pre-birth-conference says {_words(_pair(limit))}"
        )
    if earliest > week:
        yield f"values.pre-birth-earliest-week: week {earliest} comes after week {week} of pre-birth-by-week"
