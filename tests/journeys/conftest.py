"""A small invented council, a clock that the journey sets, and visitors who walk through the pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Browser

from demo.council import Council, build_council
from tests.journeys.calendar import at
from tests.journeys.visitor import DESK, HEIGHT, Visitor

TWELVE = "2026-12-08 12:30"


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """The time that everyone sees; it keeps ticking, and a journey may move it."""
    with time_machine.travel(at(TWELVE), tick=True) as traveller:
        yield traveller


@pytest.fixture
def council(transactional_db: None, clock: time_machine.Coordinates, settings: object) -> Council:
    """Eastmere Council, on the Tuesday on which the strategy discussion is held."""
    settings.DEMO = True
    return build_council(now=at(TWELVE))


@pytest.fixture
def visit(
    live_server, browser: Browser, council: Council, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """Open a browser window: ``visit()`` or ``visit(scripted=False)``."""
    opened = []

    def open_window(*, scripted: bool = True, album: str = "") -> Visitor:
        context = browser.new_context(
            java_script_enabled=scripted,
            viewport={"width": DESK, "height": HEIGHT},
            locale="en-GB",
            timezone_id="Europe/London",
            accept_downloads=True,
        )
        opened.append(context)
        folder = None
        if album and os.environ.get("CPCONF_SHOTS"):
            folder = Path(os.environ["CPCONF_SHOTS"]) / album
            folder.mkdir(parents=True, exist_ok=True)
        return Visitor(context.new_page(), live_server.url, scripted=scripted, album=folder)

    yield open_window
    for context in opened:
        context.close()
