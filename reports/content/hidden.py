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
from families.selectors import AroundChildren, hidden_whereabouts
from reports.content.shared import Json


def hidden_from(
    participants: list[Participant], children: list[Child], *, on: datetime.date
) -> dict[str, Json]:
    """By participant: agencies, people and words that their copy must not show."""
    around = AroundChildren(children)
    if not around.marked:
        return {}
    hidden = {row: around.hidden_from([row.person], on=on) for row in participants}
    surnames = _surnames(frozenset().union(*(one.person_ids for one in hidden.values())))
    return {
        str(row.pk): {
            "agencies": sorted(one.agency_ids),
            "persons": sorted(others := one.person_ids - {row.person_id}),
            "words": sorted(one.words | _forms_of_address(surnames[pk] for pk in others if pk in surnames)),
        }
        for row, one in hidden.items()
        if one
    }


def hidden_words_now(participant: Participant, *, today: datetime.date) -> frozenset[str]:
    """The words that must not reach one participant as it is recorded today."""
    children = [row.child for row in children_in(participant.conference)]
    hidden = hidden_whereabouts(recipients=[participant.person], children=children, on=today)
    return hidden.words | _forms_of_address(_surnames(hidden.person_ids - {participant.person_id}).values())


def _surnames(person_ids: Iterable[int]) -> dict[int, str]:
    """The family names of people who have one, by their ids."""
    named = Person.objects.filter(pk__in=person_ids).exclude(family_name="")
    return dict(named.values_list("pk", "family_name"))


def _forms_of_address(surnames: Iterable[str]) -> frozenset[str]:
    """Such as "Mrs Heron", for each person who works at a hidden place."""
    return frozenset(f"{title} {surname}" for surname in surnames for title in TITLES)
