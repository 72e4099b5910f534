"""Figures as inline SVG, rendered on the server, the same on a page and in a PDF.

They use presentation attributes only, because pages may hold no styles, and no ids, patterns or clip paths, so
that any number of them can be on one page, hidden or shown.
"""

from __future__ import annotations

from charts.bars import Bar, Share, column_chart, percent, row_bars, share_bars
from charts.countdown import CountdownDay, CountdownStep, countdown_row
from charts.days import CountedDay, day_count_calendar, day_count_sentence, fifteen_cells
from charts.marks import text_width
from charts.people_map import people_map
from charts.people_places import (
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
)
from charts.scale import Score, majority_blocks, scale_figure, scale_key, scale_sentence, score_history, short_name
from charts.squares import square_key, squares
from charts.timeline import LineBar, LineEvent, line_of_time
from charts.trend import Point, trend_line

__all__ = [
    "RESPONSIBLE",
    "TIED",
    "UNSURE",
    "Bar",
    "CountdownDay",
    "CountdownStep",
    "CountedDay",
    "LineBar",
    "LineEvent",
    "MapAgency",
    "MapChild",
    "MapHome",
    "MapPerson",
    "MapRisk",
    "MapTie",
    "PeopleMap",
    "Point",
    "Score",
    "Share",
    "column_chart",
    "countdown_row",
    "day_count_calendar",
    "day_count_sentence",
    "fifteen_cells",
    "line_of_time",
    "majority_blocks",
    "people_map",
    "percent",
    "row_bars",
    "scale_figure",
    "scale_key",
    "scale_sentence",
    "score_history",
    "share_bars",
    "short_name",
    "square_key",
    "squares",
    "text_width",
    "trend_line",
]
