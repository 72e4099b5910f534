from __future__ import annotations

import datetime
import re
from xml.etree import ElementTree as ET

import pytest
from weasyprint import HTML

import charts
from charts import CountedDay, Score
from charts.scale import BOLD
from demo.gallery import counted_days

ENDS = {"low_words": "No safety at all", "high_words": "Safe enough, no social work needed"}
LONG = "Maximiliana-Wilhelmina Featherstonehaugh-Cholmondeley-Xavier"
CROWD = [Score(f"{LONG[:58]}{number:02d}", number % 3 + 4, family=number % 4 == 0) for number in range(40)]
FEW = [Score("Beth Siskin", 3), Score("Hazel Brambley", 8, family=True), Score("Amara Finch", 8)]


def pictures(html):
    return [ET.fromstring(found) for found in re.findall(r"<svg.*?</svg>", str(html), re.DOTALL)]  # noqa: S314


def marks(picture, name):
    return picture.findall(f".//{{http://www.w3.org/2000/svg}}{name}")


def words_of(picture):
    return ["".join(text.itertext()) for text in marks(picture, "text")]


@pytest.mark.parametrize(
    "html",
    [
        charts.scale_figure(FEW, title="Wren", shade_to=4, shade_words="harm is likely", **ENDS),
        charts.scale_figure(CROWD, title="Crowd", **ENDS),
        charts.scale_figure([], title="Nobody", **ENDS),
        charts.scale_figure([Score("", 0)], title="No name", **ENDS),
        charts.scale_figure(FEW, title="Small", compact=True, **ENDS),
        charts.score_history([("22 Dec", [1, 2]), ("5 Jan", [])], title="Wren"),
        charts.fifteen_cells(6, 10),
        charts.fifteen_cells(17, 20),
        charts.day_count_calendar(counted_days()),
        charts.day_count_calendar([]),
        charts.majority_blocks(7, 8),
    ],
)
def test_figures_are_well_formed_without_styles_scripts_or_ids(html):
    for picture in pictures(html):
        for element in picture.iter():
            assert {"style", "class", "id", "onclick"} & set(element.attrib) == set()
        assert picture.attrib["role"] == "img"
        assert picture.attrib["aria-label"] != ""


def test_names_are_escaped():
    html = charts.scale_figure([Score('<script>alert("x")</script> & Co', 3)], title="<b>", **ENDS)

    assert "<script" not in html
    assert "<b>" not in html


def test_both_pictures_show_everyone():
    for picture in pictures(charts.scale_figure(CROWD, title="Crowd", **ENDS)):
        assert len(marks(picture, "title")) == 40


def test_every_dot_stays_inside_the_picture():
    for picture in pictures(charts.scale_figure(CROWD, title="Crowd", **ENDS)):
        _left, _top, width, height = (float(number) for number in picture.attrib["viewBox"].split())
        for dot in marks(picture, "circle"):
            assert 0 < float(dot.attrib["cx"]) < width
            assert 0 < float(dot.attrib["cy"]) < height


@pytest.mark.parametrize(("on_paper", "size"), [(False, 14), (True, 22)])
def test_no_name_overlaps_the_next_dot(on_paper, size):
    scores = [Score(LONG, 4), Score(LONG, 5)]
    (wide,) = pictures(charts.scale_figure(scores, title="Two", narrow=False, on_paper=on_paper, **ENDS))
    centres = sorted(float(dot.attrib["cx"]) for dot in marks(wide, "circle"))
    name = next(text for text in marks(wide, "text") if "…" in "".join(text.itertext()))

    assert name.attrib["font-size"] == str(size)
    assert float(name.attrib["x"]) + charts.text_width("".join(name.itertext()), size) < centres[1] - 9


@pytest.mark.parametrize("on_paper", [False, True])
def test_the_range_in_words_does_not_touch_its_lines(on_paper):
    scores = [Score("Beth Siskin", 2), Score("Hazel Brambley", 7)]
    (wide,) = pictures(charts.scale_figure(scores, title="Wren", narrow=False, on_paper=on_paper, **ENDS))
    said = next(text for text in marks(wide, "text") if "points apart" in "".join(text.itertext()))
    half = charts.text_width("".join(said.itertext()), float(said.attrib["font-size"])) * BOLD / 2
    across = [line for line in marks(wide, "line") if line.attrib["stroke-width"] == "4"]

    assert said.attrib["text-anchor"] == "middle"
    assert float(across[0].attrib["x2"]) < float(said.attrib["x"]) - half
    assert float(across[1].attrib["x1"]) > float(said.attrib["x"]) + half


