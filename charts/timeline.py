"""A case on one timeline: events as dots, limits as bars to their last day, today in red."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from charts.marks import (
    GRID,
    INK,
    LATE,
    LATE_GROUND,
    RED,
    SECOND,
    TEAL,
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
OPEN = "#b7592a"
WEEK = 7
SUNDAY = 6


@dataclass(frozen=True)
class LineEvent:
    """A dot with its label; a ``strong`` one (a meeting) is a diamond."""

    label: str
    day: datetime.date
    strong: bool = False


@dataclass(frozen=True)
class LineBar:
    """A time limit from its event to its last day; ``state`` is open, late, done or stopped.

    A ``backwards`` one ends before its event: its last day is the left end.
    """

    label: str
    start: datetime.date
    end: datetime.date
    done_on: datetime.date | None = None
    state: str = "open"
    backwards: bool = False

    @property
    def last_day(self) -> datetime.date:
        return self.start if self.backwards else self.end


@dataclass(frozen=True)
class _Window:
    first: datetime.date
    last: datetime.date
    today: datetime.date
    left: float
    right: float

    def x(self, day: datetime.date) -> float:
        """Return the middle of a day; days outside are placed at the edge."""
        inside = min(max(day, self.first), self.last)
        return self.left + ((inside - self.first).days + 0.5) * self.pitch

    @property
    def pitch(self) -> float:
        return (self.right - self.left) / ((self.last - self.first).days + 1)

    @property
    def days(self) -> list[datetime.date]:
        return [self.first + datetime.timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def line_of_time(
    bars: Sequence[LineBar],
    events: Sequence[LineEvent],
    *,
    first: datetime.date,
    last: datetime.date,
    today: datetime.date,
    left_out: int = 0,
) -> SafeString:
    """Draw the window from ``first`` to ``last``, for a desktop only: on a phone the list below replaces it."""
    window = _Window(first, last, today, 280.0, 1156.0)
    lanes = _lanes(events, window)
    events_foot = 62 + (max(lanes, default=0) + 1) * 22.0 + 12
    foot = events_foot + len(bars) * 34.0 + 8
    parts: list[str] = [*_ground(window, foot), *_events(events, lanes, window, events_foot)]
    parts.append(draw_line(0, events_foot, window.right, events_foot, GRID))
    for place, bar in enumerate(bars):
        parts += _bar(bar, window, events_foot + place * 34.0)
    parts.append(
        draw_line(window.x(today), 44, window.x(today), foot, RED, width=2, dash="3 4")
        if first <= today <= last
        else ""
    )
    if left_out:
        parts.append(draw_text(0, foot + 20, f"{words.count(left_out, 'more limit')} in the list", colour=SECOND))
        foot += 26
    return format_html(
        '<figure class="cp-figure cp-figure--boxed cp-desk-only">{}</figure>',
        svg(1160, foot + 4, _sentence(bars, events, window), parts),
    )


def _sentence(bars: Sequence[LineBar], events: Sequence[LineEvent], window: _Window) -> str:
    today = window.today
    said = [f"{event.label} {words.short_date(event.day, today=today)}" for event in events]
    said += [f"{bar.label} by {words.short_date(bar.last_day, today=today)}, {bar.state}" for bar in bars]
    span = f"{words.short_date(window.first, today=today)} to {words.short_date(window.last, today=today)}"
    return f"Timeline from {span}: {'; '.join(said)}.".replace(words.NO_BREAK, " ")


def _ground(window: _Window, foot: float) -> list[str]:
    """Draw months, Mondays, and weekends as shading."""
    parts: list[str] = []
    for day in window.days:
        x = window.x(day) - window.pitch / 2
        if day.weekday() == SUNDAY - 1 and window.pitch > 1.5:  # noqa: PLR2004 - too fine to shade
            width = min(window.pitch * 2, window.right - x)
            parts.append(draw_box(x, 44, width, foot - 44, "#f1f3f4"))
        if day.day == 1 or day == window.first:
            parts.append(draw_line(x, 8, x, foot, GRID))
            if (window.last - day).days * window.pitch > 60 or day == window.first:  # noqa: PLR2004
                month = words.MONTHS[day.month - 1]
                year = f" {day.year}" if day.month == 1 or day == window.first else ""
                room = _until_next_month(day, window)
                if room > text_width(month[:3], 15) + 6:
                    said = f"{month}{year}" if text_width(f"{month}{year}", 15) + 6 < room else month[:3]
                    parts.append(draw_text(x + 4, 20, said, size=15, bold=True))
    every = 1 if window.pitch * WEEK > 26 else 4  # noqa: PLR2004
    mondays = [day for day in window.days if day.weekday() == 0]
    for day in mondays[::every]:
        near = abs((day - window.today).days) * window.pitch < 22  # noqa: PLR2004
        if not near:
            parts.append(draw_text(window.x(day), 39, str(day.day), colour=SECOND, anchor="middle"))
    if window.first <= window.today <= window.last:
        x = window.x(window.today)
        parts += [
            draw_box(x - 27, 25, 54, 19, RED),
            draw_text(x, 39, "today", bold=True, colour="#fff", anchor="middle"),
        ]
    return parts


def _until_next_month(day: datetime.date, window: _Window) -> float:
    following = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return min((following - day).days * window.pitch, window.right - window.x(day))


def _lanes(events: Sequence[LineEvent], window: _Window) -> list[int]:
    """Assign each event's label to a line, so that none overlap."""
    ends: list[float] = []
    lanes: list[int] = []
    for event in events:
        x = window.x(event.day)
        needed = text_width(event.label, 14) + 20
        start = x - needed if x + needed > window.right else x - 8
        lane = next((n for n, end in enumerate(ends) if end <= start), len(ends))
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = max(x, start + needed) + 8
        lanes.append(lane)
    return lanes


