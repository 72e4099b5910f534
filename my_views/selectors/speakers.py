"""Who of the family can say what they think before a conference, whether or not they come to it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conferences.enums import FAMILY_CAPACITIES, Capacity, ConferenceStatus, ParticipantStatus
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.children import children_listed
from conferences.selectors.understanding import band_of
from deadlines.policies import policy_of
from families.models import Person
from my_views.enums import Asked

# Taken off the list again, or there for what came afterwards.
NOT_ASKED = (ParticipantStatus.WITHDRAWN, ParticipantStatus.AFTERWARDS)
# The form can be handed in, changed and taken back until the meeting begins.
BEFORE_THE_MEETING = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED)


@dataclass(frozen=True)
class Speaker:
    """Someone of the family: ``participant`` as on the list, ``child`` where the conference is about them."""

    person: Person
    participant: Participant | None
    child: ConferenceChild | None

    @property
    def name(self) -> str:
        return self.person.full_name

    @property
    def role(self) -> str:
        if self.participant is not None:
            return str(self.participant.get_capacity_display())
        return "Child"

    @property
    def is_kept_out(self) -> bool:
        return self.participant is not None and self.participant.status in (
            ParticipantStatus.KEPT_OUT,
            ParticipantStatus.AWAITING_CHAIR,
        )


def speakers_of(conference: Conference) -> list[Speaker]:
    """Return everyone of the family who may say what they think: on the list, kept out, and every living child.

    Nobody who has died, whose record is sealed or was merged into another. A fixed number of queries.
    """
    rows = (
        Participant.objects.filter(conference=conference, capacity__in=FAMILY_CAPACITIES)
        .exclude(status__in=NOT_ASKED)
        .select_related("person")
        .order_by("pk")
    )
    children = {row.child.person_id: row for row in children_listed(conference)}
    found: dict[int, Speaker] = {}
    for row in rows:
        if row.person_id not in found and _speaks(row.person):
            found[row.person_id] = Speaker(row.person, row, children.get(row.person_id))
    for person_id, child in children.items():
        born = child.child.person.birth_date is not None
        if person_id not in found and born and _speaks(child.child.person):
            found[person_id] = Speaker(child.child.person, None, child)
    return list(found.values())


def speaker_of(conference: Conference, person_id: int) -> Speaker | None:
    """Return one person as ``speakers_of`` does; None where they can't say anything for this conference."""
    return next((row for row in speakers_of(conference) if row.person.pk == person_id), None)


def may_speak(participant: Participant) -> bool:
    """Return whether someone on the list is of the family, and can say what they think."""
    return (
        participant.capacity in FAMILY_CAPACITIES
        and participant.status not in NOT_ASKED
        and _speaks(participant.person)
    )


def _speaks(person: Person) -> bool:
    return person.death_date is None and person.sealed_at is None and person.merged_into_id is None


def form_proposed(person: Person, *, capacity: str, conference: Conference, on: datetime.date) -> str:
    """Return which of the council's forms suits the person: for a child by age, or as it was set for them."""
    if capacity != Capacity.CHILD:
        return Asked.ADULT
    row = next((one for one in children_listed(conference) if one.child.person_id == person.pk), None)
    if row is not None:
        row.conference = conference
        return band_of(row, on=on)
    return policy_of(conference.policy_version_id).my_views_of_child(person.age(on))


def is_before(conference: Conference) -> bool:
    """Return whether the meeting has not begun, so that a form can still be handed in, changed and taken back."""
    return conference.status in BEFORE_THE_MEETING
