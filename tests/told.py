"""One world for all the tests of a file: told once, for telling it costs more than most tests do.

Each test takes back what it changed in the database, and has its own copy of the objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.urls import NoReverseMatch

from tests.reports.story import NOW
from tests.world import address_of, patterns, tell_world


@pytest.fixture(scope="module")
def told_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """The world of ``tests.world`` in a transaction around the whole file."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # durable blocks may nest in it, as in a TestCase
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), around:
        yield tell_world()
        transaction.set_rollback(True)


@pytest.fixture
def told_world(told_once: SimpleNamespace, db: None) -> Iterator[SimpleNamespace]:
    with time_machine.travel(NOW, tick=False):
        yield deepcopy(told_once)


@pytest.fixture
def world(told_world: SimpleNamespace) -> SimpleNamespace:
    return told_world


def addresses(world: SimpleNamespace) -> dict[str, str]:
    """Every address by name, with the rows of this world in it. That none is missing, the table of access shows."""
    found = {}
    for name, pattern in patterns():
        try:
            found[name] = address_of(world, name, pattern)
        except (NoReverseMatch, KeyError):
            continue
    return found
