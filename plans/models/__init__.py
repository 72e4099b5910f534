"""Plans, one per child, and the list of the children who have one."""

from plans.models.plans import (
    CinReview,
    Consent,
    KeyWorker,
    Plan,
    PlanAction,
    PlanActionPrivateTo,
    PlanCategory,
    Visit,
)
from plans.models.the_list import ListAnswer, ListCheck

__all__ = [
    "CinReview",
    "Consent",
    "KeyWorker",
    "ListAnswer",
    "ListCheck",
    "Plan",
    "PlanAction",
    "PlanActionPrivateTo",
    "PlanCategory",
    "Visit",
]
