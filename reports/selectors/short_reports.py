"""What a short report says, part by part."""

from __future__ import annotations

from collections.abc import Iterable

from reports.enums import ShortPart
from reports.models import Report, ShortPassage


def short_passages(report: Report) -> list[ShortPassage]:
    """Return the passages in force, in order."""
    return list(report.short_passages.filter(removed_at__isnull=True))


def in_parts(passages: Iterable[ShortPassage]) -> list[tuple[str, list[ShortPassage]]]:
    """Return the four parts with their passages, without empty ones."""
    rows = list(passages)
    found = [(part.label, [row for row in rows if row.part == part]) for part in ShortPart]
    return [(label, mine) for label, mine in found if mine]
