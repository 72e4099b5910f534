"""Who will be in the room and who on the screen, in the order in which they arrive."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from conferences.enums import DeputyState, HowToAttend, ParticipantStatus, Reply
from conferences.models import Conference, ConferenceChild, Deputy, Participant, Sitting
from conferences.selectors.arrivals import OWN_PART
from conferences.selectors.online import CONFIRMED, RUNS_IT, comes_on_screen, knows_link, may_have_link
from conferences.selectors.people import PersonRow, person_rows

NOT_THERE = (Reply.NOT_COMING, Reply.REPORT_ONLY)


@dataclass(frozen=True)
class Seat:
    """One person with the place they take. ``has_link`` and ``knows_link`` are of the link for those online."""

    row: PersonRow
    on_screen: bool
    is_confirmed: bool
    has_link: bool = False
    knows_link: bool = False

    @property
    def participant(self) -> Participant:
        return self.row.participant


@dataclass(frozen=True)
class Slot:
    """Those who arrive at one time for the same: the whole meeting, or a part of their own (``how``)."""

    arrives_at: datetime.datetime
    how: str
    in_room: list[Seat] = field(default_factory=list)
    on_screen: list[Seat] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return self.how == ""


@dataclass(frozen=True)
class Seating:
    """``slots`` hold everyone who is asked and has not said no, the whole meeting first."""

    slots: list[Slot]
    not_coming: list[Seat]
    waiting: list[Seat]
    not_invited: list[Seat]
    not_to_use_link: list[Seat]

    @property
    def in_room(self) -> int:
        return sum(seat.is_confirmed for slot in self.slots for seat in slot.in_room)

    @property
    def on_screen(self) -> int:
        return sum(seat.is_confirmed for slot in self.slots for seat in slot.on_screen)

    @property
    def unanswered(self) -> int:
        return sum(not seat.is_confirmed for slot in self.slots for seat in (*slot.in_room, *slot.on_screen))


def seating_of(
    conference: Conference,
    participants: Sequence[Participant],
    *,
    children: Sequence[ConferenceChild],
    sitting: Sitting | None,
    on: datetime.date,
) -> Seating:
    """Return where everyone on the list will be, and who knows the link without being one of those who may have it.

    Whoever runs the meeting counts as coming. Someone with a confirmed deputy is not listed: the deputy is. A fixed
    number of queries.
    """
    replaced = set(
        Deputy.objects.filter(participant__conference=conference, state=DeputyState.CONFIRMED).values_list(
            "participant_id", flat=True
        )
    )
    allowed, known = may_have_link(conference, participants), knows_link(conference)
    rows = person_rows(participants, children=children, sitting=sitting, on=on)
    seats = [
        Seat(
            row=row,
            on_screen=comes_on_screen(row.participant, conference),
            is_confirmed=row.participant.capacity in RUNS_IT or row.participant.reply in (*CONFIRMED, Reply.DEPUTY),
            has_link=row.participant.pk in allowed,
            knows_link=row.participant.pk in known,
        )
        for row in rows
    ]
    there = [
        seat for seat in seats if _status(seat) == ParticipantStatus.INVITED and seat.participant.pk not in replaced
    ]
    coming = [seat for seat in there if seat.participant.reply not in NOT_THERE]
    return Seating(
        slots=_slots(coming),
        not_coming=[seat for seat in there if seat.participant.reply in NOT_THERE],
        waiting=[seat for seat in seats if _status(seat) == ParticipantStatus.AWAITING_CHAIR],
        not_invited=[
            seat for seat in seats if _status(seat) in (ParticipantStatus.TO_INVITE, ParticipantStatus.PROPOSED)
        ],
        not_to_use_link=[seat for seat in seats if seat.knows_link and not seat.has_link],
    )


def _status(seat: Seat) -> str:
    return str(seat.participant.status)


def _slots(seats: Iterable[Seat]) -> list[Slot]:
    found: dict[tuple[bool, datetime.datetime, str], Slot] = {}
    for seat in seats:
        arrives_at = seat.row.arrives_at
        if arrives_at is None:
            continue
        own = seat.participant.how in OWN_PART
        how = HowToAttend(seat.participant.how).label if own else ""
        slot = found.setdefault((own, arrives_at, how), Slot(arrives_at=arrives_at, how=how))
        (slot.on_screen if seat.on_screen else slot.in_room).append(seat)
    return [found[key] for key in sorted(found)]
