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
    labels={"who_person": "Who", "who_post": "In the post of", "since": "In the plan since", "until": "Until"},
    hidden={"outline", "thread", "under"},
    links={"private_to": "Whose private information an action holds"},
    called=lambda row: str(row.what),
)
case_table(
    models.ActionSharer,
    "People who share an action",
    child="action__plan__child",
    names=("person",),
    one="Who shares an action",
    titles=("person_id",),
    called_after="person",
)
case_table(
    models.ActionProgress,
    "Progress of actions",
    child="action__plan__child",
    names=("said_by",),
    one="Progress",
    titles=("progress",),
    labels={"said_by": "As told by", "is_own": "Their own words"},
    hidden={"guest_session_id", "carried_over"},
    at="at",
    by="entered_by_id",
    keeps={"guest_session_id"},
)
case_table(
    models.PlanEntry,
    "What plans say",
    child="plan__child",
    names=("private_to", "who_person"),
    one="Entry",
    many="Entries",
    labels={"who_person": "Who", "who_post": "In the post of", "since": "In the plan since", "until": "Until"},
    hidden={"thread", "under"},
    links={"private_to": "Whose private information an entry holds"},
    called=lambda row: f"{row.get_kind_display()}: {row.text}",
)
case_table(
    models.PlanVersion,
    "Versions of plans",
    child="plan__child",
    one="Version",
    titles=("number",),
    labels={"decision": "Decided by", "review": "At the review"},
    hidden={"guest_session_id"},
    at="made_at",
    by="made_by_id",
    called=lambda row: f"version {row.number}",
    keeps={"guest_session_id"},
)
case_table(
    models.ConsentMatter,
    "What managers decided about consent",
    child="plan__child",
    names=("consent__person",),
    one="About consent",
    titles=("consent_id",),
)
case_table(
    models.CinMember,
    "People who help with child in need plans",
    child="plan__child",
    names=("person",),
    one="Helps with the plan",
    titles=("person_id",),
    called_after="person",
)
case_table(
    models.CinReviewAttendance,
    "Who came to reviews of child in need plans",
    child="review__plan__child",
    names=("person",),
    one="Attendance",
    titles=("person_id",),
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
case_table(
    models.MidPointCheck,
    "Chairs’ checks between conferences",
    child="plan__child",
    one="Check between conferences",
    many="Checks between conferences",
    titles=("counts_from",),
    at="recorded_at",
    by="recorded_by_id",
)
case_table(
    models.LongerVisits,
    "Agreements to visits further apart",
    child="plan__child",
    one="Agreement to visits further apart",
    many="Agreements to visits further apart",
    titles=("asked_at",),
)
case_table(models.ListCheck, "Checks of the list", where=_checks)
case_table(models.ListAnswer, "Answers to checks of the list", child="child")
