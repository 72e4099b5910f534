"""To which invited children an advocate is still to be offered, by the council's procedures."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from conferences.enums import Capacity, ParticipantStatus
from conferences.models import Participant
from deadlines.policies import Policy

NOT_ASKED = frozenset({ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN})


def to_be_offered_an_advocate(
    participants: Iterable[Participant], policy: Policy, *, on: datetime.date
) -> list[Participant]:
    """Return the children asked to come who are old enough and for whom no advocate is on the list.

    An advocate who is not said to come with anyone is there for all of them. A child whose age is not known counts as
    old enough.
    """
    asked = [row for row in participants if row.status not in NOT_ASKED]
    helped = {row.acts_for_id for row in asked if row.capacity == Capacity.ADVOCATE}
    if None in helped:
        return []
    found = [row for row in asked if row.capacity == Capacity.CHILD and row.pk not in helped]
    return [row for row in found if policy.offers_an_advocate(row.person.age(on))]
