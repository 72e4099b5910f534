"""The quorum of a meeting: for all its children together, and for one child at the moment that child is decided."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conferences.enums import FAMILY_CAPACITIES, SUPPORTING_CAPACITIES, Presence
from conferences.models import Attendance, Conference, ConferenceChild, Sitting
from deadlines.policies import Quorum, policy_of
from families.enums import AgencyKind
from families.models import Agency, AgencyInvolvement
from families.selectors.agency_names import name_on_page
from govuk.words import count, listed
from meetings.selectors.attendance import RUNS_THE_MEETING, SOCIAL_CARE_CAPACITIES, Attendee, attendees_of, sitting_of


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


def quorum_of(conference: Conference, *, at: datetime.datetime | None = None) -> QuorumCount:
    """Count the quorum of the current sitting for all its children together.

    A person with two posts fills one seat, two people from one agency fill one seat, and a person whom the chair
    removed fills none. With ``at``, those count who were there at that moment.
    """
    attendees = attendees_of(conference)
    there = [row for row in attendees if row.is_present] if at is None else those_there(attendees, at=at)
    in_contact = agencies_in_contact(conference, sitting_of(conference))
    return count_quorum(conference, there, in_contact=set().union(*in_contact.values()))


def quorum_for(
    child: ConferenceChild,
    *,
    attendees: Iterable[Attendee],
    in_contact: Mapping[int, set[int]],
    at: datetime.datetime | None,
) -> QuorumCount:
    """Count the quorum for one child at a moment: those there for this child, from agencies that know this child.

    ``in_contact`` gives, by child of the conference, the agencies in direct contact. ``at`` is None for a sitting
    recorded afterwards: then those count who stayed to the end.
    """
    there = [row for row in those_there(list(attendees), at=at) if row.concerns(child)]
    return count_quorum(child.conference, there, in_contact=in_contact.get(child.pk, set()))


def those_there(attendees: list[Attendee], *, at: datetime.datetime | None) -> list[Attendee]:
    """Return those in the part that was under way at a moment: the last one in which anyone had arrived.

    Those who had left or been removed by then are not there. Without a moment, those who stayed to the end of the
    last part.
    """
    seen = [
        row
        for attendee in attendees
        for row in attendee.attendances
        if row.presence in (Presence.PRESENT, Presence.REMOVED) and _had_come(row, at)
    ]
    if not seen:
        return []
    last = max(row.part.number for row in seen)
    there = [row for row in seen if row.part.number == last and not _had_left(row, at)]
    if at is None and not there:
        left = max((row.left_at for row in seen if row.part.number == last and row.left_at), default=None)
        there = [row for row in seen if row.part.number == last and row.left_at == left]
    there = [row for row in there if at is not None or row.presence == Presence.PRESENT]
    present = {row.participant_id for row in there}
    return [attendee for attendee in attendees if attendee.participant.pk in present]


def _had_come(row: Attendance, at: datetime.datetime | None) -> bool:
    return at is None or row.arrived_at is None or row.arrived_at <= at


def _had_left(row: Attendance, at: datetime.datetime | None) -> bool:
    return row.left_at is not None and (at is None or row.left_at <= at)


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


SOCIAL_CARE = ""


def count_quorum(conference: Conference, there: Iterable[Attendee], *, in_contact: set[int]) -> QuorumCount:
    """Count the seats that these people fill, by the council's rule; family and those who run the meeting fill none."""
    rule = policy_of(conference.policy_version_id).quorum
    working = [
        row.participant
        for row in there
        if row.participant.capacity not in FAMILY_CAPACITIES | SUPPORTING_CAPACITIES | RUNS_THE_MEETING
    ]
    seats: dict[str, set[int]] = {}
    agencies: dict[str, Agency] = {}
    for row in working:
        agency = row.agency
        if row.capacity in SOCIAL_CARE_CAPACITIES or (agency is not None and agency.kind == AgencyKind.SOCIAL_CARE):
            seats.setdefault(SOCIAL_CARE, set()).add(row.person_id)
        elif agency is not None and agency.pk in in_contact:
            seat = seat_of(agency, rule)
            seats.setdefault(seat, set()).add(row.person_id)
            agencies.setdefault(seat, agency)
    filled = _fill(seats)
    return QuorumCount(
        social_care=SOCIAL_CARE in filled,
        agencies=tuple(agencies[seat] for seat in seats if seat in filled and seat != SOCIAL_CARE),
        persons=len({row.person_id for row in working}),
        needed=rule.agencies,
        family_id=conference.family_id,
        social_care_needed=rule.social_care_needed,
        exceptionally=rule.exceptionally,
    )


def seat_of(agency: Agency, rule: Quorum) -> str:
    """Return the seat that an agency fills: one for each agency, or one for a grouping where the council groups."""
    return rule.group_of(agency.kind) or f"agency {agency.pk}"


def _fill(seats: dict[str, set[int]]) -> dict[str, int]:
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
