"""Words of My Views that the chair released to a part of the meeting, for the board of that part."""

from __future__ import annotations

from collections.abc import Iterable

from conferences.enums import FAMILY_CAPACITIES
from conferences.models import Conference, Part, Participant
from my_views.models import ReleasedPassage
from my_views.selectors.released import released_in


def released_for_board(conference: Conference, parts: Iterable[Part]) -> list[ReleasedPassage]:
    """Return what is released to one of these parts and is not on the board yet, in two queries."""
    rows = list(released_in(conference).filter(part__in=list(parts)))
    if not rows:
        return []
    noted = set(conference.board.filter(withdrawn_at__isnull=True).values_list("part_id", "text"))
    return [row for row in rows if (row.part_id, row.text) not in noted]


def speaker_of(passage: ReleasedPassage) -> Participant | None:
    """Return as whom the writer stands on the list; None for a child who was not invited."""
    form = passage.answer.hand_in.form
    rows = Participant.objects.filter(
        conference=form.conference_id, person=form.person_id, capacity__in=FAMILY_CAPACITIES
    )
    return rows.order_by("pk").first()