def _events(events: Sequence[LineEvent], lanes: Sequence[int], window: _Window, foot: float) -> list[str]:
    parts: list[str] = [draw_text(0, 70, "What happened", size=15, bold=True)]
    for event, lane in zip(events, lanes, strict=True):
        x, y = window.x(event.day), 66 + lane * 22.0
        on_left = x + text_width(event.label, 14) + 20 > window.right
        parts.append(draw_line(x, y, x, foot, GRID))
        parts.append(
            draw_text(
                x + (-9 if on_left else 9), y + 5, event.label,
                bold=event.strong, anchor="end" if on_left else "start",
            )
        )  # fmt: skip
        shape = (
            '<path d="M{} {}l6 7l-6 7l-6 -7Z" fill="{}"/>'
            if event.strong
            else '<circle cx="{}" cy="{}" r="4.5" fill="{}"/>'
        )
        top = y - 7 if event.strong else y
        parts.append(format_html(shape, units(x), units(top), INK if event.day <= window.today else TEAL))
    return parts


def _bar(bar: LineBar, window: _Window, y: float) -> list[str]:
    start, end = window.x(bar.start), window.x(bar.end)
    last = start if bar.backwards else end
    middle = y + 17
    colour = {"done": DONE, "late": RED, "open": OPEN}.get(bar.state, SECOND)
    parts: list[str] = [draw_text(0, middle + 5, cut_to(bar.label, window.left - 12, 14), bold=bar.state == "late")]
    if bar.state == "late":
        until = window.x(window.today)
        parts += [
            draw_box(min(last, until), middle - 6, abs(until - last), 12, LATE_GROUND, edge=RED),
            draw_stripes(min(last, until), middle - 6, abs(until - last), 12, RED, gap=6),
        ]
    parts.append(draw_line(start, middle, end, middle, colour, width=2.5))
    parts.append(draw_line(last, middle - 8, last, middle + 8, colour, width=2.5))
    if bar.done_on and window.first <= bar.done_on <= window.last:
        parts.append(
            format_html('<circle cx="{}" cy="{}" r="6" fill="{}"/>', units(window.x(bar.done_on)), units(middle), DONE)
        )
    if bar.state != "done":
        said = ("was due " if bar.state == "late" else "by ") + words.short_date(bar.last_day, today=window.today)
        edge = max(end, window.x(window.today)) if bar.state == "late" else end
        fits = edge + text_width(said, 14) + 14 < window.right
        parts.append(
            draw_text(
                edge + 9 if fits else start - 9, middle + 5, said,
                colour=LATE if bar.state == "late" else INK, anchor="start" if fits else "end",
            )
        )  # fmt: skip
    return parts
