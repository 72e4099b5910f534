"""Finding every fault of a policy as typed: the same for a file and for a form."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deadlines.enums import Scope, Unit
from deadlines.policies.amounts import PROVENANCE, Amount, Json, Resolved
from deadlines.policies.national_limits import Looser, first_looser
from deadlines.policies.schema import (
    FILE_KEYS,
    FIRST_YEAR,
    LAST_YEAR,
    LIMIT_KEYS,
    LIMIT_PARTS,
    LIMITS,
    LONGEST_AMOUNT,
    SCHEMA,
)
from deadlines.policies.value_types import is_mapping, is_text, is_whole, one_of, shown

STEPS = ("manager", "service-manager")
FULL_TERM = 40  # weeks of pregnancy at the expected date


def faults_of(raw: Json) -> Iterable[str]:
    """Each fault of shape, as key and reason; what has to fit together is asked afterwards."""
    found = is_mapping(
        raw, keys=("preset", "title"), what="must hold preset, title, limits and values", optional=FILE_KEYS
    )
    if found:
        yield found
        return
    for key in ("preset", "title", "note"):
        if key in raw and (found := is_text(raw[key])):
            yield f"{key}: {found}"
        elif key == "preset" and not re.fullmatch(r"[a-z0-9-]{1,60}", raw[key]):
            yield f"preset: must be small letters, digits and hyphens, not {shown(raw[key])}"
    for section, known, check in (("limits", LIMITS, limit_faults), ("values", SCHEMA, value_faults)):
        entries = raw.get(section) or {}
        if not isinstance(entries, dict):
            yield f"{section}: must be a mapping, not {shown(entries)}"
            continue
        for key, entry in entries.items():
            if key not in known:
                yield f"{section}.{key if isinstance(key, str) else shown(key)}: no such key is known"
                continue
            for fault in check(key, entry):
                yield f"{section}.{key}: {fault}"


def _provenance_faults(entry: dict[str, Json]) -> Iterable[str]:
    for key in ("source", "owner"):
        if found := is_text(entry[key]):
            yield f"{key}: {found}"
    if is_whole(FIRST_YEAR)(entry["year"]) or entry["year"] > LAST_YEAR:
        yield f"year: must be a year from {FIRST_YEAR} on, not {shown(entry['year'])}"
    if found := one_of(*Scope.values)(entry["scope"]):
        yield f"scope: {found}"


def limit_faults(key: str, entry: Json) -> Iterable[str]:
    """Each fault of one limit."""
    found = is_mapping(entry, keys=LIMIT_KEYS + PROVENANCE, optional=LIMIT_PARTS)
    if found:
        yield found
        return
    yield from _amount_faults(entry, "")
    if found := one_of(LIMITS[key].direction)(entry["direction"]):
        yield f"direction: {found}"
    if "from" in entry and (found := one_of(LIMITS[key].event)(entry["from"])):
        yield f"from: {found}"
    if "sooner-with" in entry and (found := one_of(*LIMITS)(entry["sooner-with"])):
        yield f"sooner-with: {found}"
    in_hours = entry["unit"] == Unit.HOURS
    if in_hours and not LIMITS[key].by_the_hour:
        yield f"unit: can't be 'hours', since the {LIMITS[key].event} is known by its day alone"
    for part, least in (("warn", 0), ("outer", 1), ("last-call", 1)):
        if part in entry:
            yield from _part_faults(entry[part], part, least=least)
    if ("last-call" in entry) != in_hours:
        yield "last-call: belongs to limits in hours, and each of them needs it"
    yield from _step_faults(entry["warn"], "warn", entry["unit"])
    if "escalate" in entry:
        yield from _escalate_faults(entry["escalate"], entry["unit"])
    yield from _provenance_faults(entry)


def _part_faults(part: Json, name: str, *, least: int) -> Iterable[str]:
    if found := is_mapping(part, keys=("amount", "unit")):
        yield f"{name}: {found}"
    else:
        yield from _amount_faults(part, f"{name}.", least=least)


def _escalate_faults(escalate: Json, unit: Json) -> Iterable[str]:
    if found := is_mapping(escalate, keys=STEPS):
        yield f"escalate: {found}"
        return
    faults: list[str] = []
    for step in STEPS:
        faults += _part_faults(escalate[step], f"escalate.{step}", least=0)
        faults += _step_faults(escalate[step], f"escalate.{step}", unit)
    yield from faults
    if not faults and escalate["manager"]["amount"] > escalate["service-manager"]["amount"]:
        yield (
            "escalate: is out of order; it goes to the manager first, so manager must not be more than service-manager"
        )


def _step_faults(part: Json, name: str, unit: Json) -> Iterable[str]:
    if not isinstance(part, dict) or part.get("unit") not in Unit.values or unit not in Unit.values:
        return
    wanted = unit_of_steps(unit)
    if part["unit"] != wanted:
        yield f"{name}.unit: must be {wanted.value!r} for a limit in {unit}"


def unit_of_steps(unit: str) -> Unit:
    """The unit in which warnings and steps up the line are written for a limit in ``unit``."""
    return Unit.HOURS if unit == Unit.HOURS else Unit.WORKING_DAYS


def _amount_faults(entry: dict[str, Json], where: str, *, least: int = 1) -> Iterable[str]:
    if found := is_whole(least)(entry["amount"]):
        yield f"{where}amount: {found}"
    elif entry["amount"] > LONGEST_AMOUNT:
        yield f"{where}amount: must be {LONGEST_AMOUNT} or less, not {shown(entry['amount'])}"
    if found := one_of(*Unit.values)(entry["unit"]):
        yield f"{where}unit: {found}"


def value_faults(key: str, entry: Json) -> Iterable[str]:
    """Each fault of one value."""
    found = is_mapping(entry, keys=("value", *PROVENANCE))
    if found:
        yield found
        return
    if found := SCHEMA[key].problem(entry["value"]):
        yield f"value: {found}"
    yield from _provenance_faults(entry)


# What has to fit together


def misfits(whole: Resolved, national: dict[str, dict[str, Json]]) -> list[str]:
    """Faults of a complete policy: limits too loose, in a circle, or at odds with a value."""
    return [
        *_loose_limits(whole["limits"], national),
        *_circles(whole["limits"]),
        *_week_at_odds(whole),
    ]


def _loose_limits(limits: dict[str, dict[str, Json]], national: dict[str, dict[str, Json]]) -> list[str]:
    """Limits that can end after the national one, or after the outer limit kept beside it."""
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
    return Amount(*pair).words


def _circles(limits: dict[str, dict[str, Json]]) -> list[str]:
    """Limits that name each other in a circle as the sooner of two."""
    faults = []
    for key in limits:
        path = [key]
        while (following := limits[path[-1]].get("sooner-with")) and following not in path:
            path.append(following)
        if following == key:
            faults.append(f"limits.{key}: sooner-with: leads back to itself by {' → '.join([*path, key])}")
    return faults


def _week_at_odds(whole: Resolved) -> list[str]:
    """A week of pregnancy that says another time than the limit before the expected date."""
    week = whole["values"]["pre-birth-by-week"]["value"]
    limit = whole["limits"]["pre-birth-conference"]
    faults = []
    earliest = whole["values"]["pre-birth-earliest-week"]["value"]
    if isinstance(week, int):
        same = Amount(FULL_TERM - week, Unit.WEEKS)
        if (limit["amount"], limit["unit"]) != (same.amount, same.unit):
            own = Amount(limit["amount"], limit["unit"])
            faults.append(
                f"values.pre-birth-by-week: week {week} is {same.words} before the expected date, "
                f"but limits.pre-birth-conference says {own.words}"
                if same.amount > 0
                else f"values.pre-birth-by-week: week {week} is not before the expected date in week {FULL_TERM}"
            )
        if earliest > week:
            faults.append(
                f"values.pre-birth-earliest-week: week {earliest} comes after week {week} of pre-birth-by-week"
            )
    return faults
