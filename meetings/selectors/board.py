"""The board of a meeting under the headings of the council's framework."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from conferences.models import Conference
from conferences.selectors.procedures import policy_of_conference
from deadlines.policies import Heading
from entitlement import Concealed, Excerpt, may_be_shown_to_all
from meetings.models import BoardEntry


@dataclass(frozen=True)
class Column:
    heading: Heading
    entries: list[BoardEntry]


def entries_of(conference: Conference) -> QuerySet[BoardEntry]:
    """Return the notes on the board, newest first, with everything needed to show them."""
    return (
        conference.board.filter(withdrawn_at__isnull=True)
        .select_related("speaker__person", "speaker__agency", "part", "created_by")
        .prefetch_related("children__child__person", "private_to")
        .order_by("-created_at", "-pk")
    )


def excerpt_of(entry: BoardEntry) -> Excerpt:
    """Return the parts of a note that decide who may read it."""
    return Excerpt(
        texts=(entry.text, entry.evidence, entry.seen_differently),
        children=frozenset(child.pk for child in entry.children.all()),
        private_to=frozenset(person.pk for person in entry.private_to.all()),
        part=entry.part_id,
    )


def board_of(
    conference: Conference,
    *,
    part_id: int | None = None,
    for_the_room: Concealed | None = None,
) -> list[Column]:
    """Return the board under the council's headings.

    With ``part_id``, return only what was said in that part or before the opening. With ``for_the_room``, which
    holds what is hidden from any one person in the room, leave out what not everyone there may see.
    """
    entries = entries_of(conference)
    if part_id is not None:
        entries = entries.filter(Q(part=part_id) | Q(part__isnull=True))
    by_heading: dict[str, list[BoardEntry]] = {}
    for entry in entries:
        if for_the_room is None or may_be_shown_to_all(excerpt_of(entry), for_the_room):
            by_heading.setdefault(entry.heading, []).append(entry)
    headings = policy_of_conference(conference).framework.headings
    return [Column(heading, by_heading.get(heading.key, [])) for heading in headings]
