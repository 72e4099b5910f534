"""The parts planned for a sitting before it is held, and who is in which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conferences.enums import FAMILY_CAPACITIES, ParticipantStatus
from conferences.models import Conference, Part, Participant, Sitting
from conferences.selectors.quorum import RUNS_THE_MEETING

# Who can be planned for a part: whoever is or may still be asked to come.
TO_PLAN = (
    ParticipantStatus.PROPOSED,
    ParticipantStatus.TO_INVITE,
    ParticipantStatus.INVITED,
    ParticipantStatus.AWAITING_CHAIR,
)
ONE_MEETING = 2


@dataclass(frozen=True)
class PlannedFor:
    """One person with the numbers of the parts that they are planned for; ``allowed`` where the chair decided which."""

    participant: Participant
    numbers: frozenset[int]
    allowed: frozenset[int] | None

    @property
    def is_family(self) -> bool:
        return self.participant.capacity in FAMILY_CAPACITIES


def planned_parts(sitting: Sitting | None) -> list[Part]:
    """Return the parts planned for a sitting, in order; none where it is one whole meeting."""
    if sitting is None:
        return []
    parts = list(sitting.standing_parts.filter(starts_at__isnull=False).order_by("number"))
    return parts if len(parts) >= ONE_MEETING else []


def planned_for(conference: Conference, parts: Iterable[Part]) -> list[PlannedFor]:
    """Return everyone who may come, each with their parts: all of them where none is named. Three queries."""
    number_of = {part.pk: part.number for part in parts}
    everything = frozenset(number_of.values())
    rows = conference.participants.filter(status__in=TO_PLAN).exclude(capacity__in=RUNS_THE_MEETING)
    found = []
    for row in rows.select_related("person", "post", "agency").prefetch_related("parts", "exclusion_requests__parts"):
        own = frozenset(number_of[part.pk] for part in row.parts.all() if part.pk in number_of)
        found.append(PlannedFor(row, own or everything, _allowed(row, number_of)))
    return sorted(found, key=lambda one: (not one.is_family, one.participant.pk))


def _allowed(participant: Participant, number_of: dict[int, int]) -> frozenset[int] | None:
    """Return the parts that the newest decision about someone lets them be in; None where it names none of these."""
    decided = [row for row in participant.exclusion_requests.all() if row.decided_at is not None]
    if not decided:
        return None
    newest = max(decided, key=lambda row: (row.decided_at, row.pk))
    named = frozenset(number_of[part.pk] for part in newest.parts.all() if part.pk in number_of)
    return named or None


def is_in_part(participant: Participant, part: Part) -> bool:
    """Return whether someone is planned for a part; ``participant.parts`` is read."""
    planned = [one.pk for one in participant.parts.all() if one.sitting_id == part.sitting_id]
    return not planned or part.pk in planned
