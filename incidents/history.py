"""Defines the history record of an incident."""

from __future__ import annotations

from accounts.history.registry import Part, Record, register_record
from incidents import models

INCIDENT_RECORD = Record(
    "incident",
    models.Incident,
    (
        Part(models.Incident),
        Part(models.PersonConcerned, ("incident",)),
        Part(models.RegulatorDecision, ("incident",)),
        Part(models.IncidentStep, ("incident",)),
    ),
)


def register_history() -> None:
    """Register the record of an incident; called once from ``connect``."""
    register_record(INCIDENT_RECORD)
