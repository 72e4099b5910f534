"""The scale: everyone on one line, never an average."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from charts.marks import (
    GRID,
    INK,
    LATE,
    QUIET,
    RED,
    SECOND,
    SHADE,
    SHADE_WORDS,
    TEAL,
    cut_to,
    draw_box,
    draw_dot,
    draw_line,
    draw_text,
    joined,
    svg,
    text_width,
    wrapped,
)
from govuk import words


@dataclass(frozen=True)
class Score:
    """One person's score. ``family`` members are drawn as diamonds, nearest the line."""

    name: str
    value: int
    family: bool = False


def short_name(name: str, room: float, size: float = 14) -> str:
    """Return Hazel B. for Hazel Brambley; a long first name is cut but keeps the initial: Maxi… R."""
    names = name.split()
    if not names:
        return ""
    last = f" {names[-1][0]}." if len(names) > 1 else ""
    return cut_to(names[0], room - text_width(last, size), size) + last


@dataclass(frozen=True)
class _Axis:
    """The range of the numbers, and what its ends mean."""

    low: int
    high: int
    low_words: str
    high_words: str
    shade_to: int | None = None
    shade_words: str = ""


@dataclass(frozen=True)
class _Letters:
    """Sizes of the wide picture's letters: names, numbers, range."""

    names: float
    numbers: float
    spread: float


ON_SCREEN = _Letters(names=14, numbers=18, spread=15)
# The picture shrinks to the width of A4, where 22 units are 9 points.
ON_PAPER = _Letters(names=22, numbers=24, spread=22)


def scale_sentence(
    scores: Sequence[Score], *, low_words: str = "", high_words: str = "", low: int = 0, high: int = 10
) -> str:
    """Return the figure in words: how many, the range, who says what, lowest first."""
    low_end = f"{low} ({low_words})" if low_words else str(low)
    high_end = f"{high} ({high_words})" if high_words else str(high)
    ends = f"Scale from {low_end} to {high_end}."
    if not scores:
        return f"{ends} No one has given a score."
    ordered = sorted(scores, key=lambda score: score.value)
    least, most = ordered[0].value, ordered[-1].value
    spread = f"all {least}" if least == most else f"from {least} to {most}"
    said = "; ".join(
        f"{value}: {words.listed([score.name for score in ordered if score.value == value])}"
        for value in sorted({score.value for score in ordered})
    )
    return f"{ends} {words.count(len(scores), 'score')}, {spread}. {said}.".replace(words.NO_BREAK, " ")


def scale_figure(
    scores: Sequence[Score],
    *,
    low_words: str,
    high_words: str,
    title: str,
    wide: bool = True,
    narrow: bool = True,
    compact: bool = False,
    low: int = 0,
    high: int = 10,
    shade_to: int | None = None,
    shade_words: str = "",
    on_paper: bool = False,
) -> SafeString:
    """Draw everyone on one line from ``low`` to ``high``: professionals filled, family outlined, the range.

    No average anywhere. ``shade_to`` tints the low end up to that number. ``wide`` and ``narrow`` are the
    pictures for a desktop and a phone (a PDF needs only the wide one, with the larger letters ``on_paper``);
    ``compact`` is a small line without names, for a table; on paper without numbers, which nobody could read there.
    """
    label = f"{title}. {scale_sentence(scores, low_words=low_words, high_words=high_words, low=low, high=high)}"
    axis = _Axis(low, high, low_words, high_words, shade_to, shade_words)
    if compact:
        return _compact_scale(scores, label, axis, numbered=not on_paper)
    pictures = []
    if wide:
        drawn = _wide_scale(scores, label, axis, ON_PAPER if on_paper else ON_SCREEN)
        pictures.append(format_html('<div class="cp-figure__wide">{}</div>', drawn) if narrow else drawn)
    if narrow:
        drawn = _narrow_scale(scores, label, axis)
        pictures.append(format_html('<div class="cp-figure__narrow">{}</div>', drawn) if wide else drawn)
    return format_html('<figure class="cp-figure cp-figure--boxed">{}</figure>', joined(pictures))


def scale_key() -> SafeString:
    """Return the key to a scale's symbols."""
    entries = (
        ("professional", _tiny(draw_dot(9, 9, 7, family=False))),
        ("family", _tiny(draw_dot(9, 9, 7, family=True))),
        (
            "range",
            format_html(
                '<svg width="30" height="18" viewBox="0 0 30 18" aria-hidden="true">{}</svg>', _range(2, 28, 9)
            ),
        ),
    )
    return format_html(
        '<ul class="cp-key">{}</ul>',
        joined(format_html("<li>{} {}</li>", picture, label) for label, picture in entries),
    )


def _tiny(mark: SafeString) -> SafeString:
    return format_html('<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">{}</svg>', mark)


def _range(x1: float, x2: float, y: float) -> SafeString:
    caps = (draw_line(x, y - 7, x, y + 7, RED, width=3) for x in (x1, x2))
    return joined((draw_line(x1, y, x2, y, RED, width=4), *caps))


