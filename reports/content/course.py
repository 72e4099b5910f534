"""How a meeting went, in a document's content: what was read out, breaks, and where it was broken off."""

from __future__ import annotations

from collections.abc import Iterable

from conferences.enums import SittingState
from conferences.models import Conference, Sitting
from govuk import words
from meetings.models import Break, StatementRead
from reports.content.shared import Json, iso


def statements_of(conference: Conference) -> list[Json]:
    """Return the council's statements that were read out, part by part, in the words of that day."""
    rows = StatementRead.objects.filter(part__sitting__conference=conference)
    rows = rows.exclude(part__sitting__state=SittingState.CANCELLED)
    return [
        {"id": row.pk, "part": row.part_id, "title": row.get_statement_display(), "words": list(row.words)}
        for row in rows.order_by("part__sitting__number", "part__number", "read_at", "pk")
    ]


def breaks_of(conference: Conference) -> list[Json]:
    """Return the breaks that ended; one that lasted to the end was the end."""
    rows = Break.objects.filter(sitting__conference=conference, ended_at__isnull=False)
    rows = rows.exclude(sitting__state=SittingState.CANCELLED)
    return [
        {"id": row.pk, "began": iso(row.began_at), "ended": iso(row.ended_at), "reason": row.reason}
        for row in rows.order_by("began_at", "pk")
    ]


def broken_off(sittings: Iterable[Sitting]) -> list[Json]:
    """Return the sittings that ended before everything was decided, each with the day on which it went on."""
    rows = list(sittings)
    found = []
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if row.state in {SittingState.ADJOURNED, SittingState.INQUORATE}:
            found.append(
                {
                    "id": row.pk,
                    "day": words.long_date(row.day),
                    "too_few": row.state == SittingState.INQUORATE,
                    "reason": row.state_reason,
                    "went_on": words.long_date(after.day) if after else "",
                }
            )
    return found
