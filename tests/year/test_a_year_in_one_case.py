from __future__ import annotations

from pathlib import Path

import pytest

from tests.walker import Walker
from tests.year.ledger import check_by_calculator, check_the_dates
from tests.year.steps import InPart
from tests.year.the_year import live_a_year

pytestmark = pytest.mark.django_db

# A sixth council, which comes as a file alone.
WESTMARCH = Path(__file__).with_name("westmarch.yaml")


def test_a_year_in_one_case(council, clock):
    live_a_year(Walker(), clock)
    check_the_dates()


@pytest.mark.parametrize(
    "procedures", ["families-guide", "hartlepool", "city-of-london", "south-gloucestershire", str(WESTMARCH)]
)
def test_a_year_by_the_procedures_of_each_council(council, procedures, clock):
    live_a_year(InPart(), clock)
    assert check_by_calculator(procedures) >= 60
