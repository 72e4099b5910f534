"""To whom the chair can release words of a form."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from conferences.enums import AdvocateReads, Capacity, ParticipantStatus, SittingState
from conferences.models import AdvocateAgreement, Conference, Part, Participant
from conferences.selectors.advocate_agreements import agreements_with

RUNS_THE_MEETING = (Capacity.CHAIR, Capacity.COORDINATOR)
GETS_NOTHING = (ParticipantStatus.WITHDRAWN, ParticipantStatus.LEFT_OUT)


def may_receive(participant: Participant) -> bool:
    """Return whether words can be released to someone on the list; those who run the meeting read what is released.

    To an advocate only where the person they speak for lets them read My Views.
    """
    if participant.capacity in RUNS_THE_MEETING or participant.status in GETS_NOTHING:
        return False
    return participant.capacity != Capacity.ADVOCATE or _lets_read(participant)


def _lets_read(advocate: Participant) -> bool:
    return agreements_with(advocate).filter(matter=AdvocateReads.MY_VIEWS).exists()


def recipients_of(conference: Conference) -> QuerySet[Participant]:
    """Return those on the list to whom words can be released: see ``may_receive``."""
    agreed = AdvocateAgreement.objects.filter(
        advocate=OuterRef("pk"), client=OuterRef("acts_for"), matter=AdvocateReads.MY_VIEWS, withdrawn_at__isnull=True
    )
    rows: QuerySet[Participant] = (
        conference.participants.exclude(capacity__in=RUNS_THE_MEETING)
        .exclude(status__in=GETS_NOTHING)
        .exclude(Q(capacity=Capacity.ADVOCATE) & ~Exists(agreed))
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
