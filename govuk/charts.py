"""Figures as inline SVG, drawn on the server.

They use presentation attributes only, because pages may hold no style, and no ids, patterns or clip paths, so
that any number of them can stand on one page, hidden or shown, and come out the same in a PDF.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from govuk import words

INK = "#0b0c0c"
SECOND = "#484949"
TEAL = "#12464f"
QUIET = "#6b949b"
PURPLE = "#54319f"
RED = "#ca3535"
LATE = "#a52626"
GREY = "#b8bec2"
GRID = "#dfe3e5"
SHADE = "#fdf3ee"
SHADE_WORDS = "#7a3c1c"
SKIPPED = "#f3f5f6"
STRIPE = "#cfd5d8"
FONTS = "system-ui, Segoe UI, Roboto, Noto Sans, Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Score:
    """One person's number. ``family`` members are drawn as diamonds, nearest the line."""

    name: str
    value: int
    family: bool = False


@dataclass(frozen=True)
class CountedDay:
    """A day of the calendar: ``number`` is its working-day number, ``reason`` why it is not counted.

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


# ---------------------------------------------------------------- small parts


def _join(parts: Iterable[str]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 every part is made by format_html


def _svg(width: float, height: float, label: str, parts: Iterable[str]) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="img"'
        ' aria-label="{}" font-family="{}" focusable="false">{}</svg>',
        _n(width), _n(height), _n(width), _n(height), label, FONTS, _join(parts),
    )  # fmt: skip


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = INK, width: float = 1, dash: str = "") -> SafeString:
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>',
        _n(x1), _n(y1), _n(x2), _n(y2), colour, _n(width),
        format_html(' stroke-dasharray="{}"', dash) if dash else "",
    )  # fmt: skip


def _rect(
    x: float, y: float, width: float, height: float, fill: str, edge: str = "none", edge_width: float = 1
) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="{}"/>',
        _n(x), _n(y), _n(width), _n(height), fill, edge, _n(edge_width),
    )  # fmt: skip


def _text(
    x: float, y: float, text: str, *, size: float = 14, bold: bool = False, colour: str = INK, anchor: str = "start"
) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}" text-anchor="{}">{}</text>',
        _n(x), _n(y), _n(size), "700" if bold else "400", colour, anchor, text,
    )  # fmt: skip


def _stripes(x: float, y: float, width: float, height: float, colour: str = STRIPE, gap: float = 7) -> SafeString:
    """Lines at 45 degrees that end at the edges of the box."""
    steps = []
    offset = gap
    while offset < width + height:
        from_x, from_y = (offset, 0.0) if offset <= width else (width, offset - width)
        to_x, to_y = (0.0, offset) if offset <= height else (offset - height, height)
        steps.append(f"M{_n(x + from_x)} {_n(y + from_y)}L{_n(x + to_x)} {_n(y + to_y)}")
        offset += gap
    return format_html('<path d="{}" stroke="{}" stroke-width="1.2" fill="none"/>', "".join(steps), colour)


def _dot(x: float, y: float, radius: float, *, family: bool, name: str = "", colour: str = TEAL) -> SafeString:
    title = format_html("<title>{}</title>", name) if name else ""
    if family:
        reach = radius * 1.15
        return format_html(
            '<path d="M{} {}L{} {}L{} {}L{} {}Z" fill="#fff" stroke="{}" stroke-width="2.2">{}</path>',
            _n(x), _n(y - reach), _n(x + reach), _n(y), _n(x), _n(y + reach), _n(x - reach), _n(y), PURPLE, title,
        )  # fmt: skip
    return format_html('<circle cx="{}" cy="{}" r="{}" fill="{}">{}</circle>', _n(x), _n(y), _n(radius), colour, title)


def text_width(text: str, size: float) -> float:
    """About how wide ``text`` is drawn; a little too much rather than too little."""
    wide = sum(
        0.0 if unicodedata.combining(letter)
        else 1.05 if unicodedata.east_asian_width(letter) in "WF"
        else 0.3 if letter in "ijl.,:;'’| tfr"
        else 0.9 if letter in "mwMW"
        else 0.68 if letter.isupper()
        else 0.58
        for letter in text
    )  # fmt: skip
    return wide * size


def _cut(text: str, room: float, size: float) -> str:
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _wrap(text: str, room: float, size: float, most: int = 3) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(_cut(word, room, size))
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), room, size)]
    return lines


def short_name(name: str, room: float, size: float = 14) -> str:
    """Hazel B. for Hazel Brambley; a long first name is cut and keeps its letter: Maxi… R."""
    names = name.split()
    if not names:
        return ""
    last = f" {names[-1][0]}." if len(names) > 1 else ""
    return _cut(names[0], room - text_width(last, size), size) + last


# ---------------------------------------------------------------- the scale


def scale_sentence(scores: Sequence[Score], *, low_words: str = "", high_words: str = "", low: int = 0, high: int = 10) -> str:
    """The figure in words: how many, from where to where, who says what, lowest first."""
    ends = f"Scale from {low}{f' ({low_words})' if low_words else ''} to {high}{f' ({high_words})' if high_words else ''}."
    if not scores:
        return f"{ends} Nobody has given a score."
    ordered = sorted(scores, key=lambda score: score.value)
    least, most = ordered[0].value, ordered[-1].value
    spread = f"{words.count(len(scores), 'score')}, " + (f"all {least}." if least == most else f"from {least} to {most}.")
    said = "; ".join(
        f"{value}: {words.listed([score.name for score in ordered if score.value == value])}"
        for value in sorted({score.value for score in ordered})
    )
    return f"{ends} {spread} {said}.".replace(words.NO_BREAK, " ")


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
) -> SafeString:
    """Everybody on one line from ``low`` to ``high``: professionals as dots, family as diamonds, the range in red.

    No average anywhere. ``shade_to`` tints the low end up to that number. ``wide`` and ``narrow`` are the pictures
    for a desk and a phone (a PDF wants only the wide one); ``compact`` is a small line without names, for a table.
    """
    label = f"{title}. {scale_sentence(scores, low_words=low_words, high_words=high_words, low=low, high=high)}"
    if compact:
        return _compact_scale(scores, label, low, high)
    pictures = []
    if wide:
        drawn = _wide_scale(scores, label, low_words, high_words, low, high, shade_to, shade_words)
        pictures.append(format_html('<div class="cp-figure__wide">{}</div>', drawn) if narrow else drawn)
    if narrow:
        drawn = _narrow_scale(scores, label, low_words, high_words, low, high, shade_to)
        pictures.append(format_html('<div class="cp-figure__narrow">{}</div>', drawn) if wide else drawn)
    return format_html('<figure class="cp-figure cp-figure--boxed">{}</figure>', _join(pictures))


def scale_key() -> SafeString:
    """What the signs of a scale mean."""
    entries = (
        ("professional", _tiny(_dot(9, 9, 7, family=False))),
        ("family", _tiny(_dot(9, 9, 7, family=True))),
        (
            "range",
            format_html(
                '<svg width="30" height="18" viewBox="0 0 30 18" aria-hidden="true">{}</svg>', _range(2, 28, 9)
            ),
        ),
    )
    return format_html(
        '<ul class="cp-key">{}</ul>',
        _join(format_html("<li>{} {}</li>", picture, label) for label, picture in entries),
    )


def _tiny(mark: SafeString) -> SafeString:
    return format_html('<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">{}</svg>', mark)


def _range(x1: float, x2: float, y: float) -> SafeString:
    return _join((_line(x1, y, x2, y, RED, 4), _line(x1, y - 7, x1, y + 7, RED, 3), _line(x2, y - 7, x2, y + 7, RED, 3)))


def _stacks(scores: Sequence[Score]) -> dict[int, list[Score]]:
    stacks: dict[int, list[Score]] = {}
    for score in sorted(scores, key=lambda one: (one.value, not one.family, one.name)):
        stacks.setdefault(score.value, []).append(score)
    return stacks


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _range_words(least: int, most: int) -> str:
    if least == most:
        return f"Everyone says {least}"
    apart = most - least
    number = _NUMBERS[apart] if apart < len(_NUMBERS) else str(apart)
    return f"From {least} to {most}: {number} {'point' if apart == 1 else 'points'} apart"


def _wide_scale(
    scores: Sequence[Score],
    label: str,
    low_words: str,
    high_words: str,
    low: int,
    high: int,
    shade_to: int | None,
    shade_words: str,
) -> SafeString:
    width, left, right = 1160.0, 42.0, 100.0
    step = (width - left - right) / (high - low)
    stacks = _stacks(scores)
    tallest = max((len(stack) for stack in stacks.values()), default=1)
    rise = 30.0 if tallest <= 14 else 22.0
    top = 38.0 if shade_to is not None else 14.0
    axis = top + tallest * rise + 12
    end_lines = [_wrap(low_words, 480, 15), _wrap(high_words, 480, 15)]
    height = axis + 100 + 20 * max(len(lines) for lines in end_lines) - 12

    def at(value: float) -> float:
        return left + (value - low) * step

    parts: list[str] = []
    if shade_to is not None:
        edge = at(shade_to + 0.5)
        parts.append(_rect(20, 2, edge - 20, axis + 34, SHADE))
        if shade_words:
            parts.append(_text(28, 24, shade_words, bold=True, colour=SHADE_WORDS))
    parts.append(_line(left - 14, axis, at(high) + 14, axis, INK, 3))
    for value in range(low, high + 1):
        parts.append(_line(at(value), axis - 8, at(value), axis + 8, INK, 2.5))
        parts.append(_text(at(value), axis + 30, str(value), size=18, bold=True, anchor="middle"))
    for value, stack in stacks.items():
        for place, score in enumerate(stack):
            y = axis - 24 - place * rise
            # A name may run on until the next dot of its own row.
            beside = min((other for other in stacks if other > value and len(stacks[other]) > place), default=None)
            room = (at(beside) - at(value) if beside is not None else width - at(value)) - 30
            parts.append(_dot(at(value), y, 9, family=score.family, name=score.name))
            parts.append(_text(at(value) + 16, y + 5, short_name(score.name, room)))
    if scores:
        parts += _wide_range(at, min(stacks), max(stacks), axis + 58, width)
    for lines, x, anchor in ((end_lines[0], left - 14, "start"), (end_lines[1], at(high) + 14, "end")):
        for row, line in enumerate(lines):
            parts.append(_text(x, axis + 96 + row * 20, line, size=15, bold=True, anchor=anchor))
    return _svg(width, height, label, parts)


def _wide_range(at, least: int, most: int, y: float, width: float) -> list[str]:  # type: ignore[no-untyped-def]
    said = _range_words(least, most)
    if least == most:
        near_end = at(least) > width - 220
        return [_text(at(least), y + 5, said, size=15, bold=True, colour=LATE, anchor="end" if near_end else "middle")]
    start, end = at(least), at(most)
    half = text_width(said, 15) / 2 + 14
    middle = (start + end) / 2
    caps = [_line(start, y - 7, start, y + 7, RED, 3), _line(end, y - 7, end, y + 7, RED, 3)]
    if end - start > 2 * half + 20:
        return [
            *caps,
            _line(start, y, middle - half, y, RED, 4),
            _line(middle + half, y, end, y, RED, 4),
            _text(middle, y + 5, said, size=15, bold=True, colour=LATE, anchor="middle"),
        ]
    parts: list[str] = [*caps, _line(start, y, end, y, RED, 4)]
    if end + 14 + 2 * half < width:
        parts.append(_text(end + 14, y + 5, said, size=15, bold=True, colour=LATE))
    else:
        parts.append(_text(start - 14, y + 5, said, size=15, bold=True, colour=LATE, anchor="end"))
    return parts


def _narrow_scale(
    scores: Sequence[Score], label: str, low_words: str, high_words: str, low: int, high: int, shade_to: int | None
) -> SafeString:
    width, names_at, line_height = 358.0, 62.0, 28.0
    stacks = _stacks(scores)
    parts: list[str] = []
    tops: dict[int, float] = {}
    y = 6.0
    for row in _wrap(f"{high}: {high_words}" if high_words else str(high), width - 10, 15):
        y += 20
        parts.append(_text(4, y, row, size=15, bold=True))
    y += 12
    body: list[str] = []
    for value in range(high, low - 1, -1):
        x = names_at
        row_top = y
        tops[value] = row_top
        for score in stacks.get(value, []):
            name = short_name(score.name, 170)
            needed = 24 + text_width(name, 14) + 12
            if x > names_at and x + needed > width:
                x = names_at
                y += line_height
            body.append(_dot(x + 8, y + line_height / 2, 7, family=score.family, name=score.name))
            body.append(_text(x + 22, y + line_height / 2 + 5, name))
            x += needed
        y += line_height
        body.append(_text(18, row_top + line_height / 2 + 6, str(value), size=16, bold=True, anchor="middle"))
        body.append(_line(34, row_top, width, row_top, GRID))
    body.append(_line(34, y, width, y, GRID))
    if shade_to is not None and shade_to in tops:
        parts.append(_rect(0, tops[shade_to], width, y - tops[shade_to], SHADE))
    parts += body
    if scores and min(stacks) != max(stacks):
        start, end = tops[max(stacks)] + line_height / 2, tops[min(stacks)] + line_height / 2
        parts += [_line(44, start, 44, end, RED, 4), _line(38, start, 50, start, RED, 3), _line(38, end, 50, end, RED, 3)]
    y += 4
    for row in _wrap(f"{low}: {low_words}" if low_words else str(low), width - 10, 15):
        y += 20
        parts.append(_text(4, y, row, size=15, bold=True))
    return _svg(width, y + 8, label, parts)


def _compact_scale(scores: Sequence[Score], label: str, low: int, high: int) -> SafeString:
    width, left = 230.0, 12.0
    step = (width - 2 * left) / (high - low)
    stacks = _stacks(scores)
    tallest = max((min(len(stack), 8) for stack in stacks.values()), default=1)
    axis = 8 + tallest * 9
    parts: list[str] = [_line(left - 6, axis, width - left + 6, axis, INK, 1.5)]
    for value in range(low, high + 1):
        x = left + (value - low) * step
        parts.append(_line(x, axis - 3, x, axis + 3))
        for place, score in enumerate(stacks.get(value, [])[:8]):
            parts.append(_dot(x, axis - 7 - place * 9, 3.6, family=score.family))
    for value in {low, high, *stacks}:
        parts.append(_text(left + (value - low) * step, axis + 18, str(value), size=14, bold=value in stacks, anchor="middle"))
    return _svg(width, axis + 24, label, parts)


def score_history(
    rounds: Sequence[tuple[str, Sequence[int]]],
    *,
    title: str,
    low: int = 0,
    high: int = 10,
    shade_to: int | None = None,
) -> SafeString:
    """How one child's scores moved: a column of dots for each (label, numbers), the range behind, the latest darker."""
    width, left, bottom, unit = 358.0, 34.0, 190.0, 16.0
    column = (width - left - 8) / max(len(rounds), 1)

    def up(value: float) -> float:
        return bottom - (value - low) * unit

    parts: list[str] = []
    if shade_to is not None:
        parts.append(_rect(left, up(shade_to + 0.5), width - left, up(low) - up(shade_to + 0.5), SHADE))
    for value in range(low, high + 1, 2):
        parts += [_line(left, up(value), width, up(value), GRID), _text(left - 9, up(value) + 5, str(value), colour=SECOND, anchor="end")]
    said = []
    for place, (when, numbers) in enumerate(rounds):
        x = left + column * (place + 0.5)
        latest = place == len(rounds) - 1
        parts.append(_text(x, bottom + 22, _cut(when, column, 14), bold=latest, anchor="middle"))
        if not numbers:
            continue
        least, most = min(numbers), max(numbers)
        parts.append(_rect(x - 5, up(most), 10, up(least) - up(most), "#8fb0b5" if latest else "#c9dadd"))
        for value in sorted(set(numbers)):
            many = list(numbers).count(value)
            spread = min(11.0, (column - 12) / max(many, 1))
            for one in range(many):
                parts.append(_dot(x + (one - (many - 1) / 2) * spread, up(value), 4.5, family=False, colour=TEAL if latest else QUIET))
        parts.append(_text(x, up(most) - 11, f"{least} to {most}", bold=True, anchor="middle"))
        said.append(f"{when}: {least} to {most}")
    return _svg(width, bottom + 32, f"{title}. {'; '.join(said) or 'No scores yet'}.", parts)