def _stacks(scores: Sequence[Score]) -> dict[int, list[Score]]:
    stacks: dict[int, list[Score]] = {}
    for score in sorted(scores, key=lambda one: (one.value, not one.family, one.name)):
        stacks.setdefault(score.value, []).append(score)
    return stacks


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _range_words(values: Sequence[int]) -> str:
    least, most = min(values), max(values)
    if len(values) == 1:
        # Whoever reads it may not see the scores of others.
        return f"One score: {least}"
    if least == most:
        return f"Everyone says {least}"
    apart = most - least
    number = _NUMBERS[apart] if apart < len(_NUMBERS) else str(apart)
    return f"From {least} to {most}: {number} {'point' if apart == 1 else 'points'} apart"


MANY_IN_ONE_STACK = 14
# How much wider bold letters are.
BOLD = 1.1


def _wide_scale(scores: Sequence[Score], label: str, axis: _Axis, letters: _Letters) -> SafeString:
    width, left, right = 1160.0, 42.0, 100.0
    step = (width - left - right) / (axis.high - axis.low)
    stacks = _stacks(scores)
    tallest = max((len(stack) for stack in stacks.values()), default=1)
    rise = 30.0 if tallest <= MANY_IN_ONE_STACK else 22.0
    line = (14.0 if axis.shade_to is None else 38.0) + tallest * rise + 12

    def at(value: float) -> float:
        return left + (value - axis.low) * step

    parts: list[str] = []
    if axis.shade_to is not None:
        parts.append(draw_box(20, 2, at(axis.shade_to + 0.5) - 20, line + 34, SHADE))
        parts.append(draw_text(28, 24, axis.shade_words, bold=True, colour=SHADE_WORDS))
    parts.append(draw_line(left - 14, line, at(axis.high) + 14, line, INK, width=3))
    for value in range(axis.low, axis.high + 1):
        parts.append(draw_line(at(value), line - 8, at(value), line + 8, INK, width=2.5))
        parts.append(draw_text(at(value), line + 30, str(value), size=letters.numbers, bold=True, anchor="middle"))
    for value, stack in stacks.items():
        for place, score in enumerate(stack):
            y = line - 24 - place * rise
            # A name may extend to the next dot in its own row.
            beside = min((other for other in stacks if other > value and len(stacks[other]) > place), default=None)
            room = (width if beside is None else at(beside)) - at(value) - 26
            parts.append(draw_dot(at(value), y, 9, family=score.family, name=score.name))
            name = short_name(score.name, room, letters.names)
            parts.append(draw_text(at(value) + 16, y + 5, name, size=letters.names))
    if scores:
        parts += _wide_range([score.value for score in scores], at, line + 58, width, letters.spread)
    ends = (
        (wrapped(axis.low_words, 480, 15), left - 14, "start"),
        (wrapped(axis.high_words, 480, 15), at(axis.high) + 14, "end"),
    )
    for rows, x, anchor in ends:
        for place, row in enumerate(rows):
            parts.append(draw_text(x, line + 96 + place * 20, row, size=15, bold=True, anchor=anchor))
    return svg(width, line + 88 + 20 * max(len(rows) for rows, _x, _anchor in ends), label, parts)


def _wide_range(values: Sequence[int], at: Callable[[float], float], y: float, width: float, size: float) -> list[str]:
    said, least, most = _range_words(values), min(values), max(values)
    start, end = at(least), at(most)
    needed = text_width(said, size) * BOLD + 16

    def say(x: float, anchor: str) -> SafeString:
        return draw_text(x, y + 5, said, size=size, bold=True, colour=LATE, anchor=anchor)

    if least == most:
        half = needed / 2
        return [say(start, "start" if start < half else "end" if start > width - half else "middle")]
    middle = (start + end) / 2
    if end - start > needed + 20:
        caps = [draw_line(x, y - 7, x, y + 7, RED, width=3) for x in (start, end)]
        halves = ((start, middle - needed / 2), (middle + needed / 2, end))
        return [*caps, *(draw_line(x1, y, x2, y, RED, width=4) for x1, x2 in halves), say(middle, "middle")]
    beside = say(end + 14, "start") if end + needed < width else say(start - 14, "end")
    return [_range(start, end, y), beside]


