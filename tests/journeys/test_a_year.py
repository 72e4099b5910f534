"""The year in one case once more, in a browser: each page accessible, and fitting desk and phone."""

from __future__ import annotations

import pytest

from tests.journeys.window import Window
from tests.year.the_year import live_a_year


@pytest.mark.lays_out
def test_a_year_in_one_case(visit, clock):
    live_a_year(Window(visit()), clock)