def test_professionals_are_filled_and_family_is_outlined():
    (wide,) = pictures(charts.scale_figure(FEW, title="Wren", narrow=False, **ENDS))

    assert len(marks(wide, "circle")) == 2
    assert [path.attrib["fill"] for path in marks(wide, "path")] == ["#fff"]


def test_family_is_drawn_nearest_the_line():
    (wide,) = pictures(charts.scale_figure(FEW, title="Wren", narrow=False, **ENDS))
    at_eight = [text for text in marks(wide, "text") if "".join(text.itertext()) in ("Hazel B.", "Amara F.")]

    heights = {"".join(text.itertext()): float(text.attrib["y"]) for text in at_eight}
    assert heights["Hazel B."] > heights["Amara F."]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((3, 8), "From 3 to 8: five points apart"),
        ((3, 4), "From 3 to 4: one point apart"),
        ((10, 10), "Everyone says 10"),
        ((9,), "One score: 9"),
        ((0, 10), "From 0 to 10: ten points apart"),
    ],
)
def test_the_range_is_given_in_words_and_never_an_average(values, said):
    (wide,) = pictures(
        charts.scale_figure([Score("Beth Siskin", value) for value in values], title="Wren", narrow=False, **ENDS)
    )

    assert words_of(wide).count(said) == 1
    assert [text for text in words_of(wide) if "average" in text.lower()] == []


def test_the_low_end_is_shaded_only_on_request():
    plain = pictures(charts.scale_figure(FEW, title="Wren", narrow=False, **ENDS))[0]
    shaded = pictures(charts.scale_figure(FEW, title="Wren", narrow=False, shade_to=4, **ENDS))[0]

    assert [
        len([box for box in marks(picture, "rect") if box.attrib["fill"] == "#fdf3ee"]) for picture in (plain, shaded)
    ] == [0, 1]


def test_the_scale_in_words_says_who_says_what():
    assert charts.scale_sentence(FEW, low_words="No safety", high_words="Safe") == (
        "Scale from 0 (No safety) to 10 (Safe). 3 scores, from 3 to 8. 3: Beth Siskin; 8: Hazel Brambley and Amara Finch."
    )


def test_the_cells_say_the_day_and_the_booking():
    assert pictures(charts.fifteen_cells(6, 10))[0].attrib["aria-label"] == "Working day 6 of 15, conference on day 10"
    assert pictures(charts.fifteen_cells(17))[0].attrib["aria-label"] == "Working day 17 of 15, 2 late"


def test_past_cells_are_solid():
    boxes = marks(pictures(charts.fifteen_cells(6))[0], "rect")

    assert [box.attrib["fill"] for box in boxes] == ["#12464f"] * 6 + ["#fff"] * 9


def test_the_calendar_says_what_was_counted_and_skipped():
    assert charts.day_count_sentence(counted_days()) == (
        "15 days counted, the last on Thursday 31 December 2026. Not counted: Sat 12 Dec, Sun 13 Dec, Sat 19 Dec, "
        "Sun 20 Dec, Sat 26 Dec and Sun 27 Dec (weekend); Fri 25 Dec (Christmas Day); Mon 28 Dec (bank holiday)."
    )


def test_the_calendar_shows_whole_weeks():
    days = [CountedDay(datetime.date(2026, 12, 30), number=1)]

    shown = [text for text in words_of(pictures(charts.day_count_calendar(days, narrow=False))[0]) if text[0].isdigit()]

    assert shown == ["28 Dec", "29", "30", "1", "31", "1 Jan", "2", "3"]


@pytest.mark.lays_out
def test_a_figure_can_be_printed_and_comes_out_the_same_twice():
    html = charts.scale_figure(FEW, title="Wren", narrow=False, shade_to=4, **ENDS) + charts.day_count_calendar(
        counted_days(), narrow=False
    )
    printed = [HTML(string=f"<title>t</title>{html}").write_pdf(pdf_identifier=b"one") for _ in range(2)]

    assert printed[0] == printed[1]
    assert len(printed[0]) > 1000
