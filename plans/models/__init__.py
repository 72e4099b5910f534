"""Plans, one per child, and the list of children who have one."""

from plans.models.endings import AgencyAsked, PlanEnding
from plans.models.list_checks import ListAnswer, ListCheck
from plans.models.plans import CinReview, Consent, KeyWorker, Plan, PlanAction, PlanActionPrivateTo, PlanCategory
from plans.models.reviewed import ConferenceChildOnPlan, DecisionOnPlan
from plans.models.visits import Visit

__all__ = [
    "AgencyAsked",
    "CinReview",
    "ConferenceChildOnPlan",
    "Consent",
    "DecisionOnPlan",
    "KeyWorker",
    "ListAnswer",
    "ListCheck",
    "Plan",
    "PlanAction",
    "PlanActionPrivateTo",
    "PlanCategory",
    "PlanEnding",
    "Visit",
]
