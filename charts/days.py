"""Working days: how many have passed, and which were counted."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from charts.marks import (
    GREY,
    GRID,
    INK,
    LATE,
    RED,
    SECOND,
    SKIPPED,
    TEAL,
    draw_box,
    draw_stripes,
    draw_text,
    draw_text_on_stripes,
    svg,
    units,
    wrapped,
)
from govuk import words

WEEK = 7
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class CountedDay:
    """A calendar day: ``number`` is its working-day number, ``reason`` why it is not counted.

    ``mark`` is a word below the date ("conference"); ``last`` is the day the count ends on; ``other_number`` is
    the number under another way of counting, drawn hollow.
    """

    day: datetime.date
    number: int | None = None
    reason: str = ""
    mark: str = ""
    last: bool = False
    booked: bool = False
    other_number: int | None = None

    @property
    def skipped(self) -> bool:
        return self.number is None and bool(self.reason)


def fifteen_cells(day: int, booked_day: int | None = None, total: int = 15) -> SafeString:
    """Draw the working days of a limit as cells: past ones solid, the booked one with a diamond.

    ``day`` is today's working-day number (0 on the starting day); past ``total`` the bar is striped red.
    """
    late = day > total
    pitch, cell = 15.6, 13.6
    parts: list[str] = []
    for place in range(total):
        x = 1 + place * pitch
        if late:
            parts += [draw_box(x, 6, cell, 12, "#fcf0f0", edge=RED), draw_stripes(x, 6, cell, 12, RED, gap=4)]
        elif place < day:
            parts.append(draw_box(x, 6, cell, 12, TEAL, edge=TEAL))
        else:
            parts.append(draw_box(x, 6, cell, 12, "#fff", edge=GREY))
    label = f"Working day {day} of {total}" + (f", {day - total} late" if late else "")
    if booked_day is not None:
        x = 1 + (min(max(booked_day, 1), total) - 1) * pitch + cell / 2
        diamond = '<path d="M{} 1L{} 12L{} 23L{} 12Z" fill="#fff" stroke="{}" stroke-width="2"/>'
        edge = LATE if booked_day > total else INK
        parts.append(format_html(diamond, units(x), units(x + 8), units(x), units(x - 8), edge))
        label += f", conference on day {booked_day}"
    return svg(total * pitch + 2, 24, label, parts)


def day_count_sentence(days: Sequence[CountedDay]) -> str:
    """Return the calendar in words: how many days were counted, and which were skipped and why."""
    if not days:
        return "No days were counted."
    first = days[0].day
    said = f"{words.count(max((day.number or 0 for day in days), default=0), 'day')} counted"
    last = next((day for day in days if day.last), None)
    if last:
        said += f", the last on {words.long_date(last.day)}"
    by_reason: dict[str, list[str]] = {}
    for day in days:
        if day.skipped:
            by_reason.setdefault(day.reason, []).append(words.short_date(day.day, today=first))
    if by_reason:
        reasons = (f"{words.listed(dates)} ({reason})" for reason, dates in by_reason.items())
        said += f". Not counted: {'; '.join(reasons)}"
    return f"{said}.".replace(words.NO_BREAK, " ")


def day_count_calendar(
    days: Sequence[CountedDay], *, title: str = "How it was counted", narrow: bool = True
) -> SafeString:
    """Draw whole weeks from Monday, counted days numbered, skipped ones striped with their reason.

    A PDF needs only the wide picture: ``narrow=False``.
    """
    label = f"{title}: {day_count_sentence(days)}"
    wide = _calendar(days, label, small=False)
    if not narrow:
        return format_html('<figure class="cp-figure cp-calendar">{}</figure>', wide)
    return format_html(
        '<figure class="cp-figure cp-calendar"><div class="cp-figure__wide">{}</div>'
        '<div class="cp-figure__narrow">{}</div></figure>',
        wide,
        _calendar(days, label, small=True),
    )


@dataclass(frozen=True)
class _Cell:
    x: float
    y: float
    width: float
    height: float
    small: bool


def _calendar(days: Sequence[CountedDay], label: str, *, small: bool) -> SafeString:
    width, height, gap = (358.0, 62.0, 2.0) if small else (782.0, 86.0, 4.0)
    if not days:
        return svg(width, 10, label, [])
    known = {day.day: day for day in days}
    first = min(known) - datetime.timedelta(days=min(known).weekday())
    weeks = (max(known) - first).days // WEEK + 1
    cell_width = (width - (WEEK - 1) * gap) / WEEK
    head = 26.0
    parts: list[str] = [
        draw_text(place * (cell_width + gap) + 3, 17, name, size=14 if small else 15, bold=True, colour=SECOND)
        for place, name in enumerate(WEEKDAYS)
    ]
    framed: list[str] = []
    for offset in range(weeks * WEEK):
        date = first + datetime.timedelta(days=offset)
        day = known.get(date)
        x, y = (offset % WEEK) * (cell_width + gap), head + (offset // WEEK) * (height + gap)
        month = f" {words.MONTHS[date.month - 1][:3]}" if offset == 0 or date.day == 1 else ""
        drawn = _day(day, f"{date.day}{month}", _Cell(x, y, cell_width, height, small))
        # Frames overlap their neighbours, so they come last.
        (framed if day and (day.last or day.booked) else parts).extend(drawn)
    return svg(width, head + weeks * (height + gap), label, [*parts, *framed])


def _day(day: CountedDay | None, date: str, cell: _Cell) -> list[str]:
    size = 14.0 if cell.small else 15.0
    if day is None:
        return [_ground(cell, "#fbfcfc"), draw_text(cell.x + 5, cell.y + 20, date, size=size, colour="#6b757b")]
    if day.skipped:
        parts: list[str] = [_ground(cell, SKIPPED), draw_stripes(cell.x, cell.y, cell.width, cell.height)]
        parts.append(draw_text_on_stripes(cell.x + 5, cell.y + 20, date, size=size))
    else:
        edge, thick = (RED, 3.0) if day.last else (INK, 3.0) if day.booked else ("#c9ced1", 1.0)
        inset = thick / 2
        box = (cell.x + inset, cell.y + inset, cell.width - thick, cell.height - thick)
        parts = [draw_box(*box, "#fff", edge=edge, edge_width=thick)]
        parts.append(draw_text(cell.x + 7, cell.y + 20, date, size=size, colour=SECOND))
    return [*parts, *_number(day, cell), *([] if cell.small else _words(day, cell))]


def _ground(cell: _Cell, colour: str) -> SafeString:
    return draw_box(cell.x + 0.5, cell.y + 0.5, cell.width - 1, cell.height - 1, colour, edge=GRID)


def _number(day: CountedDay, cell: _Cell) -> list[str]:
    x, y = (cell.x + cell.width / 2, cell.y + 42) if cell.small else (cell.x + cell.width - 21, cell.y + 21)
    if day.number:
        return [
            _ring(x, y, 15, RED if day.last else TEAL),
            draw_text(x, y + 5, str(day.number), bold=True, colour="#fff", anchor="middle"),
        ]
    if day.number == 0:
        return [_ring(x, y, 13.5, "#fff", edge=TEAL, width=3), draw_text(x, y + 5, "0", bold=True, anchor="middle")]
    if day.other_number is not None:
        number = draw_text(x, y + 5, f"({day.other_number})", colour=SECOND, anchor="middle")
        return [_ring(x, y, 15, "#fff", edge=SECOND, width=1.2), number]
    return []


def _ring(x: float, y: float, radius: float, fill: str, *, edge: str = "none", width: float = 0) -> SafeString:
    return format_html(
        '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="{}"/>',
        units(x), units(y), units(radius), fill, edge, units(width),
    )  # fmt: skip


def _words(day: CountedDay, cell: _Cell) -> list[str]:
    draw = draw_text_on_stripes if day.skipped else draw_text
    colour = LATE if day.last else INK if day.booked else SECOND
    lines = wrapped(day.mark or day.reason, cell.width - 12, 14, most=2)
    base = cell.y + cell.height - 12 - (len(lines) - 1) * 18
    return [
        draw(cell.x + 7, base + place * 18, said, colour=colour, bold=day.last or day.booked)
        for place, said in enumerate(lines)
    ]
