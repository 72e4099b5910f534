"""Who may open what: every URL of the site tried by every kind of user.

The expected answers are in ``docs/who-may-open-what.md``, a table that people read and approve. A URL without a
row fails, and so does a different answer. After an intended change, rewrite the table with
``WRITE_ACCESS_TABLE=1 pytest tests/cpconf/test_access_matrix.py -k written`` and read the difference.
"""

from __future__ import annotations

import os
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.template import loader
from django.test import Client

from tests.world import ACTORS, address_names, address_of, is_about_the_family, restrict, visitor

TABLE = Path(settings.BASE_DIR) / "docs" / "who-may-open-what.md"
HEAD = """# Who may open what

Every address of the site, asked for by everybody who could try: about one family whose conference is over, and
once more when the case is restricted to named people. "Own" people are those of the family's case, team or
conference. An address that is not about one family has no second answer. Nobody opens a page for a step that is over
by then, or that waits for something else first. A test asks for each of them and compares.

| Address | Opens for | Opens for, when the case is restricted |
| --- | --- | --- |
"""
EVERYBODY = "everybody"
ANYBODY_SIGNED_IN = "everybody with an account"
NOBODY = "nobody"
# Creating the world costs more than walking it: one test walks it as several people, and two tests run in parallel.
GROUPS = 3


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave pages empty: access is decided before rendering, which takes most of the time."""
    drawn = loader.render_to_string

    def draw(name: str, context: Any = None, request: Any = None, using: Any = None) -> str:
        return drawn(name, context, request, using) if request is None else ""

    monkeypatch.setattr(loader, "render_to_string", draw)


def opens(client: Client, name: str, address: str) -> bool:
    """Return whether the page opens; anything the request changes is undone, in the browser too."""
    before, cookies = transaction.savepoint(), deepcopy(client.cookies)
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
    transaction.savepoint_rollback(before)
    client.cookies = cookies
    # A case closed to a user does not exist for them.
    assert answer.status_code != 403 or not is_about_the_family(name), name
    sent_away = answer.status_code in {302, 303} and answer["Location"].startswith(("/account/sign-in/", "/guest/"))
    return not sent_away and answer.status_code not in {403, 404}


def what_opens(world: SimpleNamespace, who: str, *, of_family: bool = False) -> set[str]:
    """Return the names of all URLs that open for a user."""
    client = visitor(world, who)
    return {
        name
        for name in address_names()
        if (is_about_the_family(name) or not of_family) and opens(client, name, address_of(world, name))
    }


def table() -> dict[str, tuple[set[str], set[str]]]:
    """Return the expected answers: for each URL who may open it, and who when the case is restricted."""
    rows = [line.strip("| ").split(" | ") for line in TABLE.read_text().splitlines() if line.startswith("| `")]
    return {name.strip("`"): (_people(opened), _people(restricted)) for name, opened, restricted in rows}


def _people(words: str) -> set[str]:
    names = set(words.split("; "))
    if EVERYBODY in names:
        return set(ACTORS)
    if ANYBODY_SIGNED_IN in names:
        return {who for who in ACTORS if ACTORS[who]} | (names - {ANYBODY_SIGNED_IN})
    return names - {NOBODY, ""}


def test_every_url_has_a_row() -> None:
    assert sorted(table()) == sorted(name for name in address_names())


@pytest.mark.parametrize("group", range(GROUPS))
def test_pages_open_as_the_table_says(world: SimpleNamespace, group: int) -> None:
    rows = table()
    for who in _of_group(group):
        expected = {name for name, (opened, _) in rows.items() if who in opened}
        assert (who, sorted(what_opens(world, who))) == (who, sorted(expected))


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_restricted_case_opens_only_for_named_people(world: SimpleNamespace, group: int) -> None:
    rows = table()
    restrict(world)
    for who in _of_group(group):
        expected = {name for name, (_, opened) in rows.items() if is_about_the_family(name) and who in opened}
        assert (who, sorted(what_opens(world, who, of_family=True))) == (who, sorted(expected))


def _of_group(group: int) -> list[str]:
    return list(ACTORS)[group::GROUPS]


if "WRITE_ACCESS_TABLE" in os.environ:

    def test_the_table_is_written(world: SimpleNamespace) -> None:
        opened = {who: what_opens(world, who) for who in ACTORS}
        restrict(world)
        restricted = {who: what_opens(world, who, of_family=True) for who in ACTORS}
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
