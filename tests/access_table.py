"""The table of who may open what, ``docs/who-may-open-what.md``, which people read and approve."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from tests.world import ACTORS

TABLE = Path(settings.BASE_DIR) / "docs" / "who-may-open-what.md"
EVERYBODY = "everybody"
ANYBODY_SIGNED_IN = "everybody with an account"
NOBODY = "nobody"


def table() -> dict[str, tuple[set[str], set[str]]]:
    """Return the expected answers: for each URL who may open it, and who when the case is restricted."""
    rows = [line.strip("| ").split(" | ") for line in TABLE.read_text().splitlines() if line.startswith("| `")]
    return {name.strip("`"): (_people(opened), _people(restricted)) for name, opened, restricted in rows}


def may_come_in(who: str, name: str) -> bool:
    """Return whether a person has to be tried at a URL: not where others come in and they are refused.

    What opens for nobody waits for something else, and may open where a test lets that happen.
    """
    opened = _opened().get(name, set())
    return not opened or who in opened or who not in ACTORS


@cache
def _opened() -> dict[str, set[str]]:
    return {name: opened for name, (opened, _) in table().items()}


def _people(words: str) -> set[str]:
    names = set(words.split("; "))
    if EVERYBODY in names:
        return set(ACTORS)
    if ANYBODY_SIGNED_IN in names:
        return {who for who in ACTORS if ACTORS[who]} | (names - {ANYBODY_SIGNED_IN})
    return names - {NOBODY, ""}
