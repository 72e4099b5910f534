"""The clocks of the chair's check between two conferences, and of what a manager decides about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from conferences.clocks.conferences import chairs, held_when
from conferences.clocks.losses import managing_family
from conferences.enums import ConferenceKind
from deadlines.clocks import Clock, register
from deadlines.facts import Families, London, facts
from deadlines.models import Deadline
from plans.clocks.of_plans import OF_CONFERENCE, PLAN_ENDED, from_the_beginning, of_plans, plan_columns
from plans.enums import PlanKind
from plans.models import MidPointCheck, Plan
from plans.selectors.reviews import reviews_of_outer

REVIEWED = "A review was held before it."


def _columns(families: Families, *, conference: str, day: str) -> dict[str, Any]:
    """Return the columns of a check that counts from ``day``, owned by the chair of ``conference``, a path."""
    made = MidPointCheck.objects.filter(plan=OuterRef("pk"), counts_from=OuterRef(day)).order_by("recorded_at", "pk")
    later = reviews_of_outer().filter(day__gt=OuterRef(day))
    return {
        **plan_columns(),
        "responsible_ids": chairs(families, conference),
        "met_at": Subquery(made.values("recorded_at")[:1]),
        "not_needed": Case(
            When(Exists(later), then=Value(REVIEWED)),
            When(ends_on__isnull=False, then=Value(PLAN_ENDED)),
            default=Value(""),
        ),
    }


def mid_point_check(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each plan and one for each review that continued it, until the chair has checked."""
    for plans in of_plans(families, Plan.objects.filter(kind=PlanKind.CP)):
        yield facts(
            plans,
            **_columns(families, conference=f"{OF_CONFERENCE}__", day="starts_on"),
            **from_the_beginning(),
            limit_key=Value("mid-point-check:first"),
        )
    listed = "child__conferences__"
    for plans in of_plans(families, Plan.objects.filter(kind=PlanKind.CP)):
        held = plans.annotate(
            review=F(f"{listed}decisions__pk"),
            kind_held=F(f"{listed}kind"),
            superseded=F(f"{listed}decisions__superseded_by"),
            reviewed_on=London(held_when(f"{listed}decisions__sitting__")),
        ).filter(
            Q(ends_on__isnull=True) | Q(reviewed_on__lt=F("ends_on")),
            review__isnull=False,
            kind_held=ConferenceKind.REVIEW,
            superseded__isnull=True,
            reviewed_on__gt=F("starts_on"),
        )
        yield facts(
            held,
            **_columns(families, conference=f"{listed}conference__", day="reviewed_on"),
            fact_id="review",
            starts_on="reviewed_on",
        )


def mid_point_decided(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each check that a chair took to a manager."""
    rows = MidPointCheck.objects.filter(escalated=True)
    for taken in of_plans(families, rows, "plan__"):
        columns = plan_columns("plan__")
        yield facts(
            taken,
            **{
                **columns,
                "responsible_ids": managing_family("counts_for"),
                "not_needed": Case(
                    When(replaced_at__isnull=False, then=Value("The chair recorded the check again.")),
                    default=columns["not_needed"],
                ),
            },
            fact_id="pk",
            starts_on=London(F("recorded_at")),
            met_at="decided_at",
        )


def _check_page(deadline: Deadline) -> str:
    return reverse("plans:mid-point-of-child", args=[deadline.child_id])


def _decision_page(deadline: Deadline) -> str:
    plan_id = MidPointCheck.objects.values_list("plan_id", flat=True).get(pk=deadline.fact_id)
    return reverse("plans:decide-mid-point", args=[plan_id, deadline.fact_id])


def register_mid_point_clocks() -> None:
    """Register the clocks."""
    register(
        Clock(
            kind="mid-point-check",
            title="Check the plan between conferences",
            rule="Where the council asks for it, the chair checks half way to the next review that the plan moves.",
            facts=mid_point_check,
            url=_check_page,
            button="Check the plan",
            event="conference before",
            met_when="the chair has recorded the check",
        )
    )
    register(
        Clock(
            kind="mid-point-decided",
            title="Decide about what the chair found",
            rule="A manager decides what happens when a chair takes a plan to them between conferences.",
            facts=mid_point_decided,
            url=_decision_page,
            button="Decide",
            event="day on which it was taken to the manager",
            met_when="a manager has decided",
        )
    )
