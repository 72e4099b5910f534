from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from charts import (
    RESPONSIBLE,
    TIED,
    UNSURE,
    MapAgency,
    MapChild,
    MapHome,
    MapPerson,
    MapRisk,
    MapTie,
    PeopleMap,
    people_map,
)
from charts.marks import RED

LONG = "Featherstonehaugh-Cholmondeley Wolfeschlegelsteinhausenberg"
SVG = "{http://www.w3.org/2000/svg}"


def a_crowd() -> PeopleMap:
    """Six children in two homes, one of them unborn, twelve adults, names of 60 letters."""
    children = [MapChild(n, f"{LONG}{n}", ("14 May 2015",), home=1 if n < 4 else 2, unborn=n == 6) for n in range(1, 7)]
    adults = [
        MapPerson(
            10 + n, f"{LONG}{n}", ("mother of Robin, Wren and the baby", "PR: Robin"),
            home=1 if n < 3 else 2 if n < 7 else None, warning="Contact risk" if n == 9 else "", locked=n == 8,
        )
        for n in range(12)
    ]  # fmt: skip
    ties = [
        MapTie(adult.key, child.key, (RESPONSIBLE, TIED, UNSURE)[(adult.key + child.key) % 3])
        for adult in adults
        for child in children
    ]
    homes = [MapHome(1, "1 The Row, Eastmere"), MapHome(2, "Address confidential", locked=True)]
    agencies = [MapAgency(LONG, "Robin", locked=n % 2 == 0) for n in range(14)]
    return PeopleMap(children, adults, homes, ties, [MapRisk(19, (11, 2, 20)), MapRisk(13, (12,))], agencies)


def parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314 - drawn here


def upright(drawn: str, *, red: bool) -> list[tuple[float, float, float]]:
    """Return the upright lines as (x, top, bottom), those of contact risks or the others."""
    found = []
    for line in parsed(drawn).iter(f"{SVG}line"):
        x1, y1, x2, y2 = (float(line.attrib[name]) for name in ("x1", "y1", "x2", "y2"))
        if x1 == x2 and (line.attrib["stroke"] == RED) == red:
            found.append((x1, min(y1, y2), max(y1, y2)))
    return found


MAPS = {
    "a crowd": a_crowd(),
    "nobody": PeopleMap([], []),
    "a child alone": PeopleMap([MapChild(1, "Robin, 11")], []),
    "an unborn child and nobody else": PeopleMap([MapChild(1, "the baby", unborn=True)], []),
    "adults without a child": PeopleMap([], [MapPerson(1, "Hazel")]),
    "a home each": PeopleMap(
        [MapChild(n, f"Child {n}", home=n) for n in range(1, 9)],
        [MapPerson(20 + n, f"Adult {n}", home=n % 9) for n in range(20)],
        [MapHome(n, f"{n} Row") for n in range(1, 9)],
        [MapTie(20 + n, n % 8 + 1) for n in range(20)],
        [MapRisk(20 + n, (21 + n, 22)) for n in range(12)],
    ),
}


@pytest.mark.parametrize("told", MAPS.values(), ids=MAPS)
def test_everything_stands_inside_the_picture(told):
    drawn = parsed(people_map(told))
    width, height = float(drawn.attrib["width"]), float(drawn.attrib["height"])
    outside = [
        mark.attrib
        for mark in drawn.iter()
        for xs, ys in ((("x", "x1", "x2", "cx"), ("y", "y1", "y2", "cy")),)
        if any(not -1 <= float(mark.attrib.get(name, 0)) <= width for name in xs)
        or any(not -1 <= float(mark.attrib.get(name, 0)) <= height for name in ys)
    ]
    assert outside == []


@pytest.mark.parametrize("told", MAPS.values(), ids=MAPS)
def test_no_box_covers_another(told):
    boxes = [
        tuple(float(mark.attrib[name]) for name in ("x", "y", "width", "height"))
        for mark in parsed(people_map(told)).iter(f"{SVG}rect")
        if float(mark.attrib["width"]) == 148
    ]
    assert [
        (one, other)
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if abs(one[0] - other[0]) < 148 and one[1] < other[1] + other[3] and other[1] < one[1] + one[3]
    ] == []


@pytest.mark.parametrize("told", MAPS.values(), ids=MAPS)
def test_no_two_upright_lines_run_over_one_another(told):
    drawn = people_map(told)
    lines = sorted([*upright(drawn, red=False), *upright(drawn, red=True)])
    over = [
        (one, other)
        for one, other in pairwise(lines)
        if abs(one[0] - other[0]) < 0.5 and one[1] < other[2] - 0.5 and other[1] < one[2] - 0.5
    ]
    assert over == []


def test_words_are_large_enough_and_long_names_are_cut():
    drawn = people_map(a_crowd())
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', drawn)) >= 14
    assert "…" in drawn
    assert LONG in parsed(drawn).attrib["aria-label"]


def test_a_contact_risk_is_a_red_line_and_a_hidden_home_a_lock_without_its_address():
    told = PeopleMap(
        [MapChild(1, "Robin", home=5)],
        [MapPerson(2, "Hazel", home=5), MapPerson(3, "Dale", warning="Contact risk"), MapPerson(4, "Olive")],
        [MapHome(5, "Address confidential", locked=True)],
        [MapTie(2, 1, RESPONSIBLE), MapTie(4, 1)],
        [MapRisk(3, (2, 1))],
        [MapAgency("School", "Robin", locked=True)],
    )
    drawn = people_map(told)
    assert len(upright(drawn, red=True)) >= 3
    assert drawn.count("a3.5 3.5 0 0 1 7 0") == 2  # one lock on the home, one on the school
    assert parsed(drawn).attrib["aria-label"] == (
        "Map of 1 child and 3 adults. Address confidential: Hazel and Robin. "
        "Hazel has parental responsibility for Robin. Olive is tied to Robin without it. "
        "Contact risk from Dale towards Hazel and Robin."
    )
