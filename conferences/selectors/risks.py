"""Contact risks the chair has not decided about: until then nothing reaches the person."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from conferences.models import ExclusionRequest, Participant
from families.models import ContactRisk
from families.selectors.people import open_contact_risks


def undecided_risks(participants: Iterable[Participant], *, on: datetime.date) -> dict[int, list[ContactRisk]]:
    """Return, by participant id, risks in force on ``on`` recorded since the chair last decided about them.

    A risk counts whichever child or adult it names; the chair has read every risk recorded before deciding
    (``decide_request`` ensures it). A fixed number of queries.
    """
    participants = list(participants)
    risks = risks_of(participants, on=on)
    if not risks:
        return {}
    decided = dict(
        ExclusionRequest.objects.filter(participant__in=[row.pk for row in participants], decided_at__isnull=False)
        .order_by("decided_at")
        .values_list("participant_id", "decided_at")
    )
    found: dict[int, list[ContactRisk]] = {}
    for row in participants:
        known = decided.get(row.pk)
        new = [risk for risk in risks.get(row.person_id, []) if known is None or risk.recorded_at > known]
        if new:
            found[row.pk] = new
    return found


def risks_of(participants: Iterable[Participant], *, on: datetime.date) -> dict[int, list[ContactRisk]]:
    """Return, by person id, the risks in force on ``on``, decided about or not."""
    risks: dict[int, list[ContactRisk]] = defaultdict(list)
    for risk in open_contact_risks({row.person_id for row in participants}, [], on=on):
        risks[risk.person_id].append(risk)
    return risks
