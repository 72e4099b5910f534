"""The invented council of the demonstration, and a clock that the year moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from demo.council import Council, build_council
from tests.journeys.calendar import at


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(at("2026-12-08 12:30"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def council(db: None, clock: time_machine.Coordinates, settings: object) -> Council:
    settings.DEMO = True
    return build_council(now=at("2026-12-08 12:30"))
