"""The working days of a limit in a row, with what has to be done by each."""

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
    LATE_GROUND,
    RED,
    SECOND,
    TEAL,
    both_widths,
    cut_to,
    draw_box,
    draw_line,
    draw_stripes,
    draw_text,
    svg,
    text_width,
    units,
)
from govuk import words

DONE = "#0f7a52"


@dataclass(frozen=True)
class CountdownDay:
    """A working day of the count; ``number`` is 0 on the day of the event."""

    number: int
    day: datetime.date


@dataclass(frozen=True)
class CountdownStep:
    """Something to be done by a day: ``state`` is done, late or open. ``last`` ends the row."""

    label: str
    day: datetime.date
    state: str = "open"
    last: bool = False


@dataclass(frozen=True)
class _Row:
    days: Sequence[CountdownDay]
    steps: Sequence[CountdownStep]
    today: datetime.date
    limit: int

    @property
    def gone(self) -> int:
        """Return how many of the days are past or today."""
        return sum(day.day <= self.today for day in self.days)

    def place(self, day: datetime.date) -> int:
        """Return the position of a day: its own, or that of the last working day before it."""
        return max((n for n, known in enumerate(self.days) if known.day <= day), default=0)


def countdown_row(
    days: Sequence[CountdownDay], steps: Sequence[CountdownStep], *, today: datetime.date, limit: int, title: str
) -> SafeString:
    """Draw the days as numbered cells, each step above the day by which it has to be done.

    Past days are solid, those after day ``limit`` striped.
    """
    said = "; ".join(
        f"{step.label} by {words.short_date(step.day, today=today)}{'' if step.state == 'open' else f', {step.state}'}"
        for step in steps
    )
    label = f"{title}: {said}.".replace(words.NO_BREAK, " ")
    row = _Row(days, steps, today, limit)
    return both_widths(lambda small: _standing(row, label) if small else _lying(row, label))


LABEL_ROOM = 250.0
NAMED_DAYS_FIT = 50.0


def _lying(row: _Row, label: str) -> SafeString:
    """Draw for a desktop: labels above the days, each to the right of its stalk."""
    width, height = 1160.0, 34.0
    end = width - LABEL_ROOM
    pitch = end / max(len(row.days), 1)
    middles = [row.place(step.day) * pitch + pitch / 2 for step in row.steps]
    lanes = _lanes(row.steps, middles)
    top = 20 + (max(lanes, default=0) + 1) * 26.0
    parts: list[str] = []
    for step, x, lane in zip(row.steps, middles, lanes, strict=True):
        y = 20 + lane * 26.0
        parts.append(draw_line(x, y + 4, x, top, _colour(step), width=2 if step.last else 1.2))
        parts.append(
            draw_text(
                x + 11, y + 5, step.label, size=15, bold=step.last or step.state == "late",
                colour=LATE if step.state == "late" else INK,
            )
        )  # fmt: skip
    parts += [_sign(x, 20 + lane * 26.0, step) for step, x, lane in zip(row.steps, middles, lanes, strict=True)]
    for place, day in enumerate(row.days):
        x = place * pitch
        is_today = day.day == row.today
        colour = LATE if is_today else SECOND
        name = f"{words.DAYS[day.day.weekday()][:3]} " if pitch >= NAMED_DAYS_FIT else ""
        parts += _cell(x + 1, top, pitch - 2, height, day, row)
        parts.append(
            draw_text(
                x + pitch / 2, top + height + 19, f"{name}{day.day.day}",
                bold=is_today, colour=colour, anchor="middle",
            )
        )  # fmt: skip
        if is_today or place == 0 or day.day.month != row.days[place - 1].day.month:
            under = "today" if is_today else words.MONTHS[day.day.month - 1][:3]
            parts.append(
                draw_text(x + pitch / 2, top + height + 37, under, bold=is_today, colour=colour, anchor="middle")
            )
    at = next((n for n, day in enumerate(row.days) if day.number == row.limit), None)
    if at is not None:
        x = (at + 1) * pitch
        parts.append(draw_line(x, top - 8, x, top + height + 8, RED, width=2.5))
        if at == len(row.days) - 1:
            parts.append(draw_text(x + 9, top + 22, f"limit: day {row.limit}", bold=True, colour=LATE))
    return svg(width, top + height + 44, label, parts)


