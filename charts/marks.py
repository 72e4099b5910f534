"""The marks figures consist of. Numbers are in units of about one pixel."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

INK = "#0b0c0c"
SECOND = "#484949"
TEAL = "#12464f"
QUIET = "#6b949b"
PURPLE = "#54319f"
RED = "#ca3535"
LATE = "#a52626"
LATE_GROUND = "#fcf0f0"
GREY = "#b8bec2"
GRID = "#dfe3e5"
SHADE = "#fdf3ee"
SHADE_WORDS = "#7a3c1c"
SKIPPED = "#f3f5f6"
STRIPE = "#cfd5d8"
FONTS = "system-ui, Segoe UI, Roboto, Noto Sans, Helvetica, Arial, sans-serif"


def joined(parts: Iterable[str]) -> SafeString:
    """Join drawn parts into one piece of markup."""
    return mark_safe("".join(parts))


def svg(width: float, height: float, label: str, parts: Iterable[str]) -> SafeString:
    """Return a whole picture; ``label`` is the text for screen readers."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="img"'
        ' aria-label="{}" font-family="{}" focusable="false">{}</svg>',
        units(width), units(height), units(width), units(height), label, FONTS, joined(parts),
    )  # fmt: skip


def units(number: float) -> str:
    """Return a number in its shortest form."""
    return f"{number:.1f}".rstrip("0").rstrip(".")


def draw_line(
    x1: float, y1: float, x2: float, y2: float, colour: str = INK, *, width: float = 1, dash: str = ""
) -> SafeString:
    """Draw a straight line."""
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>',
        units(x1), units(y1), units(x2), units(y2), colour, units(width),
        format_html(' stroke-dasharray="{}"', dash) if dash else "",
    )  # fmt: skip


def draw_box(
    x: float, y: float, width: float, height: float, fill: str, *, edge: str = "none", edge_width: float = 1
) -> SafeString:
    """Draw a rectangle."""
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="{}"/>',
        units(x), units(y), units(width), units(height), fill, edge, units(edge_width),
    )  # fmt: skip


def draw_text(
    x: float, y: float, text: str, *, size: float = 14, bold: bool = False, colour: str = INK, anchor: str = "start"
) -> SafeString:
    """Draw one line of text."""
    return format_html(
        '<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}" text-anchor="{}">{}</text>',
        units(x), units(y), units(size), "700" if bold else "400", colour, anchor, text,
    )  # fmt: skip


def draw_stripes(
    x: float, y: float, width: float, height: float, colour: str = STRIPE, *, gap: float = 7
) -> SafeString:
    """Draw lines at 45 degrees that end at the edges of the box."""
    steps = []
    offset = gap
    while offset < width + height:
        from_x, from_y = (offset, 0.0) if offset <= width else (width, offset - width)
        to_x, to_y = (0.0, offset) if offset <= height else (offset - height, height)
        steps.append(f"M{units(x + from_x)} {units(y + from_y)}L{units(x + to_x)} {units(y + to_y)}")
        offset += gap
    return format_html('<path d="{}" stroke="{}" stroke-width="1.2" fill="none"/>', "".join(steps), colour)


def draw_dot(x: float, y: float, radius: float, *, family: bool, name: str = "", colour: str = TEAL) -> SafeString:
    """Draw a person: a filled circle, or an outlined diamond for family; ``name`` shows on hovering."""
    title = format_html("<title>{}</title>", name) if name else ""
    if family:
        reach = radius * 1.15
        return format_html(
            '<path d="M{x} {up}L{right} {y}L{x} {down}L{left} {y}Z" fill="#fff"'
            ' stroke="{colour}" stroke-width="2.2">{title}</path>',
            x=units(x),
            y=units(y),
            up=units(y - reach),
            down=units(y + reach),
            left=units(x - reach),
            right=units(x + reach),
            colour=PURPLE,
            title=title,
        )
    return format_html(
        '<circle cx="{}" cy="{}" r="{}" fill="{}">{}</circle>', units(x), units(y), units(radius), colour, title
    )


def text_width(text: str, size: float) -> float:
    """Estimate how wide ``text`` is drawn, rather too much than too little."""
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


def cut_to(text: str, room: float, size: float) -> str:
    """Cut ``text`` to ``room`` with an ellipsis."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, room: float, size: float, most: int = 3) -> list[str]:
    """Wrap ``text`` to at most ``most`` lines that fit ``room``."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(cut_to(word, room, size))
    if len(lines) > most:
        lines = [*lines[: most - 1], cut_to(" ".join(lines[most - 1 :]), room, size)]
    return lines


def draw_text_on_stripes(
    x: float, y: float, text: str, *, size: float = 14, bold: bool = False, colour: str = SECOND
) -> SafeString:
    """Draw text over stripes, preceded by an outline in the background colour for renderers without paint-order."""
    edge = format_html(
        '<text x="{}" y="{}" font-size="{}" fill="{}" stroke="{}" stroke-width="6" stroke-linejoin="round"'
        ' aria-hidden="true">{}</text>',
        units(x), units(y), units(size), SKIPPED, SKIPPED, text,
    )  # fmt: skip
    return joined((edge, draw_text(x, y, text, size=size, colour=colour, bold=bold)))


def both_widths(draw: Callable[[bool], SafeString]) -> SafeString:
    """Return the same figure for a desktop and for a phone."""
    return format_html(
        '<figure class="cp-figure"><div class="cp-figure__wide">{}</div>'
        '<div class="cp-figure__narrow">{}</div></figure>',
        draw(False),
        draw(True),
    )
