"""Who of the family may be told that someone will not be there, and what one reader is told."""

from __future__ import annotations

import datetime

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from conferences.enums import FAMILY_CAPACITIES, HowToAttend, ParticipantStatus
from conferences.models import AbsenceTold, ExclusionRequest, Participant
from conferences.selectors.family_home import concealed_for
from deadlines.working_days.arithmetic import civil_day

ON_THE_LIST = (ParticipantStatus.TO_INVITE, ParticipantStatus.INVITED)


def may_read_of(request: ExclusionRequest) -> QuerySet[Participant]:
    """Return the family on the list, other than the person whom the decision is about."""
    rows: QuerySet[Participant] = (
        Participant.objects.filter(
            conference=request.conference_id, capacity__in=FAMILY_CAPACITIES, status__in=ON_THE_LIST
        )
        .exclude(person=request.participant.person_id)
        .select_related("person")
        .order_by("pk")
    )
    return rows


def absences_for(reader: Participant, *, now: datetime.datetime) -> list[str]:
    """Return the chair's sentences that this reader may read now: of decisions that stand, with nothing hidden."""
    newest = ExclusionRequest.objects.filter(participant=OuterRef("request__participant"))
    later = newest.filter(decided_at__isnull=True)
    rows = (
        AbsenceTold.objects.annotate(
            stands=Subquery(newest.filter(decided_at__isnull=False).order_by("-decided_at", "-pk").values("pk")[:1])
        )
        .filter(~Exists(later), reader=reader, ended_at__isnull=True, request=F("stands"))
        .exclude(request__how=HowToAttend.WHOLE)
        .order_by("told_at", "pk")
    )
    texts = list(dict.fromkeys(row.text for row in rows))
    if not texts:
        return []
    concealed = concealed_for(reader, on=civil_day(now))
    return [text for text in texts if not concealed.is_in(text)]
