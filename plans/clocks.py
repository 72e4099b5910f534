"""The clocks that plans start: reviews, visits, and the review brought forward by a birth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Lead
from django.db.models.lookups import IsNull
from django.urls import reverse

from conferences.clocks.conferences import held_when
from conferences.enums import ConferenceKind
from deadlines.clocks import Clock, register
from deadlines.enums import Unit
from deadlines.facts import Asked, Families, London, Noon, People, facts
from deadlines.models import Deadline
from families.models import FamilyMember
from plans.enums import EndReason, PlanKind
from plans.models import CinReview, KeyWorker, Plan, Visit
from plans.selectors.frequency import visits_every
from plans.selectors.reviews import reviews_of_outer

PLAN_ENDED = "The plan ended."
OF_CONFERENCE = "decision__conference_child__conference"


def _of_plans(families: Families, rows: QuerySet[Any], path: str = "") -> Iterator[QuerySet[Any]]:
    """Yield the rows whose plan (at ``path``) is our own, with the family that it ``counts_for``.

    That is the family of the conference that made the plan, else the one the child belongs to now.
    """
    own = rows.filter(**{f"{path}held_elsewhere": ""}).exclude(**{f"{path}end_reason": EndReason.ENTERED_IN_ERROR})
    decided, others = (
        own.filter(**{f"{path}decision__isnull": False}),
        own.filter(**{f"{path}decision__isnull": True}),
    )
    yield families.of(decided.annotate(counts_for=F(f"{path}{OF_CONFERENCE}__family_id")), "counts_for")
    present = FamilyMember.objects.filter(person=OuterRef(f"{path}child__person"), ends_on__isnull=True)
    member = f"{path}child__person__memberships"
    others = others.annotate(member=F(f"{member}__pk"), counts_for=F(f"{member}__family_id"))
    yield families.of(others.filter(member=Subquery(present.order_by("pk").values("pk")[:1])), "counts_for")


def _plan(path: str = "") -> dict[str, Any]:
    """Return the columns common to all facts of a plan; ``path`` leads to the plan."""
    carrying = KeyWorker.objects.filter(plan=OuterRef(f"{path}pk"), ends_on__isnull=True)
    return {
        "authority_id": f"{path}authority_id",
        "family_id": "counts_for",
        "child_id": f"{path}child_id",
        "conference_id": f"{path}{OF_CONFERENCE}_id",
        "responsible_ids": Asked(carrying.values("user_id")),
        "not_needed": Case(When(**{f"{path}ends_on__isnull": False}, then=Value(PLAN_ENDED)), default=Value("")),
    }


def _reviewed() -> dict[str, Any]:
    """Return the columns common to all review facts of a plan: the coordinator is responsible too."""
    plan = _plan()
    return {**plan, "responsible_ids": People(plan["responsible_ids"], F(f"{OF_CONFERENCE}__coordinator_id"))}


def first_review(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each plan, from the day of the conference that made it."""
    for plans in _of_plans(families, Plan.objects.filter(kind=PlanKind.CP)):
        yield facts(
            plans,
            **_reviewed(),
            fact_id="pk",
            starts_on="starts_on",
            met_at=Subquery(reviews_of_outer().values("at")[:1]),
        )


