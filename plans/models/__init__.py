"""Plans, one per child, and the list of children who have one."""

from plans.models.list_checks import ListAnswer, ListCheck
from plans.models.plans import CinReview, Consent, KeyWorker, Plan, PlanAction, PlanActionPrivateTo, PlanCategory, Visit

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
