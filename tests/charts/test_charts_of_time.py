from __future__ import annotations

import datetime
import re
from xml.etree import ElementTree as ET

import pytest

from charts import (
    Bar,
    CountdownDay,
    CountdownStep,
    LineBar,
    LineEvent,
    Point,
    Share,
    column_chart,
    countdown_row,
    line_of_time,
    percent,
    row_bars,
    share_bars,
    squares,
    trend_line,
)

DAY = datetime.date(2026, 12, 8)


def days_from(number):
    return [CountdownDay(n, DAY + datetime.timedelta(n)) for n in range(number)]


def steps():
    return [
        CountdownStep("Book", DAY + datetime.timedelta(2), "done"),
        CountdownStep("Invite everybody who knows the children", DAY + datetime.timedelta(3), "late"),
        CountdownStep("Hold it", DAY + datetime.timedelta(5), last=True),
    ]


NEW_FIGURES = [
    lambda: trend_line(
        [Point("Dec 2025", 75), Point("Jan 2026", None), Point("Feb 2026", 94)],
        title="In time",
        compared=("England", 81),
    ),
    lambda: trend_line([], title="In time"),
    lambda: trend_line([Point("Dec 2025", 100)], title="In time"),
    lambda: column_chart(
        [Bar("14", 41, strong=True), Bar("15", 0), Bar("16", 9, late=True)],
        title="Days", of="children", below="day", limit_after=1, limit_words="limit: day 15",
    ),
    lambda: column_chart([], title="Days", of="children", below="day"),
    lambda: row_bars([Bar("Room <b>", 3, late=True), Bar("Chair", 0)], title="Causes"),
    lambda: share_bars(
        [Share("Initial", "15 working days", 84, 16), Share("Visit", "", 0, 0)],
        title="Limits",
        compared={"Initial": ("England", 81)},
    ),
    lambda: countdown_row(days_from(7), steps(), today=DAY, limit=4, title="Steps"),
    lambda: countdown_row([], [], today=DAY, limit=4, title="Steps"),
    lambda: line_of_time(
        [
            LineBar("Visit", DAY, DAY + datetime.timedelta(9)),
            LineBar("Report", DAY - datetime.timedelta(3), DAY, state="late", backwards=True),
            LineBar("Record", DAY, DAY + datetime.timedelta(400), done_on=DAY, state="done"),
        ],
        [LineEvent("Strategy <i>", DAY, strong=True), LineEvent("Booked", DAY)],
        first=DAY - datetime.timedelta(30), last=DAY + datetime.timedelta(30), today=DAY, left_out=2,
    ),
    lambda: line_of_time([], [], first=DAY, last=DAY, today=DAY),
    lambda: squares(late=2, today=1, soon=40, later=3),
    lambda: squares(late=0, today=0, soon=0, later=0),
]  # fmt: skip


@pytest.mark.parametrize("draw", NEW_FIGURES)
def test_every_figure_is_complete_with_text_and_no_styles(draw):
    drawn = str(draw())
    for picture in re.findall(r"<svg.*?</svg>", drawn, re.DOTALL):
        root = ET.fromstring(picture)  # noqa: S314
        assert root.get("role") == "img"
        assert root.get("aria-label")
        assert all(element.get("style") is None for element in root.iter())
    assert "<b>" not in drawn
    assert "<i>" not in drawn


def test_a_share_is_100_per_cent_only_when_complete():
    assert [percent(*pair) for pair in ((999, 1000), (1, 1000), (0, 7), (7, 7), (0, 0), (1, 3))] == [
        99,
        1,
        0,
        100,
        0,
        33,
    ]


def test_a_figures_sentence_contains_its_numbers():
    drawn = str(column_chart([Bar("16", 9, late=True)], title="Days", of="children", below="day"))
    assert 'aria-label="Days: 16: 9 late."' in drawn
    assert "2 late, 1 today and 3 later" in str(squares(late=2, today=1, soon=0, later=3))


def test_labels_over_the_days_do_not_overlap():
    crowded = [CountdownStep(f"Step number {n}", DAY) for n in range(5)]
    drawn = str(countdown_row(days_from(3), crowded, today=DAY, limit=2, title="Steps"))
    wide = drawn[: drawn.index("cp-figure__narrow")]
    heights = re.findall(r'y="([\d.]+)"[^>]*>Step number', wide)
    assert len(set(heights)) == 5
