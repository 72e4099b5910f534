"""One square for each thing to do."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from charts.marks import INK, LATE_GROUND, RED, SECOND, draw_box, draw_stripes, draw_text, joined, svg
from govuk import words

SQUARE_LIMIT = 30


def squares(*, late: int, today: int, soon: int, later: int) -> SafeString:
    """Draw one square for each thing to do: late striped red, today black, in the next days blue, later hollow."""
    kinds = (("late", late), ("today", today), ("in the next days", soon), ("later", later))
    total = late + today + soon + later
    label = words.listed([f"{number} {what}" for what, number in kinds if number]) or "nothing to do"
    shown = SQUARE_LIMIT
    parts: list[str] = []
    x = 0.0
    for what, number in kinds:
        for _ in range(min(number, shown)):
            parts.append(_square(x, what))
            x += 16
            shown -= 1
        if number and shown:
            x += 5
    if total > SQUARE_LIMIT:
        parts.append(draw_text(x + 2, 13, f"+ {total - SQUARE_LIMIT}"))
        x += 48
    return svg(max(x, 16), 16, label, parts)


def square_key() -> SafeString:
    """Return the key to the squares."""
    entries = (("late", "late"), ("today", "today"), ("in the next days", "next five working days"), ("later", "later"))
    return format_html(
        '<ul class="cp-key">{}</ul>',
        joined(
            format_html(
                '<li><svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">{}</svg> {}</li>',
                _square(0, what),
                said,
            )
            for what, said in entries
        ),
    )


def _square(x: float, what: str) -> SafeString:
    if what == "late":
        ground, stripes = draw_box(x + 1, 2, 12, 12, LATE_GROUND), draw_stripes(x + 1, 2, 12, 12, RED, gap=5)
        return joined((ground, stripes, draw_box(x + 1, 2, 12, 12, "none", edge=RED, edge_width=1.6)))
    if what == "later":
        return draw_box(x + 1.5, 2.5, 11, 11, "#fff", edge=SECOND, edge_width=1.2)
    return draw_box(x + 1, 2, 12, 12, INK if what == "today" else "#1d70b8")
