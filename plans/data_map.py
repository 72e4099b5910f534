"""Declares what each plans table holds, and about which child."""

from __future__ import annotations

from django.db.models import Q

from accounts.case_data import Subject, case_table
from plans import models


def _checks(one: Subject) -> Q:
    answers = models.ListAnswer.objects.order_by().filter(child__in=one.children)
    return Q(pk__in=answers.values("check_of_list"))


case_table(
    models.Plan,
    "Plans",
    child="child",
    one="Plan",
    many="The plan",
    titles=("child_id",),
    labels={"decision": "Decided by"},
    called_after="child",
    called=lambda row, child: f"{child or 'A child'}, {row.get_kind_display().lower()}",
    barred_by=("child__person__sealed_at",),
)
case_table(
    models.PlanCategory,
    "Categories of plans",
    child="plan__child",
    one="Category",
    many="Categories",
    titles=("category",),
    labels={"decision": "Decided by"},
    keeps={"also"},
)
case_table(models.KeyWorker, "Key workers", child="plan__child", one="Key worker", titles=("user_id",))
case_table(
    models.PlanAction,
    "Actions of plans",
    child="plan__child",
    names=("private_to", "who_person"),
    one="Action",
    labels={"who_person": "Who", "who_post": "In the post of"},
    hidden={"outline"},
    links={"private_to": "Whose private information an action holds"},
    called=lambda row: str(row.what),
)
case_table(
    models.Consent, "Consent to plans", child="plan__child", names=("person",), one="Consent", titles=("person_id",)
)
case_table(models.Visit, "Visits", child="plan__child", one="Visit", titles=("made_at",))
case_table(
    models.CinReview,
    "Reviews of child in need plans",
    child="plan__child",
    one="Review of the plan",
    many="Reviews of the plan",
    titles=("held_on",),
)
case_table(
    models.AgencyAsked,
    "Agencies asked about ending a plan",
    child="plan__child",
    one="Agency asked",
    many="Agencies asked",
    titles=("agency_id",),
)
case_table(models.PlanEnding, "Endings without a conference", child="plan__child", one="Ending", titles=("ground",))
case_table(models.ListCheck, "Checks of the list", where=_checks)
case_table(models.ListAnswer, "Answers to checks of the list", child="child")
