"""Who may open what of a case that is restricted to named people, as ``docs/who-may-open-what.md`` says.

Beside the walk over the open case (``test_access_matrix.py``), so that two processes share them.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.access_table import table
from tests.cpconf.site_walk import walk_as
from tests.reports.story import NOW
from tests.stories import once_per_module
from tests.world import ACTORS, is_about_the_family, restrict

# Of the pages that stay open, one in so many is asked for: the walk over the open case opened them all.
ONE_IN = 10


@once_per_module(at=NOW)
def walks(still_world: SimpleNamespace) -> dict[str, set[str]]:
    """What opens to each person, of everything that the restriction closes or opens to them and some of the rest."""
    restrict(still_world)
    return {who: walk_as(still_world, who, asked_of(who), look_at_it=False).opened for who in ACTORS}


def asked_of(who: str) -> list[str]:
    before, after = opens_to(who)
    return sorted((before ^ after) | set(sorted(before & after)[::ONE_IN]))


def opens_to(who: str) -> tuple[set[str], set[str]]:
    """Return which pages about the family open to somebody, and which when the case is restricted."""
    rows = {name: row for name, row in table().items() if is_about_the_family(name)}
    before, after = ({name for name, row in rows.items() if who in row[column]} for column in (0, 1))
    return before, after


@pytest.mark.parametrize("who", ACTORS)
def test_a_restricted_case_opens_only_for_named_people(walks: dict[str, set[str]], who: str) -> None:
    assert sorted(walks[who]) == sorted(set(asked_of(who)) & opens_to(who)[1])