def _narrow_scale(scores: Sequence[Score], label: str, axis: _Axis) -> SafeString:
    width, names_at, rise = 358.0, 62.0, 28.0
    stacks = _stacks(scores)
    y = 6.0
    heading, y = _end_words(axis.high, axis.high_words, y, width)
    y += 12
    tops: dict[int, float] = {}
    rows: list[str] = []
    for value in range(axis.high, axis.low - 1, -1):
        tops[value] = y
        rows.append(draw_line(34, y, width, y, GRID))
        rows.append(draw_text(18, y + rise / 2 + 6, str(value), size=16, bold=True, anchor="middle"))
        x = names_at
        for score in stacks.get(value, []):
            name = short_name(score.name, 170)
            needed = 36 + text_width(name, 14)
            if x > names_at and x + needed > width:
                x = names_at
                y += rise
            rows.append(draw_dot(x + 8, y + rise / 2, 7, family=score.family, name=score.name))
            rows.append(draw_text(x + 22, y + rise / 2 + 5, name))
            x += needed
        y += rise
    rows.append(draw_line(34, y, width, y, GRID))
    shade = tops.get(axis.shade_to, y) if axis.shade_to is not None else y
    ground = [draw_box(0, shade, width, y - shade, SHADE)] if shade < y else []
    if scores and min(stacks) != max(stacks):
        start, end = tops[max(stacks)] + rise / 2, tops[min(stacks)] + rise / 2
        rows.append(draw_line(44, start, 44, end, RED, width=4))
        rows += [draw_line(38, cap, 50, cap, RED, width=3) for cap in (start, end)]
    footing, y = _end_words(axis.low, axis.low_words, y + 4, width)
    return svg(width, y + 8, label, [*heading, *ground, *rows, *footing])


def _end_words(value: int, meaning: str, y: float, width: float) -> tuple[list[SafeString], float]:
    """Return what an end of the vertical scale means, and where the next element may begin."""
    rows = wrapped(f"{value}: {meaning}" if meaning else str(value), width - 10, 15)
    drawn = [draw_text(4, y + 20 * place, row, size=15, bold=True) for place, row in enumerate(rows, start=1)]
    return drawn, y + 20 * len(rows)


def _compact_scale(scores: Sequence[Score], label: str, axis: _Axis, *, numbered: bool) -> SafeString:
    width, left = 230.0, 12.0
    step = (width - 2 * left) / (axis.high - axis.low)
    stacks = _stacks(scores)
    tallest = max((len(stack) for stack in stacks.values()), default=1)
    rise = min(9.0, 90 / tallest)
    line = 8 + tallest * rise
    parts: list[str] = [draw_line(left - 6, line, width - left + 6, line, INK, width=1.5)]
    for value in range(axis.low, axis.high + 1):
        x = left + (value - axis.low) * step
        parts.append(draw_line(x, line - 3, x, line + 3))
        for place, score in enumerate(stacks.get(value, [])):
            parts.append(draw_dot(x, line - 7 - place * rise, 3.6, family=score.family))
        if numbered and (value in (axis.low, axis.high) or value in stacks):
            parts.append(draw_text(x, line + 18, str(value), bold=value in stacks, anchor="middle"))
    return svg(width, line + (24 if numbered else 6), label, parts)


def score_history(
    rounds: Sequence[tuple[str, Sequence[int]]],
    *,
    title: str,
    low: int = 0,
    high: int = 10,
    shade_to: int | None = None,
) -> SafeString:
    """Draw how one child's scores moved: dots for each (label, numbers), the range behind, the latest darker."""
    width, left, bottom, unit = 358.0, 34.0, 190.0, 16.0
    column = (width - left - 8) / max(len(rounds), 1)

    def up(value: float) -> float:
        return bottom - (value - low) * unit

    parts: list[str] = []
    if shade_to is not None:
        parts.append(draw_box(left, up(shade_to + 0.5), width - left, up(low) - up(shade_to + 0.5), SHADE))
    for value in range(low, high + 1, 2):
        parts.append(draw_line(left, up(value), width, up(value), GRID))
        parts.append(draw_text(left - 9, up(value) + 5, str(value), colour=SECOND, anchor="end"))
    said = []
    for place, (when, numbers) in enumerate(rounds):
        x = left + column * (place + 0.5)
        latest = place == len(rounds) - 1
        parts.append(draw_text(x, bottom + 22, cut_to(when, column, 14), bold=latest, anchor="middle"))
        if not numbers:
            continue
        least, most = min(numbers), max(numbers)
        parts.append(draw_box(x - 5, up(most), 10, up(least) - up(most), "#8fb0b5" if latest else "#c9dadd"))
        for value in sorted(set(numbers)):
            many = list(numbers).count(value)
            spread = min(11.0, (column - 12) / max(many, 1))
            colour = TEAL if latest else QUIET
            places = (x + (one - (many - 1) / 2) * spread for one in range(many))
            parts += [draw_dot(place_x, up(value), 4.5, family=False, colour=colour) for place_x in places]
        span = str(least) if least == most else f"{least} to {most}"
        parts.append(draw_text(x, up(most) - 11, span, bold=True, anchor="middle"))
        said.append(f"{when}: {span}")
    return svg(width, bottom + 32, f"{title}. {'; '.join(said) or 'No scores yet'}.", parts)


def majority_blocks(agree: int, total: int) -> SafeString:
    """Draw one block per person, filled for those who agree. Says nothing about what binds."""
    size, gap = 40.0, 6.0
    parts = [
        draw_box(place * (size + gap) + 1, 1, size - 2, 24, TEAL if place < agree else "#fff", edge=TEAL, edge_width=2)
        for place in range(total)
    ]
    return svg(max(total * (size + gap) - gap, 1), 26, f"{agree} of {total}", parts)