def next_review(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each review that continued the plan, from its day to the next review.

    Where a council counts the second review from the first conference, the earlier of the two dates counts.
    """
    review = "child__conferences__decisions__"
    for plans in _of_plans(families, Plan.objects.filter(kind=PlanKind.CP)):
        held = plans.annotate(
            review=F(f"{review}pk"),
            kind_held=F("child__conferences__kind"),
            superseded=F(f"{review}superseded_by"),
            day=London(held_when(f"{review}sitting__")),
        ).filter(
            Q(ends_on__isnull=True) | Q(day__lt=F("ends_on")),
            review__isnull=False,
            kind_held=ConferenceKind.REVIEW,
            superseded__isnull=True,
            day__gt=F("starts_on"),
        )
        earlier = reviews_of_outer().filter(day__lt=OuterRef("day"))
        yield facts(
            held,
            **_reviewed(),
            fact_id="review",
            starts_on="day",
            not_before=ExpressionWrapper(F("day") + 1, output_field=DateField()),
            other_limit_key=Case(When(~Exists(earlier), then=Value("second-review"))),
            other_starts_on="starts_on",
            met_at=Subquery(reviews_of_outer().filter(day__gt=OuterRef("day")).values("at")[:1]),
        )


def after_birth(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each plan made before a birth, from its day; a review held before it never counts.

    While no review has been held at all, the first review's limit runs too and the earlier counts; one that
    would have ended before the birth is dropped.
    """
    born = F("child__person__birth_date")
    plans = Plan.objects.filter(kind=PlanKind.CP).annotate(born=born)
    before = Q(starts_on__lt=born) | Q(starts_on=born, decision__conference_child__kind=ConferenceKind.PRE_BIRTH)
    for rows in _of_plans(families, plans.filter(before)):
        yield facts(
            rows,
            **_reviewed(),
            fact_id="pk",
            starts_on="born",
            not_before="born",
            other_limit_key=Case(
                When(~Exists(reviews_of_outer().filter(day__lt=OuterRef("born"))), then=Value("first-review"))
            ),
            other_starts_on="starts_on",
            met_at=Subquery(reviews_of_outer().filter(day__gte=OuterRef("born")).values("at")[:1]),
        )


def cin_plan_review(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for the start of each child in need plan and for each of its reviews."""
    held = CinReview.objects.filter(plan=OuterRef("pk")).order_by("held_on", "pk")
    for plans in _of_plans(families, Plan.objects.filter(kind=PlanKind.CIN)):
        yield facts(plans, **_plan(), **_from_the_beginning(), met_at=Noon(Subquery(held.values("held_on")[:1])))
    for reviews in _of_plans(families, CinReview.objects.filter(plan__kind=PlanKind.CIN), "plan__"):
        yield facts(
            reviews,
            **_plan("plan__"),
            fact_id="pk",
            starts_on="held_on",
            met_at=Noon(Window(Lead("held_on"), partition_by=F("plan_id"), order_by=("held_on", "pk"))),
        )


def visit(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for the start of each plan and for each visit at which the child was seen."""
    seen = Visit.objects.filter(plan=OuterRef("pk"), child_seen=True).order_by("made_at", "pk")
    for plans in _of_plans(families, Plan.objects.filter(kind=PlanKind.CP)):
        yield facts(
            plans,
            **_plan(),
            **_from_the_beginning(),
            **_own_frequency(OuterRef("starts_on")),
            met_at=Subquery(seen.values("made_at")[:1]),
        )
    visits = Visit.objects.filter(plan__kind=PlanKind.CP, child_seen=True)
    for rows in _of_plans(families, visits, "plan__"):
        yield facts(
            rows,
            **_plan("plan__"),
            **_own_frequency(London(OuterRef("made_at")), "plan__"),
            fact_id="pk",
            starts_on=London(F("made_at")),
            met_at=Window(Lead("made_at"), partition_by=F("plan_id"), order_by=("made_at", "pk")),
        )


def _from_the_beginning() -> dict[str, Any]:
    # The plan's own id, negated, stands for its start, so that it can't clash with a review or visit.
    return {"fact_id": F("pk") * -1, "starts_on": "starts_on"}


def _own_frequency(on: Any, path: str = "") -> dict[str, Any]:
    """Return the figure in force on the day from which this visit is counted."""
    every = visits_every(on, path)
    return {"own_amount": every, "own_unit": Case(When(IsNull(every, False), then=Value(Unit.WORKING_DAYS)))}


def _plan_page(deadline: Deadline) -> str:
    return reverse("plans:plan-of-child", args=[deadline.child_id])


def register_clocks() -> None:
    """Register the clocks. Called from ``PlansConfig.ready``."""
    register(
        Clock(
            kind="first-review",
            title="Hold the first review conference",
            rule="The first review conference counts from the day of the conference that made the plan.",
            facts=first_review,
            url=_plan_page,
            button="Open the plan",
            event="conference that made the plan",
            met_when="a review conference has decided for the child",
        )
    )
    register(
        Clock(
            kind="next-review",
            title="Hold the next review conference",
            rule="The next review conference counts from the last one.",
            facts=next_review,
            url=_plan_page,
            button="Open the plan",
            event="last review conference",
            met_when="a review conference has decided for the child",
        )
    )
    register(
        Clock(
            kind="after-birth",
            title="Review the plan after the birth",
            rule="A plan made before the birth is reviewed soon after the birth.",
            facts=after_birth,
            url=_plan_page,
            button="Open the plan",
            event="birth",
            met_when="a review conference held on or after the birth has decided for the child",
        )
    )
    register(
        Clock(
            kind="cin-plan-review",
            title="Review the child in need plan",
            rule="A child in need plan is reviewed regularly, counted from its start or its last review.",
            facts=cin_plan_review,
            url=_plan_page,
            button="Record the review",
            event="plan's start or last review",
            met_when="the review is held",
        )
    )
    register(
        Clock(
            kind="visit",
            title="Visit and see the child",
            rule=(
                "The child is seen as often as the plan says, counted from its start "
                "or the last visit with the child seen."
            ),
            facts=visit,
            url=_plan_page,
            button="Record the visit",
            event="plan's start or last visit with the child seen",
            met_when="a visit at which this child was seen",
        )
    )
