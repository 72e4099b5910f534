from __future__ import annotations

import datetime

import pytest

from govuk.search_terms import dates_in, words_in

DAY = datetime.date(2015, 5, 14)
OTHER_CENTURY = datetime.date(1915, 5, 14)


def days(text):
    return [first for first, last in dates_in(text).found if first == last]


@pytest.mark.parametrize("month", ["5", "05", "May", "may", "MAY"])
@pytest.mark.parametrize("sign", ["/", ".", "-", " ", " / ", "\u2013", "\u2011", ". ", ", "])
def test_a_date_is_read_with_every_sign(month, sign):
    assert days(f"14{sign}{month}{sign}2015") == [DAY]
    assert days(f"Wren 14{sign}{month}{sign}15 x") == [OTHER_CENTURY, DAY]


@pytest.mark.parametrize(
    "text",
    [
        "2015-05-14", "2015/5/14", "2015 05 14", "14th May 2015", "14th of May, 2015", "May 14, 2015", "May 14th 2015",
        "14May2015", "14052015", "Thursday 14 May 2015", "Thu, 14.5.2015", "born 14/5/2015", "dob: 14/5/2015",
        "D.O.B. 14 May 2015", "born on Thursday 14 May 2015",
    ],
)  # fmt: skip
def test_dates_are_read_as_people_type_them(text):
    found = dates_in(text)
    assert (found.found, found.not_understood, found.rest) == (((DAY, DAY),), (), "")


@pytest.mark.parametrize("text", ["14 May '15", "14th May \u201915", "14/5/'15", "14.5.\u201815"])
def test_a_year_may_have_an_apostrophe(text):
    assert (days(text), dates_in(text).rest) == ([OTHER_CENTURY, DAY], "")
    months = [(datetime.date(year, 5, 1), datetime.date(year, 5, 31)) for year in (1915, 2015)]
    assert dates_in("May '15").found == tuple(months)


@pytest.mark.parametrize(
    ("text", "wrong", "rest"),
    [
        ("Wren 31/2/2020", "31/2/2020", "Wren"),
        ("5/14/2015 wren", "5/14/2015", "wren"),
        ("14/5", "14/5", ""),
        ("14/5/20155", "14/5/20155", ""),
        ("14 Mya 2015", "14 Mya 2015", ""),
        ("30 February 2015", "30 February 2015", ""),
        ("14/5/1815", "14/5/1815", ""),
        ("32.1.2015", "32.1.2015", ""),
        ("14 May", "14 May", ""),
        ("Wren 14th of feb", "14th of feb", "Wren"),
        ("May 14th Wren", "May 14th", "Wren"),
    ],
)
def test_what_looks_like_a_date_and_is_none_is_named(text, wrong, rest):
    found = dates_in(text)
    assert (found.found, found.not_understood, found.rest) == ((), (wrong,), rest)


@pytest.mark.parametrize(
    "text",
    [
        "Wren Brambley",
        "26-0417",
        "26-00011",
        "999 000 0018",
        "May",
        "W1",
        "Robin 2",
        "2 Mary",
        "May 14",
        "O'Neill 15",
        "",
    ],
)
def test_names_and_numbers_are_no_dates(text):
    found = dates_in(text)
    assert (found.found, found.not_understood, found.rest) == ((), (), text)


def test_a_month_is_all_its_days():
    assert dates_in("Feb 2020").found == ((datetime.date(2020, 2, 1), datetime.date(2020, 2, 29)),)


def test_words_come_apart_at_commas_and_dashes():
    assert words_in("Brambley,  Wren Mary\u2013Ann; St. John") == ["Brambley", "Wren", "Mary", "Ann", "St", "John"]
