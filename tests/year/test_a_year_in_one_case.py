from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.walker import Walker
from tests.year.ledger import check_by_calculator, check_the_dates
from tests.year.steps import InPart
from tests.year.the_year import live_a_year

pytestmark = pytest.mark.django_db

# A sixth council, which comes as a file alone.
WESTMARCH = Path(__file__).with_name("westmarch.yaml")


# What a year costs is in its pages: counted, because a machine with other work takes longer for each of them.
MOST_PAGES, MOST_PAGES_IN_PART = 350, 220


@contextmanager
def opening_at_most(pages: int, page: Walker) -> Iterator[None]:
    """Check how many pages a year opens and sends, and say how long that took of a core."""
    began = time.process_time()
    yield
    spent = time.process_time() - began
    print(f"a year of {page.asked} pages took {spent:.0f} seconds of a core")  # noqa: T201 - what it took
    assert page.asked <= pages


def test_a_year_in_one_case(council, clock):
    page = Walker()
    with opening_at_most(MOST_PAGES, page):
        live_a_year(page, clock)
    check_the_dates()


@pytest.mark.parametrize(
    "procedures", ["families-guide", "hartlepool", "city-of-london", "south-gloucestershire", str(WESTMARCH)]
)
def test_a_year_by_the_procedures_of_each_council(council, procedures, clock):
    page = InPart()
    with opening_at_most(MOST_PAGES_IN_PART, page):
        live_a_year(page, clock)
    assert check_by_calculator(procedures) >= 60
