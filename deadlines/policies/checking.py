"""Finding every fault of a policy as typed: the same for a file and for a form."""

from __future__ import annotations

from collections.abc import Iterable

from deadlines.enums import Direction, Scope, Unit
from deadlines.policies.policy import PROVENANCE, Amount, Json
from deadlines.policies.schema import (
    FILE_KEYS,
    LIMIT_KEYS,
    LIMITS,
    LONGEST_AMOUNT,
    SCHEMA,
    is_mapping,
    is_text,
    is_whole,
    one_of,
)


def faults_of(raw: Json) -> Iterable[str]:
    """Each fault of shape, as key and reason; whether a limit is too loose is asked afterwards."""
    found = is_mapping(
        raw, keys=("preset", "title"), what="must hold preset, title, limits and values", optional=FILE_KEYS
    )
    if found:
        yield found
        return
    for key in ("preset", "title", "note"):
        if key in raw and (found := is_text(raw[key])):
            yield f"{key}: {found}"
    for section, known, check in (("limits", LIMITS, _limit_faults), ("values", SCHEMA, _value_faults)):
        entries = raw.get(section) or {}
        if not isinstance(entries, dict):
            yield f"{section}: must be a mapping, not {entries!r}"
            continue
        for key, entry in entries.items():
            if key not in known:
                yield f"{section}.{key}: no such key is known"
                continue
            for fault in check(key, entry):
                yield f"{section}.{key}: {fault}"


def _provenance_faults(entry: dict[str, Json]) -> Iterable[str]:
    for key in ("source", "owner"):
        if found := is_text(entry[key]):
            yield f"{key}: {found}"
    if is_whole(1989)(entry["year"]) or entry["year"] > 2100:  # noqa: PLR2004 - the Children Act, and a typing slip
        yield f"year: must be a year from 1989 on, not {entry['year']!r}"
    if found := one_of(*Scope.values)(entry["scope"]):
        yield f"scope: {found}"


def _limit_faults(key: str, entry: Json) -> Iterable[str]:  # noqa: ARG001
    found = is_mapping(entry, keys=LIMIT_KEYS + PROVENANCE, optional=("outer", "last-call"))
    if found:
        yield found
        return
    yield from _amount_faults(entry, "")
    if found := one_of(*Direction.values)(entry["direction"]):
        yield f"direction: {found}"
    for part in ("warn", "outer", "last-call"):
        if part not in entry:
            continue
        if found := is_mapping(entry[part], keys=("amount", "unit")):
            yield f"{part}: {found}"
            continue
        yield from _amount_faults(entry[part], f"{part}.", least=0 if part == "warn" else 1)
    if ("last-call" in entry) != (entry["unit"] == Unit.HOURS):
        yield "last-call: belongs to limits in hours, and each of them needs it"
    if isinstance(entry["warn"], dict):
        warn_unit = Unit.HOURS if entry["unit"] == Unit.HOURS else Unit.WORKING_DAYS
        if entry["warn"].get("unit") != warn_unit:
            yield f"warn.unit: must be {warn_unit.value!r} for a limit in {entry['unit']}"
    yield from _provenance_faults(entry)


def _amount_faults(entry: dict[str, Json], where: str, *, least: int = 1) -> Iterable[str]:
    if found := is_whole(least)(entry["amount"]):
        yield f"{where}amount: {found}"
    elif entry["amount"] > LONGEST_AMOUNT:
        yield f"{where}amount: must be {LONGEST_AMOUNT} or less, not {entry['amount']}"
    if found := one_of(*Unit.values)(entry["unit"]):
        yield f"{where}unit: {found}"


def _value_faults(key: str, entry: Json) -> Iterable[str]:
    found = is_mapping(entry, keys=("value", *PROVENANCE))
    if found:
        yield found
        return
    if found := SCHEMA[key].problem(entry["value"]):
        yield f"value: {found}"
    yield from _provenance_faults(entry)


# The longest that a unit can be in days on the wall: a week holds five working days, less bank holidays,
# which push both limits alike and are left out.
_LONGEST = {
    Unit.HOURS: lambda n: -(-n // 24),
    Unit.DAYS: lambda n: n,
    Unit.WORKING_DAYS: lambda n: n + 2 * -(-n // 5),
    Unit.WEEKS: lambda n: n * 7,
    Unit.MONTHS: lambda n: n * 31,
}


def loose_limits(limits: dict[str, dict[str, Json]], national: dict[str, dict[str, Json]]) -> list[str]:
    """Faults for limits that could end after the national one, or after the outer limit kept beside it."""
    faults = []
    for key, entry in limits.items():
        of_baseline = national.get(key, entry)
        outer = entry.get("outer") or of_baseline.get("outer")
        if outer is None and of_baseline["scope"] == Scope.NATIONAL:
            outer = of_baseline
        if outer is not None and _longest(entry) > _longest(outer):
            own, most = Amount(entry["amount"], entry["unit"]), Amount(outer["amount"], outer["unit"])
            faults.append(
                f"limits.{key}: {own.words} is looser than the national outer limit of {most.words}"
            )
    return faults


def _longest(entry: dict[str, Json]) -> int:
    return int(_LONGEST[Unit(entry["unit"])](entry["amount"]))
