"""What makes up the history of a plan."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.history.reading import rows_at
from accounts.history.registry import (
    Gathered,
    Kind,
    Part,
    Record,
    register_barred,
    register_names,
    register_record,
)
from families.history import child_names, named_by
from plans.models import (
    CinReview,
    Consent,
    KeyWorker,
    Plan,
    PlanAction,
    PlanActionPrivateTo,
    PlanCategory,
    Visit,
)

IN_PLAN = (("plan_id", "root"),)
OF_PLAN = frozenset({"plan"})

PLAN = Kind(Plan, "Plan", "The plan", titles=("child_id",), labels={"decision_id": "Decided by"})
CATEGORY = Kind(
    PlanCategory,
    "Category",
    "Categories",
    titles=("category",),
    unsaid=OF_PLAN,
    labels={"decision_id": "Decided by"},
)
KEY_WORKER = Kind(KeyWorker, "Key worker", titles=("user_id",), unsaid=OF_PLAN)
ACTION = Kind(
    PlanAction,
    "Action",
    unsaid=OF_PLAN | {"outline"},
    labels={"who_person_id": "Who", "who_post_id": "In the post of"},
)
ACTION_PRIVATE = Kind(
    PlanActionPrivateTo,
    "Whose private information an action holds",
    "Private to",
    link_of="planaction_id",
    link_to="person_id",
)
CONSENT = Kind(Consent, "Consent", titles=("person_id",), unsaid=OF_PLAN)
VISIT = Kind(Visit, "Visit", titles=("made_at",), unsaid=OF_PLAN)
CIN_REVIEW = Kind(CinReview, "Review of the plan", "Reviews of the plan", titles=("held_on",), unsaid=OF_PLAN)

PLAN_RECORD = Record(
    "plan",
    Plan,
    gathered=(Gathered("action", PlanAction, "plan_id", "root"),),
    parts=(
        Part(PLAN, (("pgh_obj_id", "root"),)),
        Part(CATEGORY, IN_PLAN),
        Part(KEY_WORKER, IN_PLAN),
        Part(ACTION, IN_PLAN),
        Part(ACTION_PRIVATE, (("planaction_id", "action"),)),
        Part(CONSENT, IN_PLAN),
        Part(VISIT, IN_PLAN),
        Part(CIN_REVIEW, IN_PLAN),
    ),
)


def plan_names(ids: set[int], at: datetime.datetime | None) -> Mapping[int, str]:
    """Plans by their child's name and their kind."""
    rows = rows_at(Plan, ids, at)
    names = child_names({row.child_id for row in rows.values()}, at)
    return {
        pk: f"{names.get(row.child_id, 'A child')}, {row.get_kind_display().lower()}"
        for pk, row in rows.items()
    }


def _sealed_plans() -> QuerySet[Any]:
    return Plan.objects.filter(child__person__sealed_at__isnull=False).values("pk")


def register_history() -> None:
    """The record, the names and what nobody is shown; called once from ``register_everything``."""
    register_record(PLAN_RECORD)
    register_names(Plan, plan_names)
    named_by(PlanAction, lambda row: str(row.what))
    register_barred(Plan, _sealed_plans)
