from __future__ import annotations

import datetime

import pytest

from families.models import Person
from families.words import age_words, name_and_age, person_line

ON = datetime.date(2026, 12, 8)


def person(born, **more):
    return Person(
        given_name="Robin", family_name="Brambley", birth_date=born, birth_date_precision="exact", **more
    )


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (datetime.date(2015, 5, 14), "11 years"),
        (datetime.date(2025, 12, 8), "1 year"),
        (datetime.date(2025, 12, 9), "11 months"),
        (datetime.date(2026, 11, 8), "1 month"),
        (datetime.date(2026, 11, 9), "29 days"),
        (datetime.date(2026, 12, 7), "1 day"),
        (datetime.date(2026, 12, 8), "0 days"),
        (datetime.date(2026, 12, 9), ""),
        (None, ""),
    ],
)
def test_ages(born, said):
    assert age_words(person(born), on=ON).replace("\xa0", " ") == said


def test_lines_about_people():
    estimated = person(datetime.date(2010, 1, 1), age_disputed=True)
    estimated.birth_date_precision = "estimated"
    lines = [
        person_line(person(datetime.date(2015, 5, 14)), on=ON),
        person_line(estimated, on=ON),
        person_line(person(None), on=ON),
        person_line(person(None, death_date=datetime.date(2020, 1, 1)), on=ON),
        name_and_age(person(None), on=ON),
    ]
    assert [line.replace("\xa0", " ") for line in lines] == [
        "11 years, born 14 May 2015",
        "about 16 years, born about 1 January 2010 (estimated), age disputed",
        "Date of birth not recorded",
        "Died 1 January 2020",
        "Robin",
    ]