def _lanes(steps: Sequence[CountdownStep], middles: Sequence[float]) -> list[int]:
    """Assign each step's label to a line, so that labels and stalks don't overlap."""
    taken: list[list[tuple[float, float]]] = []
    lanes: list[int] = []
    for step, x in zip(steps, middles, strict=True):
        end = x + text_width(step.label, 15) + 24

        def fits(lane: int, start: float = x, end: float = end) -> bool:
            is_free = all(end <= low or start - 10 >= high for low, high in taken[lane])
            below = [span for spans in taken[lane + 1 :] for span in spans]
            return is_free and not any(low + 10 < start < high for low, high in below)

        lane = next((n for n in range(len(taken)) if fits(n)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((x - 10, end))
        lanes.append(lane)
    return lanes


def _standing(row: _Row, label: str) -> SafeString:
    """Draw for a phone: one line per working day, with what is due beside it."""
    width, rise, beside = 358.0, 30.0, 112.0
    parts: list[str] = []
    y = 2.0
    for place, day in enumerate(row.days):
        steps = [step for step in row.steps if row.place(step.day) == place]
        parts += _cell(62, y, 40, rise - 4, day, row)
        is_today = day.day == row.today
        parts.append(
            draw_text(
                0,
                y + 18,
                f"{words.DAYS[day.day.weekday()][:3]} {day.day.day}",
                bold=is_today,
                colour=LATE if is_today else SECOND,
            )
        )
        if is_today and not steps:
            parts.append(draw_text(beside + 16, y + 18, "today", bold=True, colour=LATE))
        for step in steps:
            parts += [
                _sign(beside + 6, y + 13, step),
                draw_text(
                    beside + 18,
                    y + 18,
                    cut_to(step.label, width - beside - 18, 15 if step.state == "late" else 14),
                    bold=step.last or step.state == "late",
                    colour=LATE if step.state == "late" else INK,
                ),
            ]
            y += rise if step is not steps[-1] else 0
        y += rise
        if day.number == row.limit:
            parts.append(draw_line(62, y - 2, width, y - 2, RED, width=2.5))
            y += 4
    return svg(width, y + 4, label, parts)


def _cell(x: float, y: float, width: float, height: float, day: CountdownDay, row: _Row) -> list[str]:
    number = str(day.number)
    middle = (x + width / 2, y + height / 2 + 5)
    if day.number > row.limit:
        return [
            draw_box(x, y, width, height, LATE_GROUND, edge=RED),
            draw_stripes(x, y, width, height, RED, gap=8),
            draw_text(*middle, number, bold=True, colour=LATE, anchor="middle"),
        ]
    full = day.day <= row.today and day.number > 0
    edge = TEAL if day.number == 0 or full else GREY
    return [
        draw_box(x, y, width, height, TEAL if full else "#fff", edge=edge, edge_width=2 if day.number == 0 else 1),
        draw_text(*middle, number, bold=True, colour="#fff" if full else INK, anchor="middle"),
        *([draw_line(x, y + height, x + width, y + height, RED, width=4)] if day.day == row.today else []),
    ]


def _colour(step: CountdownStep) -> str:
    return {"done": DONE, "late": RED}.get(step.state, INK if step.last else GRID)


def _sign(x: float, y: float, step: CountdownStep) -> SafeString:
    """Draw solid when done, with a red edge when late, hollow while still to come."""
    fill = {"done": DONE, "late": "#fff"}.get(step.state, "#fff")
    edge = {"done": DONE, "late": RED}.get(step.state, INK)
    return _diamond(x, y, fill, edge) if step.last else _dot(x, y, fill, edge)


def _dot(x: float, y: float, fill: str, edge: str) -> SafeString:
    return format_html(
        '<circle cx="{}" cy="{}" r="5" fill="{}" stroke="{}" stroke-width="2"/>', units(x), units(y), fill, edge
    )


def _diamond(x: float, y: float, fill: str, edge: str) -> SafeString:
    return format_html(
        '<path d="M{} {}l7 8l-7 8l-7 -8Z" fill="{}" stroke="{}" stroke-width="2"/>', units(x), units(y - 8), fill, edge
    )