def majority_blocks(agree: int, total: int) -> SafeString:
    """As many blocks as people, full for those who agree. Says nothing about what binds."""
    size, gap = 40.0, 6.0
    parts = [
        _rect(place * (size + gap) + 1, 1, size - 2, 24, TEAL if place < agree else "#fff", TEAL, 2)
        for place in range(total)
    ]
    return _svg(max(total * (size + gap) - gap, 1), 26, f"{agree} of {total}", parts)


# ---------------------------------------------------------------- working days


def fifteen_cells(day: int, booked_day: int | None = None, total: int = 15) -> SafeString:
    """The working days of a limit as cells: those gone are full, the booked one carries a diamond.

    ``day`` is today's working-day number (0 on the day it starts); past ``total`` the bar is striped red.
    """
    late = day > total
    pitch = 15.6
    width = total * pitch + 2
    parts: list[str] = []
    for number in range(1, total + 1):
        x = 1 + (number - 1) * pitch
        if late:
            parts += [_rect(x, 6, pitch - 2, 12, "#fcf0f0", RED), _stripes(x, 6, pitch - 2, 12, RED, 4)]
        elif number <= day:
            parts.append(_rect(x, 6, pitch - 2, 12, TEAL, TEAL))
        else:
            parts.append(_rect(x, 6, pitch - 2, 12, "#fff", GREY))
    if booked_day is not None:
        x = 1 + (min(max(booked_day, 1), total) - 1) * pitch + (pitch - 2) / 2
        parts.append(
            format_html(
                '<path d="M{} 1L{} 12L{} 23L{} 12Z" fill="#fff" stroke="{}" stroke-width="2"/>',
                _n(x), _n(x + 8), _n(x), _n(x - 8), LATE if booked_day > total else INK,
            )  # fmt: skip
        )
    label = f"Working day {day} of {total}" + (f", {day - total} late" if late else "")
    if booked_day is not None:
        label += f", conference on day {booked_day}"
    return _svg(width, 24, label, parts)


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_count_sentence(days: Sequence[CountedDay]) -> str:
    """The calendar in words: how many days were counted, and which were skipped and why."""
    if not days:
        return "No days were counted."
    numbers = [day.number for day in days if day.number]
    last = next((day for day in days if day.last), None)
    today = days[0].day
    text = f"{words.count(max(numbers, default=0), 'day')} counted"
    if last:
        text += f", the last on {words.long_date(last.day)}"
    skipped = [day for day in days if day.number is None and day.reason]
    by_reason: dict[str, list[str]] = {}
    for day in skipped:
        by_reason.setdefault(day.reason, []).append(words.short_date(day.day, today=today))
    if by_reason:
        text += ". Not counted: " + "; ".join(f"{words.listed(dates)} ({reason})" for reason, dates in by_reason.items())
    return f"{text}.".replace(words.NO_BREAK, " ")


