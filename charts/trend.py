"""A share month by month, as a line with its numbers as text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString

from charts.marks import GRID, INK, QUIET, SECOND, TEAL, both_widths, draw_line, draw_text, svg, units

WHOLE = 100


@dataclass(frozen=True)
class Point:
    """One month of a line; ``value`` is a percentage, or None where there was nothing to count."""

    label: str
    value: int | None


def trend_line(
    points: Sequence[Point], *, title: str, compared: tuple[str, int] | None = None, width: float = 580
) -> SafeString:
    """Draw percentages month by month; ``compared`` is a name and a figure drawn across as a broken line."""
    said = "; ".join(f"{point.label} {'nothing' if point.value is None else f'{point.value}%'}" for point in points)
    label = f"{title}: {said or 'nothing to show'}."
    if compared:
        label += f" {compared[0]} {compared[1]}%."
    return both_widths(lambda small: _trend(points, label, compared, 358.0 if small else width, small=small))


def _trend(
    points: Sequence[Point], label: str, compared: tuple[str, int] | None, width: float, *, small: bool
) -> SafeString:
    known = [point.value for point in points if point.value is not None] + ([compared[1]] if compared else [])
    floor = max(0, (min(known, default=0) - 5) // 10 * 10)
    top, bottom, left = 34.0, 214.0, 40.0
    right = 14.0 if small or not compared else 92.0
    step = (width - left - right - 20) / max(len(points) - 1, 1)

    def x(place: int) -> float:
        return left + 10 + place * step

    def y(value: float) -> float:
        return bottom - (value - floor) / (WHOLE - floor) * (bottom - top)

    parts: list[str] = [draw_text(0, 14, "% in time" + (f" (axis starts at {floor})" if floor else ""), colour=SECOND)]
    grid = 10 if WHOLE - floor <= 50 else 20  # noqa: PLR2004
    for value in range(WHOLE, floor - 1, -grid):
        parts += [
            draw_line(left, y(value), width - right, y(value), GRID),
            draw_text(left - 8, y(value) + 5, str(value), colour=SECOND, anchor="end"),
        ]
    if compared:
        name, value = compared
        parts.append(draw_line(left, y(value), width - right, y(value), SECOND, width=1.6, dash="6 4"))
        if small:
            parts.append(_haloed(left + 2, y(value) + 18, f"{name} {value}%", anchor="start"))
        else:
            for place, said in enumerate((name, f"{value}%")):
                at = (width - right + 16, y(value) + 1 + place * 17)
                parts.append(draw_text(*at, said, colour=SECOND))
    parts += _joined_points(points, x, y)
    every = max(1, math.ceil(len(points) * (42 if small else 40) / (width - left - right)))
    for place, point in enumerate(points):
        if place % every == (len(points) - 1) % every:
            month, _, year = point.label.partition(" ")
            parts.append(draw_text(x(place), bottom + 20, month, anchor="middle"))
            if year and (place < every or month == "Jan"):
                parts.append(draw_text(x(place), bottom + 37, year, colour=SECOND, anchor="middle"))
    return svg(width, bottom + 44, label, parts)


def _joined_points(points: Sequence[Point], x: Callable[[int], float], y: Callable[[float], float]) -> list[str]:
    """Draw the line with its dots; the ends, the highest and the lowest carry their number."""
    drawn = [(place, point.value) for place, point in enumerate(points) if point.value is not None]
    parts: list[str] = []
    for (before, low), (after, high) in pairwise(drawn):
        parts.append(
            draw_line(x(before), y(low), x(after), y(high), TEAL, width=2.5)
            if after == before + 1
            else draw_line(x(before), y(low), x(after), y(high), QUIET, width=1.5, dash="3 4")
        )
    if not drawn:
        return parts
    values = [value for _, value in drawn]
    named = {drawn[0][0], drawn[-1][0]}
    named |= {next(place for place, value in drawn if value == end) for end in (min(values), max(values))}
    for place, value in drawn:
        parts.append(format_html('<circle cx="{}" cy="{}" r="4.5" fill="{}"/>', units(x(place)), units(y(value)), TEAL))
    for place, value in drawn:
        if place in named:
            below = value == min(values) and value != max(values)
            parts.append(_haloed(x(place), y(value) + (22 if below else -11), f"{value}%", anchor="middle"))
    return parts


def _haloed(x: float, y: float, text: str, *, anchor: str) -> SafeString:
    """Draw text over lines, outlined in white."""
    return format_html(
        '<text x="{}" y="{}" font-size="14" font-weight="700" fill="{}" text-anchor="{}" stroke="#fff"'
        ' stroke-width="5" stroke-linejoin="round" paint-order="stroke">{}</text>',
        units(x), units(y), INK, anchor, text,
    )  # fmt: skip
