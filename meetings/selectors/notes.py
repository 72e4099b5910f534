"""Notes under the headings of a council's framework, a page at a time, and those that hold certain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from conferences.models.recorded import Noted
from deadlines.policies import Heading

# Notes of a heading on one page: a long meeting's board stays quick to show and to read.
NOTES_SHOWN = 20
SEARCHED = ("text", "evidence", "seen_differently", "speaker__person__given_name", "speaker__person__family_name")


@dataclass(frozen=True)
class Column:
    """The notes under one heading; ``earlier`` is the first of ``earlier_count`` that the page leaves to the next."""

    heading: Heading
    entries: list[Any]
    earlier: Any = None
    earlier_count: int = 0
    is_of_earlier: bool = False


def column(heading: Heading, found: list[Any], *, of: int, is_of_earlier: bool) -> Column:
    """Return one page of the ``of`` notes under a heading; ``found`` holds one more than fit where there are more."""
    earlier = found[NOTES_SHOWN] if len(found) > NOTES_SHOWN else None
    return Column(
        heading,
        found[:NOTES_SHOWN],
        earlier=earlier,
        earlier_count=of - NOTES_SHOWN if earlier else 0,
        is_of_earlier=is_of_earlier,
    )


def page_of(headings: Iterable[Heading], notes: Iterable[Noted], *, begin_with: int | None = None) -> list[Column]:
    """Return notes, given in the order in which they were written, as ``page_of_board`` does: the newest first."""
    by_heading: dict[str, list[Noted]] = {}
    for note in notes:
        by_heading.setdefault(note.heading, []).insert(0, note)
    found = []
    for heading in headings:
        rows = by_heading.get(heading.key, [])
        place = next((at for at, row in enumerate(rows) if row.pk == begin_with), 0)
        found.append(column(heading, rows[place:], of=len(rows) - place, is_of_earlier=place > 0))
    return found


def holds_words(term: str) -> Q:
    """Match notes that hold every word of ``term``, in what was said or in the name of who said it."""
    found = Q()
    for word in term.split():
        any_of = Q()
        for path in SEARCHED:
            any_of |= Q(**{f"{path}__icontains": word})
        found &= any_of
    return found


def says(note: Any, term: str) -> bool:
    """Return whether a note read already holds every word of ``term``, as ``holds_words`` asks the database."""
    person = note.speaker.person if note.speaker else None
    names = (person.given_name, person.family_name) if person else ()
    texts = " ".join((note.text, note.evidence, note.seen_differently, *names)).lower()
    return all(word in texts for word in term.lower().split())


def count_of(columns: Sequence[Column]) -> int:
    """Return how many notes the columns stand for, with those on later pages."""
    return sum(len(row.entries) + row.earlier_count for row in columns)
