"""The world of ``tests.world``, told once for all tests of a module, and every URL in it."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import NoReverseMatch

from tests.reports.story import NOW
from tests.stories import once_per_module
from tests.world import address_names, address_of, tell_world


@once_per_module(at=NOW)
def still_world() -> SimpleNamespace:
    return tell_world()


@pytest.fixture
def told_world(still_world: SimpleNamespace) -> Iterator[SimpleNamespace]:
    with time_machine.travel(NOW, tick=False):
        yield still_world


@pytest.fixture
def world(told_world: SimpleNamespace) -> SimpleNamespace:
    return told_world


def addresses(world: SimpleNamespace) -> dict[str, str]:
    """Return every URL by name, with the rows of this world; the access table ensures none is missing."""
    found = {}
    for name in address_names():
        try:
            found[name] = address_of(world, name)
        except (NoReverseMatch, KeyError):
            continue
    return found
