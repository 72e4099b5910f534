"""To whom the chair can release words of a form."""

from __future__ import annotations

from django.db.models import QuerySet

from conferences.enums import Capacity, ParticipantStatus, SittingState
from conferences.models import Conference, Part, Participant

RUNS_THE_MEETING = (Capacity.CHAIR, Capacity.COORDINATOR)
GETS_NOTHING = (ParticipantStatus.WITHDRAWN, ParticipantStatus.LEFT_OUT)


def may_receive(participant: Participant) -> bool:
    """Return whether words can be released to someone on the list; those who run the meeting read what is released."""
    return participant.capacity not in RUNS_THE_MEETING and participant.status not in GETS_NOTHING


def recipients_of(conference: Conference) -> QuerySet[Participant]:
    """Return those on the list to whom words can be released."""
    rows: QuerySet[Participant] = (
        conference.participants.exclude(capacity__in=RUNS_THE_MEETING)
        .exclude(status__in=GETS_NOTHING)
        .select_related("person", "post", "agency")
        .order_by("pk")
    )
    return rows


def parts_of(conference: Conference) -> QuerySet[Part]:
    """Return the parts of the meeting, of sittings that were not cancelled."""
    rows: QuerySet[Part] = (
        Part.objects.filter(sitting__conference=conference, given_up_at__isnull=True)
        .exclude(sitting__state=SittingState.CANCELLED)
        .select_related("sitting")
        .order_by("sitting__number", "number", "pk")
    )
    return rows
