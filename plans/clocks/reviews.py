"""The clocks of a plan's reviews, and of the review that a birth brings forward."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DateTimeField,
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
from django.db.models.functions import Coalesce, Lead, Least
from django.urls import reverse

from conferences.clocks.conferences import NOT_OVER, held_when
from conferences.enums import ConferenceKind
from conferences.models import ConferenceChild, Decision
from deadlines.clocks import Clock, register
from deadlines.facts import Asked, Families, London, Noon, People, facts, policy_value
from families.models import Child, FamilyMember
from plans.clocks.of_plans import OF_CONFERENCE, from_the_beginning, of_plans, plan_columns, plan_page
from plans.enums import EndReason, PlanKind
from plans.models import CinReview, KeyWorker, Plan
from plans.occasions import first_core_group_after_birth
from plans.selectors.reviews import reviews_of_outer


def _reviewed(held: QuerySet[Any]) -> dict[str, Any]:
    """Return the columns common to all review facts of a plan: the coordinator is responsible too.

    ``held`` are the reviews that meet the clock. It belongs to the first of these, else to the review that is booked,
    and to no conference while there is neither: never to the one that made the plan.
    """
    plan = plan_columns()
    booked = ConferenceChild.objects.filter(
        child=OuterRef("child"), kind=ConferenceKind.REVIEW, withdrawn_at__isnull=True, conference__status__in=NOT_OVER
    )
    return {
        **plan,
        "conference_id": Coalesce(
            Subquery(held.values("conference_child__conference_id")[:1]),
            Subquery(booked.order_by("pk").values("conference_id")[:1]),
        ),
        "responsible_ids": People(plan["responsible_ids"], F(f"{OF_CONFERENCE}__coordinator_id")),
    }


def first_review(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each plan, from the day of the conference that made it."""
    for plans in of_plans(families, Plan.objects.filter(kind=PlanKind.CP)):
        yield facts(
            plans,
            **_reviewed(reviews_of_outer()),
            fact_id="pk",
            starts_on="starts_on",
            met_at=Subquery(reviews_of_outer().values("at")[:1]),
        )


