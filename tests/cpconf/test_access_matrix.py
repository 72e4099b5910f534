"""Who may open what, and what holds of each page: every URL of the site tried by every kind of user.

The expected answers are in ``docs/who-may-open-what.md``, a table that people read and approve. A URL without a
row fails, and so does a different answer. After an intended change, rewrite the table with
``WRITE_ACCESS_TABLE=1 pytest tests/cpconf/test_access_matrix.py -k written`` and read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from types import SimpleNamespace

import pytest

from accounts.enums import TEAM_ROLES
from accounts.models import User
from tests.access_table import ANYBODY_SIGNED_IN, EVERYBODY, NOBODY, TABLE, table
from tests.cpconf.page_rules import WITHOUT_CASE_DATA, kept_writes
from tests.cpconf.site_walk import READERS, Walk, walk_as
from tests.factories import RoleAssignmentFactory, TeamFactory, user_with_role
from tests.reports.story import NOW
from tests.stories import once_per_module
from tests.world import ACTORS, address_names, is_about_the_family, restrict

HEAD = """# Who may open what

Every address of the site, asked for by everybody who could try: about one family whose conference is over, and
once more when the case is restricted to named people. "Own" people are those of the family's case, team or
conference. An address that is not about one family has no second answer. Nobody opens a page for a step that is over
by then, or that waits for something else first. A test asks for each of them and compares.

| Address | Opens for | Opens for, when the case is restricted |
| --- | --- | --- |
"""


# Those who have nothing to do with the family: what refuses a user with all their roles refuses each of them.
OTHERS = (
    "social worker, other team",
    "other team manager",
    "other chair",
    "custodian",
    "duty worker",
    "auditor",
    "designated officer",
    "data protection officer",
    "other professional",
)
ELSEWHERE = ("social worker elsewhere", "coordinator elsewhere")


@once_per_module(at=NOW)
def walks(still_world: SimpleNamespace) -> dict[str, Walk]:
    """Everybody's walk over the whole site, which every test of the open case reads."""
    found = {who: walk_as(still_world, who) for who in ACTORS if who not in OTHERS + ELSEWHERE}
    still_world.actors["all others"] = with_all_roles(still_world, OTHERS)
    for people, at_most in ((OTHERS, "all others"), (ELSEWHERE, "service manager elsewhere, with all roles")):
        opened = (found.get(at_most) or walk_as(still_world, at_most)).opened
        found |= {who: walk_as(still_world, who, sorted(opened | opens_to(who))) for who in people}
    return found


def with_all_roles(world: SimpleNamespace, people: Iterable[str]) -> User:
    """Return a user who holds the roles of all these people."""
    team = TeamFactory(authority=world.authority)
    first, *others = sorted({role for who in people if (role := ACTORS[who])})
    user = user_with_role(first, authority=world.authority, team=team if first in TEAM_ROLES else None)
    for role in others:
        RoleAssignmentFactory(
            user=user, authority=world.authority, role=role, team=team if role in TEAM_ROLES else None
        )
    return user


def opens_to(who: str) -> set[str]:
    """Return what opens to somebody by the table."""
    return {name for name, (opened, _) in table().items() if who in opened}


def test_every_url_has_a_row() -> None:
    assert sorted(table()) == sorted(address_names())


@pytest.mark.parametrize("who", ACTORS)
def test_pages_open_as_the_table_says(walks: dict[str, Walk], who: str) -> None:
    assert sorted(walks[who].opened) == sorted(opens_to(who))


@pytest.mark.parametrize("who", READERS)
def test_everything_shown_is_logged(walks: dict[str, Walk], who: str) -> None:
    assert walks[who].unknown_reads == []


@pytest.mark.parametrize("who", READERS)
def test_no_page_changes_anything_when_read(walks: dict[str, Walk], who: str) -> None:
    assert walks[who].changes == []


@pytest.mark.parametrize("who", READERS)
def test_every_url_sends_every_header(walks: dict[str, Walk], who: str) -> None:
    """For pages, refusals and redirects alike."""
    assert walks[who].headers == []


@pytest.mark.parametrize("who", READERS)
def test_no_page_names_an_agency_whose_name_is_confidential(walks: dict[str, Walk], who: str) -> None:
    assert walks[who].names == []


def test_pages_listed_as_without_case_data_exist() -> None:
    names = set(address_names())
    assert {start for start in WITHOUT_CASE_DATA if not any(name.startswith(start) for name in names)} == set()


def test_only_rolled_back_writes_are_not_counted() -> None:
    write = 'UPDATE "plans_plan" SET'
    assert kept_writes(['SAVEPOINT "a"', write, 'ROLLBACK TO SAVEPOINT "a"']) == set()
    assert kept_writes([write, 'SAVEPOINT "a"', 'ROLLBACK TO SAVEPOINT "a"']) == {"plans_plan"}
    assert kept_writes(['SAVEPOINT "a"', write, 'RELEASE SAVEPOINT "a"']) == {"plans_plan"}
    assert kept_writes(['SAVEPOINT "a"', 'ROLLBACK TO SAVEPOINT "a"', write]) == {"plans_plan"}


if "WRITE_ACCESS_TABLE" in os.environ:

    def test_the_table_is_written(world: SimpleNamespace, walks: dict[str, Walk]) -> None:
        opened = {who: walks[who].opened for who in ACTORS}
        restrict(world)
        of_family = [name for name in address_names() if is_about_the_family(name)]
        restricted = {who: walk_as(world, who, of_family, look_at_it=False).opened for who in ACTORS}
        rows = [
            f"| `{name}` | {_words(name, opened)} | {_words(name, restricted) if is_about_the_family(name) else '-'} |"
            for name in address_names()
        ]
        TABLE.write_text(HEAD + "\n".join(rows) + "\n")


def _words(name: str, opened: dict[str, set[str]]) -> str:
    people = [who for who in ACTORS if name in opened[who]]
    if len(people) == len(ACTORS):
        return EVERYBODY
    with_account = [who for who in ACTORS if ACTORS[who]]
    if set(people) >= set(with_account):
        return "; ".join([ANYBODY_SIGNED_IN, *(who for who in people if who not in with_account)])
    return "; ".join(people) or NOBODY
