"""Declares what each table of incidents holds, and about whom."""

from __future__ import annotations

from accounts.case_data import case_table
from incidents import models

# Each says who is in danger from whom: into a bundle only after a decision about each row.
case_table(
    models.Incident,
    "Papers that reached the wrong hands",
    family="family",
    one="Incident",
    titles=("aware_at",),
    keeps={"kind", "aware_at"},
    stubs={"form_key": "NULL"},
    may_harm=True,
    called=lambda row: f"incident {row.reference}",
)
case_table(
    models.PersonConcerned,
    "Who was concerned when papers reached the wrong hands",
    family="incident__family",
    names=("person",),
    one="Person concerned",
    many="People concerned",
    titles=("person_id",),
    keeps={"at_risk", "telling"},
    barred_by=("person__sealed_at",),
    may_harm=True,
)
case_table(
    models.RegulatorDecision,
    "Decisions about telling the Information Commissioner",
    family="incident__family",
    one="Decision about the regulator",
    many="Decisions about the regulator",
    titles=("decided_at",),
    keeps={"reported", "reported_at"},
    may_harm=True,
)
case_table(
    models.IncidentStep,
    "What was done when papers reached the wrong hands",
    family="incident__family",
    one="What was done",
    many="What was done",
    titles=("on",),
    keeps={"kind", "on"},
    may_harm=True,
)