def next_review(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each review that continued the plan, from its day to the next review.

    Where a council counts the second review from the first conference, the earlier of the two dates counts.
    """
    review = "child__conferences__decisions__"
    for plans in of_plans(families, Plan.objects.filter(kind=PlanKind.CP)):
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
        earlier, later = (reviews_of_outer().filter(**{f"day__{to}": OuterRef("day")}) for to in ("lt", "gt"))
        yield facts(
            held,
            **_reviewed(later),
            fact_id="review",
            starts_on="day",
            not_before=ExpressionWrapper(F("day") + 1, output_field=DateField()),
            other_limit_key=Case(When(~Exists(earlier), then=Value("second-review"))),
            other_starts_on="starts_on",
            met_at=Subquery(later.values("at")[:1]),
        )


def after_birth(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each plan made before a birth, from its day; a review held before it never counts.

    While no review has been held at all, the first review's limit runs too and the earlier counts; one that
    would have ended before the birth is dropped. Where the council's procedures of the day of the birth let a core
    group serve, one held on or after the birth meets it too; the first review's own clock runs on.
    """
    born = F("child__person__birth_date")
    plans = Plan.objects.filter(kind=PlanKind.CP).annotate(born=born)
    before = Q(starts_on__lt=born) | Q(starts_on=born, decision__conference_child__kind=ConferenceKind.PRE_BIRTH)
    for found in of_plans(families, plans.filter(before)):
        rows = found.annotate(
            core_group_serves=policy_value("birth-review-by-core-group", authority="authority", on="born"),
            reviewed_at=Subquery(reviews_of_outer().filter(day__gte=OuterRef("born")).values("at")[:1]),
        )
        yield facts(
            rows,
            **_reviewed(reviews_of_outer().filter(day__gte=OuterRef("born"))),
            fact_id="pk",
            starts_on="born",
            not_before="born",
            other_limit_key=Case(
                When(~Exists(reviews_of_outer().filter(day__lt=OuterRef("born"))), then=Value("first-review"))
            ),
            other_starts_on="starts_on",
            met_at=Case(
                When(
                    core_group_serves=True,
                    then=Least(F("reviewed_at"), first_core_group_after_birth(), output_field=DateTimeField()),
                ),
                default=F("reviewed_at"),
            ),
        )


def unexpected_baby(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each baby born beside one who had a plan before the birth, and whom no plan covers.

    From the birth until a conference has decided for this baby: within the limit of the other baby's review.
    """
    planned = Plan.objects.filter(
        kind=PlanKind.CP, held_elsewhere="", child__pregnancy=OuterRef("pregnancy"), starts_on__lte=OuterRef("born")
    ).exclude(Q(child=OuterRef("pk")) | Q(end_reason=EndReason.ENTERED_IN_ERROR))
    decided = Decision.objects.filter(conference_child__child=OuterRef("pk"), superseded_by__isnull=True)
    before = decided.annotate(day=London(held_when("sitting__"))).filter(day__lt=OuterRef("born"))
    present = FamilyMember.objects.filter(person=OuterRef("person"), ends_on__isnull=True)
    babies = Child.objects.filter(pregnancy__isnull=False, person__birth_date__isnull=False).annotate(
        born=F("person__birth_date"),
        member=F("person__memberships__pk"),
        counts_for=F("person__memberships__family_id"),
    )
    found = babies.filter(Exists(planned), ~Exists(before), member=Subquery(present.order_by("pk").values("pk")[:1]))
    carried = KeyWorker.objects.filter(
        plan__child__pregnancy=OuterRef("pregnancy"), plan__kind=PlanKind.CP, ends_on__isnull=True
    )
    first = decided.annotate(at=held_when("sitting__")).order_by("at", "pk")
    yield facts(
        families.of(found, "counts_for"),
        authority_id="authority_id",
        family_id="counts_for",
        fact_id="pk",
        child_id="pk",
        starts_on="born",
        limit_key=Value("after-birth"),
        responsible_ids=Asked(carried.order_by().values("user_id").distinct()),
        met_at=Subquery(first.values("at")[:1]),
        not_needed=Case(
            When(person__death_date__isnull=False, then=Value("The child died.")),
            When(person__sealed_at__isnull=False, then=Value("The record is sealed.")),
            default=Value(""),
        ),
    )


def cin_plan_review(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for the start of each child in need plan and for each of its reviews."""
    held = CinReview.objects.filter(plan=OuterRef("pk")).order_by("held_on", "pk")
    for plans in of_plans(families, Plan.objects.filter(kind=PlanKind.CIN)):
        yield facts(plans, **plan_columns(), **from_the_beginning(), met_at=Noon(Subquery(held.values("held_on")[:1])))
    for reviews in of_plans(families, CinReview.objects.filter(plan__kind=PlanKind.CIN), "plan__"):
        yield facts(
            reviews,
            **plan_columns("plan__"),
            fact_id="pk",
            starts_on="held_on",
            met_at=Noon(Window(Lead("held_on"), partition_by=F("plan_id"), order_by=("held_on", "pk"))),
        )


def register_review_clocks() -> None:
    """Register the clocks of reviews."""
    register(
        Clock(
            kind="first-review",
            title="Hold the first review conference",
            rule="The first review conference counts from the day of the conference that made the plan.",
            facts=first_review,
            url=plan_page,
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
            url=plan_page,
            button="Open the plan",
            event="last review conference",
            met_when="a review conference has decided for the child",
        )
    )
    register(
        Clock(
            kind="after-birth",
            is_urgent=True,
            title="Review the plan after the birth",
            rule="A plan made before the birth is reviewed soon after the birth.",
            facts=after_birth,
            url=plan_page,
            button="Open the plan",
            event="birth",
            met_when="a review conference held on or after the birth has decided for the child",
        )
    )
    register(
        Clock(
            kind="unexpected-baby",
            is_urgent=True,
            title="Decide about a baby who was not expected",
            rule="A baby born beside one with a plan, and not expected, has no plan: a conference decides soon after.",
            facts=unexpected_baby,
            url=lambda deadline: reverse("families:family", args=[deadline.family_id]),
            button="Open the family",
            event="birth",
            met_when="a conference has decided for this baby",
        )
    )
    register(
        Clock(
            kind="cin-plan-review",
            title="Review the child in need plan",
            rule="A child in need plan is reviewed regularly, counted from its start or its last review.",
            facts=cin_plan_review,
            url=plan_page,
            button="Record the review",
            event="plan's start or last review",
            met_when="the review is held",
        )
    )
