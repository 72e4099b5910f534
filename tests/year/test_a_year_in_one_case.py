from __future__ import annotations

import pytest

from tests.walker import Walker
from tests.year.the_year import live_a_year

pytestmark = pytest.mark.django_db


def test_a_year_in_one_case(council, clock):
    live_a_year(Walker(), clock)
