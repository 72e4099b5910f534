"""Incidents whose decisions wait, for whoever handles them; who is in danger stands in the ledger of the case."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.readers import Reader
from deadlines.to_decide import DecisionKind, matters
from incidents.access import INCIDENT_RULES
from incidents.enums import Telling
from incidents.models import Incident, PersonConcerned, RegulatorDecision


def _open(reader: Reader) -> QuerySet[Incident]:
    rows = Incident.objects.filter(closed_at__isnull=True, withdrawn_at__isnull=True)
    return INCIDENT_RULES["handle"].visible(rows, reader)


def _undecided(reader: Reader) -> QuerySet[Any, Any]:
    """Return open incidents without a decision about the regulator."""
    decided = RegulatorDecision.objects.filter(incident=OuterRef("pk")).order_by()
    return matters(_open(reader).filter(~Exists(decided)), since="aware_at", args=["pk"])


def _untold(reader: Reader) -> QuerySet[Any, Any]:
    """Return people whom an incident concerns, of whom it is not decided whether they are told."""
    rows = PersonConcerned.objects.filter(telling=Telling.OPEN, incident__in=_open(reader).order_by().values("pk"))
    return matters(rows, since="added_at", args=["incident_id", "pk"])


KINDS = (
    DecisionKind(
        "incident",
        "Decide whether the Information Commissioner is told",
        "incidents:decide-regulator",
        _undecided,
        order=2,
    ),
    DecisionKind(
        "incident-person",
        "Decide whether somebody is told of an incident",
        "incidents:decide-telling",
        _untold,
        order=3,
    ),
)
