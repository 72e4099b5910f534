"""Declares what each table of transfers holds, and about whom."""

from __future__ import annotations

from accounts.case_data import case_table
from transfers import models

case_table(
    models.TransferOut,
    "Moves to other councils",
    family="family",
    about="children__child",
    one="Move to another council",
    many="Moves to other councils",
    titles=("told_on",),
    called=lambda row: f"move of which another council was told on {row.told_on:%-d %B %Y}",
)
case_table(
    models.TransferredChild,
    "Children who moved to other councils",
    child="child",
    one="Child who moved",
    many="Children who moved",
    titles=("child_id",),
    hidden={"residence"},
    barred_by=("child__person__sealed_at",),
)
case_table(
    models.PaperHandedOver,
    "Papers handed over to other councils",
    family="transfer__family",
    about="transfer__children__child",
    one="Paper handed over",
    many="Papers handed over",
    titles=("kind",),
)
case_table(
    models.PaperReceived,
    "Papers received from other councils",
    child="transfer__child",
    one="Paper received",
    many="Papers received",
    titles=("kind",),
)
case_table(
    models.CouncilLetter,
    "Letters of other councils",
    child="child",
    one="Letter of another council",
    many="Letters of other councils",
    titles=("kind",),
    hidden={"file"},
    barred_by=("child__person__sealed_at",),
)
case_table(models.TravelAbroad, "Travel abroad", child="plan__child", one="Travel abroad", titles=("leaves_on",))
