"""Every record of one family as it was on a day: each page opens, whatever its rows point to."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
import time_machine

from tests.access_table import table
from tests.cpconf.site_walk import undone
from tests.reports.story import NOW
from tests.world import ACTORS, address_names, address_of, visitor

pytestmark = pytest.mark.django_db

PAGES = [name for name in address_names() if name.endswith("as-it-was")]


def test_there_are_some() -> None:
    assert len(PAGES) > 8


@pytest.mark.parametrize("days_later", [0, 20])
def test_each_opens(world: SimpleNamespace, days_later: int) -> None:
    day = NOW.date() + datetime.timedelta(days=days_later)
    asked: dict[str, str | int] = {"on_day": day.day, "on_month": day.month, "on_year": day.year, "time": "23:59"}
    found = {}
    with time_machine.travel(NOW + datetime.timedelta(days=30), tick=False):
        for name in PAGES:
            who = next(who for who in ACTORS if who in table()[name][0])
            client = visitor(world, who)
            with undone(client):
                page = client.get(address_of(world, name), asked)
            found[name] = (page.status_code, bool(page.context["sections"]))
    assert {name: answer for name, answer in found.items() if answer != (200, True)} == {}
