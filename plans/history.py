"""Defines the history record of a plan."""

from __future__ import annotations

from accounts.history.registry import Part, Record, register_record
from plans import models

IN_PLAN = (
    models.PlanCategory,
    models.KeyWorker,
    models.PlanAction,
    models.Consent,
    models.Visit,
    models.CinReview,
    models.AgencyAsked,
    models.PlanEnding,
    models.PlanVersion,
    models.PlanEntry,
    models.ConsentMatter,
    models.CinMember,
    models.MidPointCheck,
    models.LongerVisits,
)
OF_A_ROW = (
    Part(models.ActionSharer, ("action__plan",)),
    Part(models.ActionProgress, ("action__plan",)),
    Part(models.CinReviewAttendance, ("review__plan",)),
)
PLAN_RECORD = Record(
    "plan", models.Plan, (Part(models.Plan), *(Part(model, ("plan",)) for model in IN_PLAN), *OF_A_ROW)
)


def register_history() -> None:
    """Register the record of a plan; called once from ``connect``."""
    register_record(PLAN_RECORD)
