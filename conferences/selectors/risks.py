"""Contact risks that the chair has not decided about: until then nothing reaches the person."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from conferences.enums import RequestGround
from conferences.models import ExclusionRequest, Participant
from families.models import ContactRisk
from families.selectors.people import open_contact_risks


def undecided_risks(
    participants: Iterable[Participant], *, on: datetime.date
) -> dict[int, list[ContactRisk]]:
    """By participant's id: risks in force on ``on`` that were recorded after the chair last decided about one.

    A risk counts whichever child or adult it names. A fixed number of queries.
    """
    participants = list(participants)
    risks: dict[int, list[ContactRisk]] = defaultdict(list)
    for risk in open_contact_risks({row.person_id for row in participants}, [], on=on):
        risks[risk.person_id].append(risk)
    if not risks:
        return {}
    decided: dict[int, datetime.datetime] = {}
    rows = ExclusionRequest.objects.filter(
        participant__in=[row.pk for row in participants],
        ground=RequestGround.CONTACT_RISK,
        decided_at__isnull=False,
    )
    for participant_id, asked_at in rows.values_list("participant_id", "asked_at"):
        decided[participant_id] = max(asked_at, decided.get(participant_id, asked_at))
    found: dict[int, list[ContactRisk]] = {}
    for row in participants:
        known = decided.get(row.pk)
        new = [risk for risk in risks.get(row.person_id, []) if known is None or risk.recorded_at > known]
        if new:
            found[row.pk] = new
    return found
