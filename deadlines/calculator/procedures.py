"""Loads the procedures to calculate by from a file, without the database."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from deadlines.policies import Policy, PolicyInvalid, preset_names, resolve
from deadlines.working_days.closed_days import FIRST_DAY

ENDINGS = (".yaml", ".yml")


@lru_cache(maxsize=64)
def policy_named(name: str) -> Policy:
    """Return the procedures of a preset, or of a file in the same format; a preset's name takes precedence.

    Raises PolicyInvalid for a name that is neither, and for anything wrong in the file.
    """
    if name in preset_names():
        data, preset = resolve(name), name
    elif Path(name).suffix in ENDINGS or Path(name).is_file():
        data, preset = resolve(Path(name)), Path(name).stem
    else:
        raise PolicyInvalid(f"“{name}” is neither a file nor one of {', '.join(preset_names())}")
    return Policy(version_id=0, number=0, in_force_from=FIRST_DAY, authority_id=0, preset=preset, data=data)
