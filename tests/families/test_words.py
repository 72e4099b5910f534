from __future__ import annotations

import datetime

import pytest

from families.models import Person
from families.words import about_row, age_words, called, name_and_age, person_line

ON = datetime.date(2026, 12, 8)


def person(born, **more):
    return Person(given_name="Robin", family_name="Brambley", birth_date=born, birth_date_precision="exact", **more)


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


@pytest.mark.django_db
def test_row_descriptions_reveal_nothing_confidential(hidden):
    rows = (
        hidden.mother.residences.get(),
        hidden.mother.contact_points.get(),
        hidden.wren.involvements.get(),
        hidden.mother.memberships.get(),
        hidden.father.relationships.get(child=hidden.wren),
        hidden.father.responsibilities.get(),
        hidden.father.names.create(given_name="Deano"),
        hidden.wren.legal_statuses.create(status="care_order"),
    )
    assert [about_row(row) for row in rows] == [
        "Home of Hazel Brambley",
        "Mobile phone of Hazel Brambley",
        "School or college of Wren Brambley",
        "Hazel Brambley",
        "Dale Ashdown, father of Wren Brambley",
        "Dale Ashdown, for Wren Brambley",
        "Deano, a name of Dale Ashdown",
        "Care order of Wren Brambley",
    ]


@pytest.mark.django_db
def test_what_to_call_a_child(case):
    assert [called(child) for child in (case.robin, case.baby)] == ["Robin", "the baby"]
    case.baby.pregnancy.number_expected = 2
    assert called(case.baby) == "baby 1"
