"""Who may open what of a case that is restricted to named people, as ``docs/who-may-open-what.md`` says.

Beside the walk over the open case (``test_access_matrix.py``), so that two processes share them.
"""

from __future__ import annotations

from types import SimpleNamespace

from tests.access_table import table
from tests.cpconf.site_walk import walk_as
from tests.world import ACTORS, is_about_the_family, restrict


def test_a_restricted_case_opens_only_for_named_people(world: SimpleNamespace) -> None:
    rows = table()
    restrict(world)
    for who in ACTORS:
        expected = {name for name, (_, opened) in rows.items() if is_about_the_family(name) and who in opened}
        assert (who, sorted(walk_as(world, who, of_family=True).opened)) == (who, sorted(expected))
