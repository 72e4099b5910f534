"""When and where one participant is expected, revealing no one else's time and place."""

from __future__ import annotations

import datetime

from conferences.enums import FAMILY_CAPACITIES, Capacity, HowToAttend
from conferences.models import Conference, Participant, Sitting
from conferences.selectors.online import comes_on_screen, online_place

# What the calendar shows for a person who attends only a part: the end of the whole meeting would tell them when the
# others are there.
SHOWN_FOR_A_PART = datetime.timedelta(hours=1)
OWN_PART = frozenset({HowToAttend.PART, HowToAttend.SEPARATE_TIME, HowToAttend.SEPARATE_PLACE})


def own_arrival(participant: Participant, sitting: Sitting) -> datetime.datetime:
    """Return when this participant is expected: their own time, else that of the family or the professionals."""
    return participant.arrives_at or usual_arrival(participant, sitting)


def usual_arrival(participant: Participant, sitting: Sitting) -> datetime.datetime:
    """Return when people of this kind arrive: the family and those with them, or the professionals."""
    if participant.capacity in FAMILY_CAPACITIES | {Capacity.SUPPORTER, Capacity.ADVOCATE}:
        return sitting.family_arrives_at
    return sitting.professionals_arrive_at


def own_times(participant: Participant, sitting: Sitting) -> tuple[datetime.datetime, datetime.datetime]:
    """Return the times for the recipient's calendar; those attending a part are not told the others' times.

    Whoever is planned for some parts only is shown the end of their own last one.
    """
    arrival = own_arrival(participant, sitting)
    if participant.leaves_at is not None and participant.leaves_at > arrival:
        return arrival, participant.leaves_at
    if participant.how in OWN_PART or arrival >= sitting.booked_until:
        return arrival, arrival + SHOWN_FOR_A_PART
    return arrival, sitting.booked_until


def own_place(participant: Participant, conference: Conference, sitting: Sitting, link: str | None = None) -> str:
    """Return where the recipient goes: the link only where they may have it now.

    A person in a separate place is not told the others' room. ``link`` as in ``online_place``.
    """
    if participant.how == HowToAttend.SEPARATE_PLACE:
        return "We will tell you where"
    if comes_on_screen(participant, conference):
        return online_place(participant, conference, link)
    if sitting.room is None:
        return "We will tell you where"
    return ", ".join([sitting.room.name, *sitting.room.address.splitlines()])
