"""Reads about plans: the list, one plan's page, and the panel on a family's page."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.enums import TEAM_ROLES
from accounts.models import User
from conferences.plans_held import HeldPlan
from families.models import Child, FamilyMember
from plans.access import PLAN_RULE, visible_plans
from plans.enums import EndReason, Marked, PlanKind, Progress
from plans.models import KeyWorker, Plan, PlanAction, PlanCategory, Visit
from plans.selectors.drift import figures_of, follows_soon, lasting, marks_of, repeated, with_marks
from plans.selectors.frequency import visits_every
from plans.selectors.reviews import reviews_of_outer


def _with_what_a_row_shows(plans: QuerySet[Plan], *, on: datetime.date) -> QuerySet[Plan]:
    key_worker = KeyWorker.objects.filter(plan=OuterRef("pk"), ends_on__isnull=True)
    latest = PlanCategory.objects.filter(plan=OuterRef("pk")).order_by("-starts_on", "-pk")
    seen = Visit.objects.of_social_care().filter(plan=OuterRef("pk"), child_seen=True).order_by("-made_at")
    family = FamilyMember.objects.current(on=on).filter(person__child=OuterRef("child"))
    actions = (
        PlanAction.objects.standing()
        .filter(plan=OuterRef("pk"))
        .exclude(progress__in=[Progress.DONE, Progress.GIVEN_UP])
    )
    return (
        with_marks(plans)
        .select_related("child__person", "child__pregnancy")
        .annotate(
            key_worker_name=Subquery(key_worker.values("user__name")[:1]),
            latest_category=Subquery(latest.values("category")[:1]),
            last_seen_at=Subquery(seen.values("made_at")[:1]),
            family_id=Subquery(family.values("family_id")[:1]),
            case_number=Subquery(family.values("family__case_number")[:1]),
            # A subquery rather than a join, so that rows are counted and sorted without it.
            actions_open=Coalesce(Subquery(actions.order_by().values("plan").annotate(n=Count("pk")).values("n")), 0),
        )
    )


def plans_listed(
    user: User,
    *,
    on: datetime.date,
    kind: str = "",
    state: str = "open",
    key_worker: int | None = None,
    marked: str = "",
) -> QuerySet[Plan]:
    """Return the plans ``user`` may see, newest first, with the list page's filters."""
    # Filtering by council lets the database read the newest rows in index order.
    plans = visible_plans(user).filter(authority__in=user.councils)
    if kind:
        plans = plans.filter(kind=kind)
    if state:
        plans = plans.filter(ends_on__isnull=state == "open")
    if key_worker:
        plans = plans.filter(pk__in=KeyWorker.objects.filter(user=key_worker, ends_on__isnull=True).values("plan"))
    if marked:
        plans = with_marks(plans).filter(_marked(user, marked, on=on))
    return plans.order_by("-starts_on", "pk")


def _marked(user: User, marked: str, *, on: datetime.date) -> Q:
    """Match the plans with a mark, each by the figures of its own council."""
    if marked == Marked.REPEATED:
        return repeated()
    found = Q(pk__in=[])
    for authority_id in user.councils:
        figures = figures_of(authority_id, on=on)
        of_council = lasting(figures, on=on) if marked == Marked.LASTING else follows_soon(figures)
        found |= Q(authority=authority_id) & of_council
    return found


def plan_rows(plans: Any, user: User, *, on: datetime.date) -> list[Plan]:
    """Return the plans with these ids, all visible to ``user``, with their right, ``marks`` and what a row shows."""
    shown = PLAN_RULE.named(Plan.objects.filter(pk__in=plans), user)
    rows = list(_with_what_a_row_shows(shown, on=on).order_by("-starts_on", "pk"))
    marks = marks_of(rows, on=on)
    for row in rows:
        row.marks = marks.get(row.pk)  # type: ignore[attr-defined]
    return rows


def key_workers_listed(user: User) -> QuerySet[User]:
    """Return the key workers of plans that ``user`` may see, for the list's filter."""
    current = KeyWorker.objects.filter(ends_on__isnull=True, plan__authority__in=user.councils)
    if user.holds(*TEAM_ROLES):
        # Their own plans are few and found first.
        current = current.filter(plan__in=visible_plans(user).values("pk"))
        return User.objects.filter(pk__in=current.values("user")).order_by("name")
    # One visible plan is enough for each key worker.
    carried = visible_plans(user).filter(key_workers__user=OuterRef("pk"), key_workers__ends_on__isnull=True)
    one = Subquery(carried.order_by().values("pk")[:1])
    users = User.objects.filter(pk__in=current.order_by().values("user"))
    return users.alias(one=one).filter(one__isnull=False).order_by("name")


def plan_page(plan: Plan, *, on: datetime.date) -> Plan:
    """Return ``plan`` with everything its page shows, in a fixed number of queries."""
    return (
        _with_what_a_row_shows(Plan.objects.filter(pk=plan.pk), on=on)
        .annotate(visits_every=visits_every(on))
        .select_related("decision__conference_child__conference", "authority", "ended_by", "carried_from")
        .prefetch_related(
            Prefetch(
                "visits",
                Visit.objects.select_related(
                    "made_by", "by_post__person", "by_post__agency", "corrected_by", "recorded_by"
                ).order_by("-made_at", "-pk"),
            ),
            Prefetch("key_workers", KeyWorker.objects.select_related("user").order_by("-starts_on")),
            Prefetch("categories", PlanCategory.objects.order_by("starts_on", "pk")),
            "cin_reviews__attendance__person",
        )
        .get()
    )


def plans_of_children(child_ids: Sequence[int] | QuerySet[Child, Any]) -> QuerySet[Plan]:
    """Return all plans of these children, open ones first, then newest first."""
    return Plan.objects.filter(child__in=child_ids).select_related("child__person").order_by("ends_on", "-starts_on")


def plans_of_conference(conference_id: int) -> QuerySet[Plan]:
    """Return the plans made by one conference's decisions."""
    return (
        Plan.objects.filter(decision__conference_child__conference=conference_id)
        .select_related("child__person", "child__pregnancy")
        .prefetch_related(
            Prefetch("key_workers", KeyWorker.objects.filter(ends_on__isnull=True).select_related("user"))
        )
        .order_by("pk")
    )


def own_cp_plans(child_ids: Collection[int], on: datetime.date | None) -> dict[int, HeldPlan]:
    """Return this council's child protection plans of these children, by child id.

    Those open now; with ``on``, those in force when that day began, even if they ended on it or later.
    """
    rows = Plan.objects.filter(child__in=child_ids, kind=PlanKind.CP, held_elsewhere="")
    if on is None:
        rows = rows.filter(ends_on__isnull=True)
    else:
        lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        rows = rows.filter(lasting, starts_on__lt=on).exclude(end_reason=EndReason.ENTERED_IN_ERROR)
    before = Value(on or datetime.date.max)
    held = rows.annotate(is_reviewed=Exists(reviews_of_outer().filter(day__lt=before)))
    return {row.child_id: HeldPlan(row.starts_on, row.is_reviewed) for row in held}
