"""What must not reach each participant, when frozen and as recorded today."""

from __future__ import annotations

import datetime

from conferences.models import Participant
from conferences.selectors.children import children_around
from entitlement import Concealed, concealed_from, concealed_from_each
from families.models import Child
from reports.content.shared import Json


def hidden_from(
    participants: list[Participant], children: list[Child], *, council: str, on: datetime.date
) -> dict[str, Json]:
    """Return by participant the agencies, people and words that their copy must not show."""
    concealed = concealed_from_each([row.person for row in participants], children, council=council, on=on)
    return {
        str(row.pk): {
            "agencies": sorted(hidden.agencies),
            "persons": sorted(hidden.persons - {row.person_id}),
            "words": sorted(hidden.words),
        }
        for row in participants
        if (hidden := concealed.get(row.person_id))
    }


def concealed_now(participant: Participant, *, today: datetime.date) -> Concealed:
    """Return what must not reach one participant, as recorded today."""
    conference = participant.conference
    return concealed_from(
        [participant.person], children_around(conference), council=conference.authority.name, on=today
    )
