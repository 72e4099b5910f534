"""Whose records the rows of plans are."""

from __future__ import annotations

from django.db.models import Q

from accounts.case_data import Subject, holds
from plans.models import (
    CinReview,
    Consent,
    KeyWorker,
    ListAnswer,
    ListCheck,
    Plan,
    PlanAction,
    PlanCategory,
    Visit,
)


def _answers(one: Subject) -> Q:
    return Q(child__in=one.children)


def _checks(one: Subject) -> Q:
    answers = ListAnswer.objects.order_by().filter(child__in=one.children)
    return Q(pk__in=answers.values("check_of_list"))


holds(Plan, "Plans", child="child")
holds(PlanCategory, "Categories of plans", child="plan__child", keeps={"also"})
holds(KeyWorker, "Key workers", child="plan__child")
holds(PlanAction, "Actions of plans", child="plan__child", names=("private_to", "who_person"))
holds(Consent, "Consent to plans", child="plan__child", names=("person",))
holds(Visit, "Visits", child="plan__child")
holds(CinReview, "Reviews of child in need plans", child="plan__child")
holds(ListCheck, "Checks of the list", where=_checks)
holds(ListAnswer, "Answers to checks of the list", where=_answers)