def day_count_calendar(days: Sequence[CountedDay], *, title: str = "How it was counted", narrow: bool = True) -> SafeString:
    """Whole weeks from Monday, each counted day with its number, each skipped one striped with its reason."""
    label = f"{title}: {day_count_sentence(days)}"
    wide = _calendar(days, label, 782.0, 86.0, small=False)
    if not narrow:
        return format_html('<figure class="cp-figure cp-calendar">{}</figure>', wide)
    return format_html(
        '<figure class="cp-figure cp-calendar"><div class="cp-figure__wide">{}</div>'
        '<div class="cp-figure__narrow">{}</div></figure>',
        wide,
        _calendar(days, label, 358.0, 62.0, small=True),
    )


def _calendar(days: Sequence[CountedDay], label: str, width: float, row: float, *, small: bool) -> SafeString:
    if not days:
        return _svg(width, 10, label, [])
    known = {day.day: day for day in days}
    first = min(known) - datetime.timedelta(days=min(known).weekday())
    last = max(known) + datetime.timedelta(days=6 - max(known).weekday())
    gap = 2.0 if small else 4.0
    cell = (width - 6 * gap) / 7
    head = 26.0
    parts: list[str] = [
        _text(place * (cell + gap) + 3, 17, name, size=14 if small else 15, bold=True, colour=SECOND)
        for place, name in enumerate(_WEEKDAYS)
    ]
    weeks = ((last - first).days + 1) // 7
    ending: list[str] = []
    for offset in range(weeks * 7):
        day = first + datetime.timedelta(days=offset)
        x, y = (offset % 7) * (cell + gap), head + (offset // 7) * (row + gap)
        drawn = _calendar_day(known.get(day), day, x, y, cell, row, small=small, with_month=offset == 0 or day.day == 1)
        # Frames stand over their neighbours, hence last.
        (ending if known.get(day) and (known[day].last or known[day].booked) else parts).extend(drawn)
    return _svg(width, head + weeks * (row + gap), label, [*parts, *ending])


def _calendar_day(
    known: CountedDay | None,
    day: datetime.date,
    x: float,
    y: float,
    cell: float,
    row: float,
    *,
    small: bool,
    with_month: bool,
) -> list[str]:
    size = 14.0 if small else 15.0
    date = f"{day.day} {words.MONTHS[day.month - 1][:3]}" if with_month else str(day.day)
    if known is None:
        return [_rect(x + 0.5, y + 0.5, cell - 1, row - 1, "#fbfcfc", GRID), _text(x + 5, y + 20, date, size=size, colour="#6b757b")]
    parts: list[str] = []
    if known.number is None and known.reason:
        parts += [_rect(x + 0.5, y + 0.5, cell - 1, row - 1, SKIPPED, GRID), _stripes(x, y, cell, row)]
        parts.append(_haloed_on(x + 5, y + 20, date, size))
    else:
        edge, thick = (RED, 3.0) if known.last else (INK, 3.0) if known.booked else ("#c9ced1", 1.0)
        inset = thick / 2
        parts.append(_rect(x + inset, y + inset, cell - thick, row - thick, "#fff", edge, thick))
        parts.append(_text(x + 7, y + 20, date, size=size, colour=SECOND))
    number_x, number_y = (x + cell / 2, y + 42) if small else (x + cell - 21, y + 21)
    if known.number is not None:
        parts += _numbered(number_x, number_y, known)
    elif known.other_number is not None:
        parts += _hollow(number_x, number_y, known.other_number)
    said = known.mark or known.reason
    if said and not small:
        lines = _wrap(said, cell - 12, 14, most=2)
        for place, line in enumerate(lines):
            colour = LATE if known.last else INK if known.booked else SECOND
            draw = _haloed_on if known.number is None and known.reason else _plain_text
            parts.append(draw(x + 7, y + row - 12 - (len(lines) - 1 - place) * 18, line, 14, colour, known.last or known.booked))
    return parts


def _plain_text(x: float, y: float, text: str, size: float, colour: str = SECOND, bold: bool = False) -> SafeString:
    return _text(x, y, text, size=size, colour=colour, bold=bold)


def _haloed_on(x: float, y: float, text: str, size: float, colour: str = SECOND, bold: bool = False) -> SafeString:
    """Words over stripes, with an edge in the colour of the ground."""
    edge = format_html(
        '<text x="{}" y="{}" font-size="{}" fill="{}" stroke="{}" stroke-width="6" stroke-linejoin="round"'
        ' aria-hidden="true">{}</text>',
        _n(x), _n(y), _n(size), SKIPPED, SKIPPED, text,
    )  # fmt: skip
    return _join((edge, _text(x, y, text, size=size, colour=colour, bold=bold)))


def _numbered(x: float, y: float, known: CountedDay) -> list[str]:
    number = known.number or 0
    if number == 0:
        ring = format_html('<circle cx="{}" cy="{}" r="13.5" fill="#fff" stroke="{}" stroke-width="3"/>', _n(x), _n(y), TEAL)
        return [ring, _text(x, y + 5, "0", bold=True, anchor="middle")]
    ground = format_html('<circle cx="{}" cy="{}" r="15" fill="{}"/>', _n(x), _n(y), RED if known.last else TEAL)
    return [ground, _text(x, y + 5, str(number), bold=True, colour="#fff", anchor="middle")]


def _hollow(x: float, y: float, number: int) -> list[str]:
    ring = format_html('<circle cx="{}" cy="{}" r="15" fill="#fff" stroke="{}" stroke-width="1.2"/>', _n(x), _n(y), SECOND)
    return [ring, _text(x, y + 5, f"({number})", colour=SECOND, anchor="middle")]


def figure_with_words(picture: SafeString, sentence: str) -> SafeString:
    """A picture and, for everybody, the sentence that says the same."""
    return format_html("{}<p class=\"cp-second\">{}</p>", picture, conditional_escape(sentence))
