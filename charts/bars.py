"""Bar charts of counts and shares, each with its numbers as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from charts.marks import (
    GRID,
    INK,
    LATE,
    LATE_GROUND,
    QUIET,
    RED,
    SECOND,
    TEAL,
    both_widths,
    cut_to,
    draw_box,
    draw_line,
    draw_stripes,
    draw_text,
    joined,
    svg,
    text_width,
    wrapped,
)

WHOLE = 100


@dataclass(frozen=True)
class Bar:
    """One bar; ``late`` stripes it, ``strong`` emphasises it."""

    label: str
    value: int
    late: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Share:
    """How much of a whole was in time; ``second`` is the line below the label."""

    label: str
    second: str
    in_time: int
    late: int

    @property
    def whole(self) -> int:
        return self.in_time + self.late

    @property
    def percent(self) -> int:
        return percent(self.in_time, self.whole)


def percent(part: int, whole: int) -> int:
    """Return a share in whole per cent, where only all is 100 and only nothing is 0."""
    if not whole:
        return 0
    rounded = math.floor(WHOLE * part / whole + 0.5)
    if part and part != whole:
        return min(max(rounded, 1), WHOLE - 1)
    return rounded


def _bar(x: float, y: float, width: float, height: float, bar: Bar) -> SafeString:
    if not bar.late:
        return draw_box(x, y, width, height, TEAL if bar.strong else QUIET)
    return joined(
        (
            draw_box(x + 0.75, y + 0.75, max(width - 1.5, 0.5), max(height - 1.5, 0.5), LATE_GROUND),
            draw_stripes(x, y, width, height, RED, gap=6),
            draw_box(
                x + 0.75, y + 0.75, max(width - 1.5, 0.5), max(height - 1.5, 0.5), "none", edge=RED, edge_width=1.5
            ),
        )
    )  # fmt: skip


def column_chart(
    bars: Sequence[Bar],
    *,
    title: str,
    of: str,
    below: str,
    limit_after: int | None = None,
    limit_words: str = "",
    width: float = 580,
) -> SafeString:
    """Draw vertical bars. ``of`` says what the height counts, ``below`` labels the horizontal axis.

    A red line with ``limit_words`` is drawn after bar number ``limit_after`` (from 0).
    """
    said = "; ".join(f"{bar.label}: {bar.value:,}{' late' if bar.late else ''}" for bar in bars)
    label = f"{title}: {said or 'nothing to show'}."
    limit = (limit_after, limit_words) if limit_after is not None else None
    return both_widths(lambda small: _columns(bars, label, (of, below), limit, 358.0 if small else width))


def _columns(
    bars: Sequence[Bar], label: str, said: tuple[str, str], limit: tuple[int, str] | None, width: float
) -> SafeString:
    top, bottom, left, right = 40.0, 220.0, 40.0, 4.0
    of, below = said
    most = max((bar.value for bar in bars), default=0)
    grid = _round_step(most)
    high = max(grid, math.ceil(most / grid) * grid)
    pitch = (width - left - right) / max(len(bars), 1)
    parts: list[str] = [draw_text(0, 14, of, colour=SECOND)]
    for value in range(0, high + 1, grid):
        y = bottom - value / high * (bottom - top)
        parts += [
            draw_line(left, y, width - right, y, INK if value == 0 else GRID, width=2 if value == 0 else 1),
            draw_text(left - 8, y + 5, f"{value:,}", colour=SECOND, anchor="end"),
        ]
    numbers_fit = max((text_width(f"{bar.value:,}", 14) for bar in bars), default=0) < pitch
    labels_fit = max((text_width(bar.label, 14) for bar in bars), default=0) + 4
    every = max(1, math.ceil(labels_fit / pitch))
    for place, bar in enumerate(bars):
        x = left + place * pitch
        height = bar.value / high * (bottom - top)
        if bar.value:
            parts.append(_bar(x + 1.5, bottom - height, pitch - 3, height, bar))
        if bar.value and (numbers_fit or bar.strong):
            parts.append(
                draw_text(x + pitch / 2, bottom - height - 6, f"{bar.value:,}", bold=bar.strong, anchor="middle")
            )
        if place % every == 0:
            parts.append(draw_text(x + pitch / 2, bottom + 19, bar.label, anchor="middle"))
    if limit is not None:
        x = left + (limit[0] + 1) * pitch
        on_left = width - x < text_width(limit[1], 14) + 10
        parts += [
            draw_line(x, top - 22, x, bottom + 4, RED, width=2.5),
            draw_text(
                x + (-8 if on_left else 8), top - 12, limit[1],
                bold=True, colour=LATE, anchor="end" if on_left else "start",
            ),
        ]  # fmt: skip
    parts.append(draw_text((width + left) / 2, bottom + 42, below, colour=SECOND, anchor="middle"))
    return svg(width, bottom + 50, label, parts)


def _round_step(most: int) -> int:
    """Return the distance of grid lines: 1, 2 or 5 times a power of ten, so that about four fit."""
    rough = max(most / 4, 1)
    power = 10 ** math.floor(math.log10(rough))
    return int(next(step * power for step in (1, 2, 5, 10) if step * power >= rough))


def share_bars(
    shares: Sequence[Share], *, title: str, compared: dict[str, tuple[str, int]] | None = None
) -> SafeString:
    """Draw one bar of a whole for each row: in time solid, late striped.

    ``compared`` gives, by label, a name and a percentage to mark on the bar.
    """
    said = "; ".join(
        f"{share.label} {share.percent}% in time, {share.late:,} late of {share.whole:,}" for share in shares
    )
    label = f"{title}: {said or 'nothing to show'}."
    marks = compared or {}
    return both_widths(lambda small: (_narrow_shares if small else _wide_shares)(shares, label, marks))


def _wide_shares(shares: Sequence[Share], label: str, marks: dict[str, tuple[str, int]]) -> SafeString:
    width, left, right, rise = 1160.0, 325.0, 150.0, 45.0
    room = width - left - right
    foot = 30 + len(shares) * rise
    parts: list[str] = []
    for value in range(0, WHOLE + 1, 20):
        x = left + room * value / WHOLE
        parts += [draw_line(x, 24, x, foot, GRID), draw_text(x, 14, f"{value}%", colour=SECOND, anchor="middle")]
    for place, share in enumerate(shares):
        y = 34 + place * rise
        parts += [
            draw_text(0, y + 9, cut_to(share.label, left - 20, 16), size=16, bold=True),
            draw_text(0, y + 28, cut_to(share.second, left - 20, 15), size=15, colour=SECOND),
            _share(left, y, room, 24, share),
            draw_text(left + room + 10, y + 18, f"{share.percent}%", size=17, bold=True),
            draw_text(width, y + 18, f"{share.late:,} late", colour=SECOND, anchor="end"),
        ]
        if share.label in marks:
            parts.append(_mark_on_bar(left, y, room, 24, marks[share.label]))
    return svg(width, foot + 4, label, parts)


def _narrow_shares(shares: Sequence[Share], label: str, marks: dict[str, tuple[str, int]]) -> SafeString:
    width, right, rise = 358.0, 52.0, 52.0
    room = width - right
    parts: list[str] = []
    y = 0.0
    for share in shares:
        marked = marks.get(share.label)
        parts += [
            draw_text(0, y + 15, cut_to(share.label, width, 15), size=15, bold=True),
            _share(0, y + 22, room, 20, share),
            draw_text(width, y + 38, f"{share.percent}%", size=16, bold=True, anchor="end"),
        ]
        if marked:
            parts += [_mark_on_bar(0, y + 22, room, 20, marked, said=False)]
            y += 18
            parts.append(
                draw_text(
                    room * marked[1] / WHOLE, y + 40, f"{marked[0]} {marked[1]}%",
                    colour=SECOND, anchor="end",
                )
            )  # fmt: skip
        y += rise
    return svg(width, max(y, 1), label, parts)


def _share(x: float, y: float, room: float, height: float, share: Share) -> SafeString:
    whole = share.whole or 1
    good = room * share.in_time / whole
    parts: list[str] = []
    if share.in_time:
        parts.append(draw_box(x, y, good, height, TEAL))
    if share.late:
        parts.append(_bar(x + good, y, room - good, height, Bar("", share.late, late=True)))
    return joined(parts)


def _mark_on_bar(
    x: float, y: float, room: float, height: float, mark: tuple[str, int], *, said: bool = True
) -> SafeString:
    at = x + room * mark[1] / WHOLE
    parts = [draw_box(at - 3.5, y - 5, 7, height + 10, "#fff"), draw_box(at - 1.5, y - 5, 3, height + 10, INK)]
    if said:
        parts.append(
            draw_text(at - 10, y + height / 2 + 5, f"{mark[0]} {mark[1]}%", bold=True, colour="#fff", anchor="end")
        )
    return joined(parts)


def row_bars(bars: Sequence[Bar], *, title: str, width: float = 580) -> SafeString:
    """Draw horizontal bars with their number at the end, in the order given."""
    label = f"{title}: {'; '.join(f'{bar.label}: {bar.value:,}' for bar in bars) or 'nothing to show'}."
    return both_widths(lambda small: _rows(bars, label, 358.0 if small else width, small=small))


def _rows(bars: Sequence[Bar], label: str, width: float, *, small: bool) -> SafeString:
    names = 128.0 if small else 180.0
    rise, most = 40.0, max((bar.value for bar in bars), default=1) or 1
    room = width - names - 44
    parts: list[str] = []
    for place, bar in enumerate(bars):
        y = place * rise + 4
        lines = wrapped(bar.label, names - 12, 14, most=2)
        for number, line in enumerate(lines):
            at = y + 18 + number * 16 - (len(lines) - 1) * 8
            parts.append(draw_text(names - 10, at, line, anchor="end"))
        length = max(room * bar.value / most, 2)
        parts += [_bar(names, y, length, 26, bar), draw_text(names + length + 9, y + 18, f"{bar.value:,}", bold=True)]
    foot = len(bars) * rise + 4
    parts.append(draw_line(names, 0, names, foot, INK, width=2))
    return svg(width, foot + 2, label, parts)
