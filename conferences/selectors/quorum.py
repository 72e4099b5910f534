"""What a quorum is: one rule for those who are there on the day and, before it, for those who say that they come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conferences.enums import FAMILY_CAPACITIES, SUPPORTING_CAPACITIES, Capacity
from conferences.models import Conference, Participant, Sitting
from deadlines.policies import Quorum, policy_of
from families.enums import AgencyKind
from families.models import Agency, AgencyInvolvement
from families.selectors.agency_names import name_on_page
from govuk.words import count, listed

SOCIAL_CARE_CAPACITIES = frozenset({Capacity.SOCIAL_WORKER, Capacity.TEAM_MANAGER})
RUNS_THE_MEETING = frozenset({Capacity.CHAIR, Capacity.COORDINATOR})
FILLS_NO_SEAT = FAMILY_CAPACITIES | SUPPORTING_CAPACITIES | RUNS_THE_MEETING
SOCIAL_CARE = ""


@dataclass(frozen=True)
class QuorumCount:
    """Social care and the other agencies in direct contact with the children, one person for each."""

    social_care: bool
    agencies: tuple[Agency, ...]
    persons: int
    needed: int
    family_id: int
    social_care_needed: bool = True
    exceptionally: int | None = None

    @property
    def is_too_low(self) -> bool:
        """Return whether there are fewer even than those with whom the chair may exceptionally go on."""
        if self.exceptionally is None or self.is_met:
            return False
        return len(self.agencies) < self.exceptionally or (self.social_care_needed and not self.social_care)

    @property
    def is_met(self) -> bool:
        return (self.social_care or not self.social_care_needed) and len(self.agencies) >= self.needed

    @property
    def words(self) -> str:
        """Return the count as part of a sentence: "social care and 2 of 2 other agencies (GP, school)"."""
        names = f" ({listed([name_on_page(row, self.family_id) for row in self.agencies])})" if self.agencies else ""
        start = "Social care" if self.social_care else "No social care"
        return f"{start} and {len(self.agencies)} of {count(self.needed, 'other agency', 'other agencies')}{names}"


def agencies_in_contact(conference: Conference, sitting: Sitting | None) -> dict[int, set[int]]:
    """Return the agencies in direct contact with each child on the day of the sitting, by child of the conference."""
    rows = AgencyInvolvement.objects.filter(
        child__conferences__conference=conference, child__conferences__withdrawn_at__isnull=True, direct_contact=True
    )
    if sitting is not None:
        rows = rows.current(on=sitting.day)
    found: dict[int, set[int]] = {}
    for pk, agency_id in rows.values_list("child__conferences", "agency"):
        found.setdefault(pk, set()).add(agency_id)
    return found


def seat_of(agency: Agency, rule: Quorum) -> str:
    """Return the seat that an agency fills: one for each agency, or one for a grouping where the council groups."""
    return rule.group_of(agency.kind) or f"agency {agency.pk}"


def seat_for(participant: Participant, rule: Quorum, in_contact: set[int]) -> str | None:
    """Return the seat of the quorum that someone could fill; None for family, those with them, and who runs it."""
    if participant.capacity in FILLS_NO_SEAT:
        return None
    agency = participant.agency
    if participant.capacity in SOCIAL_CARE_CAPACITIES or (agency is not None and agency.kind == AgencyKind.SOCIAL_CARE):
        return SOCIAL_CARE
    return seat_of(agency, rule) if agency is not None and agency.pk in in_contact else None


def count_seats(conference: Conference, people: Iterable[Participant], *, in_contact: set[int]) -> QuorumCount:
    """Count the seats that these people fill, by the council's rule.

    Family and those who run the meeting fill none; a person with two posts fills one, and so do two people from one
    agency. Only agencies in direct contact (``in_contact``) count.
    """
    rule = policy_of(conference.policy_version_id).quorum
    working = [row for row in people if row.capacity not in FILLS_NO_SEAT]
    seats: dict[str, set[int]] = {}
    agencies: dict[str, Agency] = {}
    for row in working:
        seat = seat_for(row, rule, in_contact)
        if seat is None:
            continue
        seats.setdefault(seat, set()).add(row.person_id)
        if seat != SOCIAL_CARE and row.agency is not None:
            agencies.setdefault(seat, row.agency)
    filled = fill(seats)
    return QuorumCount(
        social_care=SOCIAL_CARE in filled,
        agencies=tuple(agencies[seat] for seat in seats if seat in filled and seat != SOCIAL_CARE),
        persons=len({row.person_id for row in working}),
        needed=rule.agencies,
        family_id=conference.family_id,
        social_care_needed=rule.social_care_needed,
        exceptionally=rule.exceptionally,
    )


def fill(seats: dict[str, set[int]]) -> dict[str, int]:
    """Assign people to as many seats as possible; social care is filled first and stays filled."""
    taken: dict[int, str] = {}

    def place(seat: str, tried: set[int]) -> bool:
        for person in sorted(seats[seat]):
            if person in tried:
                continue
            tried.add(person)
            holder = taken.get(person)
            if holder is None or place(holder, tried):
                taken[person] = seat
                return True
        return False

    for seat in sorted(seats):
        place(seat, set())
    return {seat: person for person, seat in taken.items()}
