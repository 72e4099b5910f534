"""Plans, one per child, and the list of children who have one."""

from plans.models.cin import CinMember, CinReview, CinReviewAttendance, Consent, ConsentMatter
from plans.models.document import (
    ActionProgress,
    ActionSharer,
    PlanAction,
    PlanActionPrivateTo,
    PlanEntry,
    PlanEntryPrivateTo,
    PlanVersion,
    carried_out_by,
)
from plans.models.endings import AgencyAsked, PlanEnding
from plans.models.list_checks import ListAnswer, ListCheck
from plans.models.longer_visits import LongerVisits
from plans.models.mid_points import MidPointCheck
from plans.models.plans import KeyWorker, Plan, PlanCategory
from plans.models.reviewed import ConferenceChildOnPlan, DecisionOnPlan
from plans.models.visits import Visit

__all__ = [
    "ActionProgress",
    "ActionSharer",
    "AgencyAsked",
    "CinMember",
    "CinReview",
    "CinReviewAttendance",
    "ConferenceChildOnPlan",
    "Consent",
    "ConsentMatter",
    "DecisionOnPlan",
    "KeyWorker",
    "ListAnswer",
    "ListCheck",
    "LongerVisits",
    "MidPointCheck",
    "Plan",
    "PlanAction",
    "PlanActionPrivateTo",
    "PlanCategory",
    "PlanEnding",
    "PlanEntry",
    "PlanEntryPrivateTo",
    "PlanVersion",
    "Visit",
    "carried_out_by",
]
