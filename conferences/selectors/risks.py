"""Contact risks the chair has not decided about: until then nothing reaches the person."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from conferences.models import ConferenceChild, ExclusionRequest, Participant
from families.models import ContactRisk
from families.selectors.people import open_contact_risks


def undecided_risks(participants: Iterable[Participant], *, on: datetime.date) -> dict[int, list[ContactRisk]]:
    """Return, by participant id, risks in force on ``on`` recorded since the chair last decided about them.

    A risk counts whichever child or adult it names; the chair has read every risk recorded before deciding
    (``decide_request`` ensures it). One to a child who was added after that is to be decided again. A fixed number
    of queries.
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
    to_added = _risks_to_added(participants, risks) if decided else {}
    found: dict[int, list[ContactRisk]] = {}
    for row in participants:
        known = decided.get(row.pk)
        new = [
            risk
            for risk in risks.get(row.person_id, [])
            if known is None or any(at > known for at in (risk.recorded_at, *to_added.get((row.pk, risk.pk), ())))
        ]
        if new:
            found[row.pk] = new
    return found


def _risks_to_added(
    participants: list[Participant], risks: dict[int, list[ContactRisk]]
) -> dict[tuple[int, int], list[datetime.datetime]]:
    """Return, by participant and risk, when the children whom the risk names were added to the conference."""
    added = ConferenceChild.objects.filter(
        conference__in={row.conference_id for row in participants}, added_at__isnull=False, withdrawn_at__isnull=True
    )
    joined = {(row.conference_id, row.child_id): row.added_at for row in added}
    if not joined:
        return {}
    named = ContactRisk.children.through.objects.filter(
        contactrisk__in=[risk.pk for rows in risks.values() for risk in rows]
    )
    found: dict[tuple[int, int], list[datetime.datetime]] = defaultdict(list)
    for risk_id, child_id in named.values_list("contactrisk_id", "child_id"):
        for row in participants:
            if (at := joined.get((row.conference_id, child_id))) is not None:
                found[row.pk, risk_id].append(at)
    return found


def risks_of(participants: Iterable[Participant], *, on: datetime.date) -> dict[int, list[ContactRisk]]:
    """Return, by person id, the risks in force on ``on``, decided about or not."""
    risks: dict[int, list[ContactRisk]] = defaultdict(list)
    for risk in open_contact_risks({row.person_id for row in participants}, [], on=on):
        risks[risk.person_id].append(risk)
    return risks
