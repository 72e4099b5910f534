"""Reads policies from files, complete and checked."""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError

from deadlines.enums import Unit
from deadlines.policies.amounts import Json, Resolved
from deadlines.policies.faults import faults_of, misfits, unit_of_steps
from deadlines.policies.limits import LIMITS
from deadlines.policies.strict_yaml import NotStrict, read_strict
from deadlines.policies.values import SCHEMA

PRESETS = Path(__file__).parent.parent / "presets"
BASELINE = "baseline"
SECTIONS: dict[str, Collection[str]] = {"limits": LIMITS, "values": SCHEMA}


class PolicyInvalid(ValidationError):
    """A policy file can't be used; each message names file, key and reason."""


def baseline() -> Resolved:
    """Return the complete preset that fills the gaps of all others; shared, so never modify it."""
    return _resolved(BASELINE)


def preset_names() -> list[str]:
    """Return the presets that come with the product, the baseline first."""
    return sorted((path.stem for path in PRESETS.glob("*.yaml")), key=lambda name: (name != BASELINE, name))


def resolve(preset: str | Path) -> Resolved:
    """Return a preset, or a file in the same format, completed with the baseline's entries.

    Raises PolicyInvalid with a message for every fault, each naming file, key and reason.
    """
    if isinstance(preset, str):
        return deepcopy(_resolved(preset))
    return complete(raw_of(preset), file=preset.name)


@cache
def _resolved(preset: str) -> Resolved:
    """Return a product preset, complete; it ships with the release, so once per process is enough."""
    return complete(_raw(preset), file=path_of(preset).name)


def path_of(preset: str | Path) -> Path:
    """Return the path of a product preset; any other file is returned as it is."""
    return preset if isinstance(preset, Path) else PRESETS / f"{preset}.yaml"


def raw_of(preset: str | Path) -> Json:
    """Return a preset or file as typed, unchecked but plain.

    Raises PolicyInvalid when it can't be read or is not plain YAML.
    """
    if isinstance(preset, str):
        return deepcopy(_raw(preset))
    return _read(preset)


@cache
def _raw(preset: str) -> Json:
    return _read(path_of(preset))


def _read(path: Path) -> Json:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PolicyInvalid(f"{path.name}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise PolicyInvalid(f"{path.name}: is not UTF-8 text") from error
    return raw_from_text(text, file=path.name)


def raw_from_text(text: str, *, file: str) -> Json:
    """Return a policy as typed, unchecked but plain.

    Raises PolicyInvalid when it is not plain YAML.
    """
    try:
        return read_strict(text)
    except NotStrict as error:
        raise PolicyInvalid(f"{file}: is not plain YAML: {error}") from error


def complete(raw: Json, *, file: str) -> Resolved:
    """Check one policy as typed and fill its gaps from the baseline.

    Raises PolicyInvalid with a message for every fault, each naming file, key and reason.
    """
    if faults := list(faults_of(raw)):
        raise PolicyInvalid([f"{file}: {fault}" for fault in faults])
    own: Resolved = {section: raw.get(section) or {} for section in SECTIONS}
    if raw["preset"] == BASELINE:
        whole, national = own, own["limits"]
        faults = [*_gaps(own)]
    else:
        whole, national = filled(own), baseline()["limits"]
    faults += misfits(whole, national) if not faults else []
    if faults:
        raise PolicyInvalid([f"{file}: {fault}" for fault in faults])
    return whole


def _gaps(own: Resolved) -> list[str]:
    """Return what a baseline lacks."""
    return [
        f"{section}.{key}: is missing; the baseline must be complete"
        for section, known in SECTIONS.items()
        for key in known
        if key not in own[section]
    ] + [
        f"limits.{key}: lacks {part!r}; the baseline must be complete"
        for key, entry in own["limits"].items()
        for part in ("from", "escalate")
        if part not in entry
    ]


def filled(own: Resolved) -> Resolved:
    """Return a policy with what it lacks, whole entries and parts of limits alike, from the baseline.

    This also completes a version stored before a key existed. Escalation steps that don't suit the limit's unit
    are replaced by those of the baseline's first limit in such a unit.
    """
    base = baseline()
    whole = {section: {**base[section], **own[section]} for section in SECTIONS}
    for key, entry in own["limits"].items():
        if key not in LIMITS:
            continue
        of_baseline = base["limits"][key]
        parts: dict[str, Json] = {
            part: of_baseline[part] for part in ("from", "outer", "sooner-with") if part in of_baseline
        }
        whole["limits"][key] = {**parts, "escalate": _steps(of_baseline, entry["unit"]), **entry}
    return whole


ORDER = (
    "value", "amount", "unit", "from", "direction", "warn", "last-call", "escalate", "outer", "sooner-with", "manager",
    "service-manager", "source", "year", "scope", "owner",
)  # fmt: skip


def own_entries(whole: Resolved) -> Resolved:
    """Return the entries of a complete policy that differ from the baseline, in the format of a preset's file.

    The database keeps no order, so the order of a file is restored.
    """
    base = baseline()
    return {
        section: {key: _in_order(whole[section][key]) for key in known if whole[section][key] != base[section][key]}
        for section, known in SECTIONS.items()
    }


def _in_order(entry: dict[str, Json]) -> dict[str, Json]:
    return {
        part: _in_order(entry[part]) if isinstance(entry[part], dict) and part != "value" else entry[part]
        for part in sorted(entry, key=ORDER.index)
    }


def _steps(of_baseline: dict[str, Json], unit: str) -> Json:
    wanted = unit_of_steps(unit)
    if unit_of_steps(of_baseline["unit"]) == wanted:
        return of_baseline["escalate"]
    return next(
        entry["escalate"]
        for entry in baseline()["limits"].values()
        if (entry["unit"] == Unit.HOURS) == (wanted == Unit.HOURS)
    )
