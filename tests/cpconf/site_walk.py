"""One person's walk over the site: every URL asked for, which of them open, and what is wrong with any that is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import loader
from django.test import Client
from django.utils.html import escape

from accounts.enums import ReadKind
from accounts.models import AccessEvent
from families.models import Person
from tests.access_table import table
from tests.cpconf.page_rules import (
    WRITTEN_BY_LOOKING,
    confidential_name,
    header_faults,
    kept_writes,
    names_it,
    says_nothing,
    unknown_reads,
)
from tests.world import address_names, address_of, is_about_the_family, visitor

# Those whose pages are drawn and looked at, one of each kind. The rest are only asked whether they come in: that is
# decided before anything is drawn.
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
# Of the readers to whom a page opens, so many look at it: others at the next page.
LOOK_AT_EACH = 3


@dataclass
class Walk:
    """What one person found at all URLs: the names of those that opened, and what was wrong with any."""

    opened: set[str] = field(default_factory=set)
    unknown_reads: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def walk_as(world: SimpleNamespace, who: str, names: Iterable[str] | None = None, *, look_at_it: bool = True) -> Walk:
    """Ask for every URL as this person, or only for those of these ``names``; look at the pages of ``READERS``."""
    client, walk = visitor(world, who), Walk()
    look, expected = Look(world, walk) if look_at_it and who in READERS else None, table()
    for name in address_names() if names is None else names:
        looks = look if looks_at(who, name, expected.get(name, (set(), set()))[0]) else None
        with undone(client), nullcontext() if looks else undrawn():
            if opens(client, name, address_of(world, name), looks):
                walk.opened.add(name)
    return walk


def looks_at(who: str, name: str, opens_for: set[str]) -> bool:
    """Return whether a reader looks at a page, as each does where they are refused."""
    lookers = sorted(opens_for.intersection(READERS), key=lambda reader: crc32(f"{reader} {name}".encode()))
    return who not in lookers[LOOK_AT_EACH:]


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
        asked: list[str] = []
        with connection.execute_wrapper(lambda execute, sql, *more: (asked.append(sql), execute(sql, *more))[1]):
            answer = client.get(address)
        written = kept_writes(asked) - WRITTEN_BY_LOOKING
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
    before, cookies = transaction.savepoint(), SimpleCookie(client.cookies)
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
