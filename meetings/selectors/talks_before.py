"""The chair's talks with the family before a sitting: with whom, when, and how far each has come."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conferences.enums import FAMILY_CAPACITIES, ParticipantStatus
from conferences.models import Conference, Participant, Sitting
from conferences.selectors.arrivals import own_arrival
from conferences.selectors.procedures import policy_of_conference
from meetings.enums import TalkAnswered, TalkHow, TalkItem
from meetings.models import TalkBefore, TalkPoint
from meetings.selectors.attendance import sitting_of

ON_THE_LIST = (
    ParticipantStatus.TO_INVITE, ParticipantStatus.INVITED, ParticipantStatus.AWAITING_CHAIR, ParticipantStatus.KEPT_OUT
)  # fmt: skip
SETTLED = (TalkAnswered.YES, TalkAnswered.DOES_NOT_APPLY)


@dataclass(frozen=True)
class TalkRow:
    """One member of the family with the talk before, if anything is recorded of it."""

    participant: Participant
    talk: TalkBefore | None
    proposed_at: datetime.datetime

    @property
    def points(self) -> dict[str, TalkPoint]:
        return {row.item: row for row in self.talk.points.all()} if self.talk else {}

    @property
    def planned_at(self) -> datetime.datetime:
        return (self.talk.planned_at if self.talk else None) or self.proposed_at

    @property
    def is_ready(self) -> bool:
        ready = self.points.get(TalkItem.READY)
        return ready is not None and ready.answer == TalkAnswered.YES

    @property
    def is_declined(self) -> bool:
        return self.talk is not None and self.talk.how == TalkHow.DECLINED

    @property
    def open_points(self) -> list[str]:
        """Return what is not settled yet, once the talk was held."""
        found = self.points
        return [item.label for item in TalkItem if item not in found or found[item].answer not in SETTLED]

    @property
    def state(self) -> str:
        if self.is_declined:
            return "Declined"
        if self.is_ready:
            return "Ready"
        if self.talk is not None and self.talk.held_at is not None:
            return "Talked"
        return "Planned" if self.talk is not None and self.talk.planned_at else "Not yet"

    @property
    def colour(self) -> str:
        return {"Ready": "green", "Talked": "blue", "Planned": "blue", "Declined": "grey"}.get(self.state, "yellow")


def proposed_time(participant: Participant, sitting: Sitting, conference: Conference) -> datetime.datetime:
    """Return when the family meets the chair by the procedures, or earlier where they themselves arrive earlier."""
    minutes = policy_of_conference(conference).value("family-arrives-before-minutes")
    usual = sitting.starts_at - datetime.timedelta(minutes=int(minutes))
    own = own_arrival(participant, sitting)
    return own if participant.arrives_at is not None or own < sitting.starts_at else usual


def talks_before(conference: Conference) -> list[TalkRow]:
    """Return each of the family on the list with their talk before the current sitting, in a fixed number of queries.

    Someone kept out is among them: they are still heard.
    """
    sitting = sitting_of(conference)
    if sitting is None:
        return []
    rows = conference.participants.filter(capacity__in=FAMILY_CAPACITIES, status__in=ON_THE_LIST)
    talks = {
        row.participant_id: row
        for row in TalkBefore.objects.filter(sitting=sitting).select_related("held_by").prefetch_related("points")
    }
    return [
        TalkRow(row, talks.get(row.pk), proposed_time(row, sitting, conference))
        for row in rows.select_related("person").order_by("pk")
    ]
