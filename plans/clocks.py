"""The clocks that plans start: reviews, visits, and the review that a birth brings forward."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from conferences.enums import ConferenceKind
from conferences.models import Decision
from deadlines.clocks import Clock, ClockFact, register
from deadlines.models import Deadline
from families.models import FamilyMember
from plans.enums import PlanKind
from plans.models import CinReview, KeyWorker, Plan, Visit

Families = Sequence[int] | None
PLAN_ENDED = "The plan ended."


def _plans(families: Families, kind: PlanKind) -> QuerySet[Plan]:
    """Own plans with the family they count for: that of the conference, else the child's present one."""
    present = FamilyMember.objects.filter(person__child=OuterRef("child"), ends_on__isnull=True).order_by(
        "pk"
    )
    plans = (
        Plan.objects.filter(kind=kind, held_elsewhere="")
        .annotate(
            counts_for=Coalesce(
                F("decision__conference_child__conference__family_id"),
                Subquery(present.values("family_id")[:1]),
                output_field=BigIntegerField(),
            ),
            made_by_conference=F("decision__conference_child__conference_id"),
            coordinator_id=F("decision__conference_child__conference__coordinator_id"),
            birth_date=F("child__person__birth_date"),
        )
        .filter(counts_for__isnull=False)
        .prefetch_related(
            Prefetch("key_workers", KeyWorker.objects.filter(ends_on__isnull=True), to_attr="carrying"),
        )
        .order_by("pk")
    )
    return plans if families is None else plans.filter(counts_for__in=families)


def _key_workers(plan: Any) -> tuple[int, ...]:
    return tuple(carrier.user_id for carrier in plan.carrying)


def _reviews(plans: QuerySet[Plan]) -> dict[int, list[Decision]]:
    """Decisions of review conferences by child, oldest first."""
    decisions = (
        Decision.objects.filter(
            conference_child__kind=ConferenceKind.REVIEW,
            superseded_by__isnull=True,
            conference_child__child__in=plans.values("child"),
        )
        .select_related("conference_child", "sitting")
        .order_by("decided_at", "pk")
    )
    by_child: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_child[decision.conference_child.child_id].append(decision)
    return by_child


def _during(plan: Plan, reviews: list[Decision]) -> list[Decision]:
    return [
        review
        for review in reviews
        if review.sitting.day > plan.starts_on
        and (plan.ends_on is None or review.sitting.day <= plan.ends_on)
    ]


def _review_fact(plan: Any, *, starts: datetime.date, fact_id: int, met: Decision | None) -> ClockFact:
    return ClockFact(
        authority_id=plan.authority_id,
        family_id=plan.counts_for,
        fact_id=fact_id,
        starts=starts,
        policy_version_id=plan.policy_version_id,
        child_id=plan.child_id,
        conference_id=plan.made_by_conference,
        responsible_ids=tuple(sorted({*_key_workers(plan), *filter(None, (plan.coordinator_id,))})),
        met_at=met.decided_at if met else None,
        not_needed=PLAN_ENDED if met is None and plan.ends_on else "",
    )


def first_review(families: Families) -> Iterator[ClockFact]:
    """One fact for each plan, from the day of the conference that made it."""
    plans = _plans(families, PlanKind.CP)
    reviews = _reviews(plans)
    for plan in plans:
        held = _during(plan, reviews[plan.child_id])
        yield _review_fact(plan, starts=plan.starts_on, fact_id=plan.pk, met=held[0] if held else None)


def next_review(families: Families) -> Iterator[ClockFact]:
    """One fact for each review that let the plan go on, from its day to the next review."""
    plans = _plans(families, PlanKind.CP)
    reviews = _reviews(plans)
    for plan in plans:
        held = _during(plan, reviews[plan.child_id])
        for last, following in zip_longest(held, held[1:]):
            if plan.ends_on is not None and plan.ends_on <= last.sitting.day:
                continue
            yield _review_fact(plan, starts=last.sitting.day, fact_id=last.pk, met=following)


def after_birth(families: Families) -> Iterator[ClockFact]:
    """One fact for each plan made before a birth, from its day; a review held before it never counts."""
    plans = _plans(families, PlanKind.CP).filter(
        decision__conference_child__kind=ConferenceKind.PRE_BIRTH, child__person__birth_date__isnull=False
    )
    reviews = _reviews(plans)
    for plan in plans:
        born = plan.birth_date  # type: ignore[attr-defined]
        since = [review for review in _during(plan, reviews[plan.child_id]) if review.sitting.day >= born]
        yield _review_fact(plan, starts=born, fact_id=plan.pk, met=since[0] if since else None)


def cin_plan_review(families: Families) -> Iterator[ClockFact]:
    """One fact for the beginning of each child in need plan and for each of its reviews."""
    plans = _plans(families, PlanKind.CIN).prefetch_related(
        Prefetch("cin_reviews", CinReview.objects.order_by("held_on", "pk"), to_attr="held_reviews")
    )
    for plan in plans:
        # The plan's own id, made negative, stands for its beginning, so that no review can share it.
        held = plan.held_reviews
        starts = [(-plan.pk, plan.starts_on), *((review.pk, review.held_on) for review in held)]
        yield from _one_after_another(plan, starts, own=None)


def visit(families: Families) -> Iterator[ClockFact]:
    """One fact for the beginning of each plan and for each visit at which the child was seen."""
    plans = _plans(families, PlanKind.CP).prefetch_related(
        Prefetch("visits", Visit.objects.filter(child_seen=True).order_by("made_at", "pk"), to_attr="seen")
    )
    for plan in plans:
        starts = [
            (-plan.pk, plan.starts_on),
            *((made.pk, timezone.localdate(made.made_at)) for made in plan.seen),
        ]
        yield from _one_after_another(plan, starts, own=plan.visit_every_working_days)


def _one_after_another(
    plan: Any, starts: list[tuple[int, datetime.date]], *, own: int | None
) -> Iterator[ClockFact]:
    for (fact_id, day), following in zip_longest(starts, starts[1:]):
        met = following[1] if following else None
        yield ClockFact(
            authority_id=plan.authority_id,
            family_id=plan.counts_for,
            fact_id=fact_id,
            starts=day,
            policy_version_id=plan.policy_version_id,
            child_id=plan.child_id,
            conference_id=plan.made_by_conference,
            responsible_ids=_key_workers(plan),
            met_at=_noon(met) if met else None,
            not_needed=PLAN_ENDED if met is None and plan.ends_on else "",
            own_amount=own,
            own_unit="working days" if own else "",
        )


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def _plan_page(deadline: Deadline) -> str:
    return reverse("plans:plan-of-child", args=[deadline.child_id])


def register_clocks() -> None:
    """Called from ``PlansConfig.ready``."""
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
            rule="A plan made before the birth is reviewed soon after, counted from the birth.",
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
