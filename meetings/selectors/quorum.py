"""The quorum of a meeting: for all its children together, and for one child at the moment that child is decided."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from conferences.enums import Presence
from conferences.models import Attendance, Conference, ConferenceChild, Participant
from conferences.selectors.quorum import QuorumCount, agencies_in_contact, count_seats
from meetings.selectors.attendance import Attendee, attendees_of, sitting_of


def quorum_of(
    conference: Conference,
    *,
    at: datetime.datetime | None = None,
    attendees: Sequence[Attendee] | None = None,
    in_contact: Mapping[int, set[int]] | None = None,
) -> QuorumCount:
    """Count the quorum of the current sitting for all its children together.

    A person with two posts fills one seat, two people from one agency fill one seat. Whom the chair removed fills
    none, nor who waits in the lobby of an online meeting until somebody knows them. With ``at``, those count who were
    there at that moment. ``attendees`` and ``in_contact``, by child, are read where they are not known yet.
    """
    if attendees is None or in_contact is None:
        sitting = sitting_of(conference)
        attendees = attendees_of(conference, sitting=sitting)
        in_contact = agencies_in_contact(conference, sitting)
    there = [row for row in attendees if row.is_present] if at is None else those_there(list(attendees), at=at)
    return count_seats(conference, known(there), in_contact=set().union(*in_contact.values()))


def known(there: Iterable[Attendee]) -> list[Participant]:
    """Return those who count: in the room, or on a screen once somebody has said who they are."""
    return [row.participant for row in there if not row.is_in_lobby]


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
    return count_seats(child.conference, known(there), in_contact=in_contact.get(child.pk, set()))


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
