"""What must not reach whom, in the content and as it stands today."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from conferences.models import (
    Participant,
)
from conferences.selectors.children import children_in
from families.hidden_words import TITLES
from families.models import Child, Person
from families.selectors import (
    confidential_whereabouts,
    hidden_whereabouts,
)
from reports.content.shared import Json


def hidden_from(
    participants: list[Participant], children: list[Child], *, on: datetime.date
) -> dict[str, Json]:
    """By participant: agencies, people and words that their copy must not show."""
    if not confidential_whereabouts(children):
        return {}
    found: dict[str, Json] = {}
    for row in participants:
        hidden = hidden_whereabouts(recipients=[row.person], children=children, on=on)
        if hidden:
            found[str(row.pk)] = {
                "agencies": sorted(hidden.agency_ids),
                "persons": sorted(hidden.person_ids - {row.person_id}),
                "words": sorted(hidden.words | _forms_of_address(hidden.person_ids - {row.person_id})),
            }
    return found


def hidden_words_now(participant: Participant, *, today: datetime.date) -> frozenset[str]:
    """The words that must not reach one participant as it is recorded today."""
    children = [row.child for row in children_in(participant.conference)]
    hidden = hidden_whereabouts(recipients=[participant.person], children=children, on=today)
    return hidden.words | _forms_of_address(hidden.person_ids - {participant.person_id})


def _forms_of_address(person_ids: Iterable[int]) -> frozenset[str]:
    """Such as "Mrs Heron", for each person who works at a hidden place."""
    surnames = (
        Person.objects.filter(pk__in=person_ids).exclude(family_name="").values_list("family_name", flat=True)
    )
    return frozenset(f"{title} {surname}" for surname in surnames for title in TITLES)
