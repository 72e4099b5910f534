"""Who may open what, and what holds of each page: every URL of the site tried by every kind of user.

The expected answers are in ``docs/who-may-open-what.md``, a table that people read and approve. A URL without a
row fails, and so does a different answer. After an intended change, rewrite the table with
``WRITE_ACCESS_TABLE=1 pytest tests/cpconf/test_access_matrix.py -k written`` and read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import loader
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.enums import ReadKind
from accounts.models import AccessEvent
from families.models import Person
from tests.access_table import ANYBODY_SIGNED_IN, EVERYBODY, NOBODY, TABLE, table
from tests.cpconf.page_rules import (
    WITHOUT_CASE_DATA,
    WRITTEN_BY_LOOKING,
    confidential_name,
    header_faults,
    kept_writes,
    names_it,
    says_nothing,
    unknown_reads,
)
from tests.reports.story import NOW
from tests.stories import once_per_module
from tests.world import ACTORS, address_names, address_of, is_about_the_family, restrict, visitor

HEAD = """# Who may open what

Every address of the site, asked for by everybody who could try: about one family whose conference is over, and
once more when the case is restricted to named people. "Own" people are those of the family's case, team or
conference. An address that is not about one family has no second answer. Nobody opens a page for a step that is over
by then, or that waits for something else first. A test asks for each of them and compares.

| Address | Opens for | Opens for, when the case is restricted |
| --- | --- | --- |
"""
# Those whose pages are drawn and looked at, one of each kind. The rest are only asked whether they come in: that is
# decided before anything is drawn, which takes most of the time.
READERS = (
    "own social worker",
    "own coordinator",
    "own chair",
    "service manager",
    "custodian",
    "administrator",
    "auditor",
    "invited professional",
    "guest, mother",
    "signed out",
)


@dataclass
class Walk:
    """What one person found at all URLs: the names of those that opened, and what was wrong with any."""

    opened: set[str] = field(default_factory=set)
    unknown_reads: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


@once_per_module(at=NOW)
def walks(still_world: SimpleNamespace) -> dict[str, Walk]:
    """Everybody's walk over the whole site, which every test of the open case reads."""
    return {who: walk_as(still_world, who) for who in ACTORS}


def walk_as(world: SimpleNamespace, who: str, *, of_family: bool = False) -> Walk:
    """Ask for every URL as this person; with ``of_family`` only for those about the family, and without drawing."""
    client, walk = visitor(world, who), Walk()
    look = None if of_family or who not in READERS else Look(world, walk)
    with nullcontext() if look else undrawn():
        for name in address_names():
            if is_about_the_family(name) or not of_family:
                with undone(client):
                    if opens(client, name, address_of(world, name), look):
                        walk.opened.add(name)
    return walk


class Look:
    """Looks at each page that is drawn, and notes in the walk which rule it breaks."""

    def __init__(self, world: SimpleNamespace, walk: Walk) -> None:
        self.walk = walk
        self.hidden = confidential_name(world.family)
        self.names = {
            person.pk: escape(person.full_name)
            for person in Person.objects.filter(memberships__family=world.family)
            if person.given_name and person.family_name
        }

    def get(self, client: Client, name: str, address: str) -> HttpResponse:
        last = AccessEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        written = kept_writes(query["sql"] for query in asked) - WRITTEN_BY_LOOKING
        self.walk.changes += [f"{name}: {table}" for table in sorted(written)]
        self.walk.headers += [f"{name}: {fault}" for fault in header_faults(answer, name)]
        self.walk.names += [f"{name}: {fault}" for fault in names_it(answer, name, self.hidden)]
        if answer.status_code == 200 and not says_nothing(name):
            events = list(AccessEvent.objects.filter(pk__gt=last).exclude(kind=ReadKind.REFUSED))
            self.walk.unknown_reads += [f"{name}: {fault}" for fault in unknown_reads(answer, name, events, self.names)]
        return answer


@contextmanager
def undrawn() -> Iterator[None]:
    """Leave pages empty."""
    drawn = loader.render_to_string

    def draw(name: str, context: Any = None, request: Any = None, using: Any = None) -> str:
        return drawn(name, context, request, using) if request is None else ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "render_to_string", draw)
        yield


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Undo what a request changes, in the browser too."""
    before, cookies = transaction.savepoint(), deepcopy(client.cookies)
    yield
    transaction.savepoint_rollback(before)
    client.cookies = cookies


def opens(client: Client, name: str, address: str, look: Look | None = None) -> bool:
    """Return whether the page opens."""
    answer = look.get(client, name, address) if look else client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
    # A case closed to a user does not exist for them.
    assert answer.status_code != 403 or not is_about_the_family(name), name
    sent_away = answer.status_code in {302, 303} and answer["Location"].startswith(("/account/sign-in/", "/guest/"))
    return not sent_away and answer.status_code not in {403, 404}


def test_every_url_has_a_row() -> None:
    assert sorted(table()) == sorted(address_names())


@pytest.mark.parametrize("who", ACTORS)
def test_pages_open_as_the_table_says(walks: dict[str, Walk], who: str) -> None:
    expected = {name for name, (opened, _) in table().items() if who in opened}
    assert sorted(walks[who].opened) == sorted(expected)


def test_a_restricted_case_opens_only_for_named_people(world: SimpleNamespace) -> None:
    rows = table()
    restrict(world)
    for who in ACTORS:
        expected = {name for name, (_, opened) in rows.items() if is_about_the_family(name) and who in opened}
        assert (who, sorted(walk_as(world, who, of_family=True).opened)) == (who, sorted(expected))


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
        restricted = {who: walk_as(world, who, of_family=True).opened for who in ACTORS}
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
