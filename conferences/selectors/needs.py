"""What guests asked for, on this list or an earlier one of the family: it lasts over cancelling and booking again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from conferences.enums import Need
from conferences.models import Conference, Participant, SaidByGuest
from govuk import words


@dataclass(frozen=True)
class AskedFor:
    """What one person on the list needs, as they last said; ``elsewhere`` is the earlier conference they said it to."""

    participant: Participant
    said: SaidByGuest
    elsewhere: str

    @property
    def words(self) -> str:
        return words.listed([Need(need).label.lower() for need in self.said.needs if need != Need.APART])


def asked_for(conference: Conference, participants: Sequence[Participant]) -> list[AskedFor]:
    """Return what each of these people last asked for in the family's conferences, in the order of the list. One query.

    Not meeting someone is left out: that is with the chair, and lasts by itself (``kept_out_before``).
    """
    newest = {row.participant.person_id: row for row in _said(conference, {row.person_id for row in participants})}
    found = [
        AskedFor(row, said, said.participant.conference.reference if said.participant_id != row.pk else "")
        for row in participants
        if (said := newest.get(row.person_id))
    ]
    return [row for row in found if row.words]


def asked_elsewhere(participant: Participant) -> list[SaidByGuest]:
    """Return what a person asked for in earlier conferences of the family, newest first."""
    rows = _said(participant.conference, {participant.person_id})
    return list(rows.exclude(participant__conference=participant.conference_id).order_by("-said_at", "-pk"))


def _said(conference: Conference, persons: set[int]) -> QuerySet[SaidByGuest]:
    rows: QuerySet[SaidByGuest] = (
        SaidByGuest.objects.filter(
            participant__person__in=persons, participant__conference__family=conference.family_id
        )
        .exclude(needs=[])
        .select_related("participant__conference")
        .order_by("said_at", "pk")
    )
    return rows
