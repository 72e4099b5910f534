"""The invented council of the demonstration, and a clock that the year moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
import yaml
from django.urls import get_resolver

from deadlines.policies import raw_of
from demo.council import Council, build_council
from tests.journeys.calendar import at


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(at("2026-12-08 12:30"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def procedures() -> str:
    """Return by which preset or file the council works; empty for the procedures of the demonstration."""
    return ""


@pytest.fixture
def council(
    db: None, procedures: str, clock: time_machine.Coordinates, settings: object, monkeypatch: pytest.MonkeyPatch
) -> Council:
    settings.DEMO = True
    # Imports every page: once a process, and no part of a council's year.
    assert get_resolver().url_patterns
    if procedures:
        raw = yaml.safe_load(Path(procedures).read_text()) if procedures.endswith(".yaml") else raw_of(procedures)
        monkeypatch.setattr("demo.council._procedures", lambda: (raw["preset"], raw))
    return build_council(now=at("2026-12-08 12:30"))
