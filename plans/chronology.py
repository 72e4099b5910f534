"""Plans' events for the chronology of a case: begun, ended, key workers, visits."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from families.chronology import CaseScope, EventKind, Source, StartOfDay, Told
from plans.access import visible_plans
from plans.models import KeyWorker, Plan, Visit


def _plans(scope: CaseScope) -> QuerySet[Plan]:
    return visible_plans(scope.user).filter(child__in=scope.child_ids, held_elsewhere="")


def _page(plan: Plan) -> str:
    return reverse("plans:plan-of-child", args=[plan.child_id])


def _told_plan(row: Plan, scope: CaseScope, *, ended: bool = False) -> Told:  # noqa: ARG001
    name = row.child.person.short_name
    return Told(
        title=f"{row.get_kind_display()} for {name} {'ended' if ended else 'began'}",
        detail=row.get_end_reason_display() if ended else "",
        children=frozenset({row.child_id}),
        url=_page(row),
    )


def _of_plan(children: frozenset[int]) -> Q:
    return Q(plan__child__in=children)


def _under(scope: CaseScope) -> Any:
    return _plans(scope).values("pk")


def _told_key_worker(row: KeyWorker, scope: CaseScope) -> Told:  # noqa: ARG001
    interim = ", for the interim" if row.is_interim else ""
    return Told(
        title=f"{row.user.name} became key worker of {row.plan.child.person.short_name}{interim}",
        children=frozenset({row.plan.child_id}),
        url=_page(row.plan),
    )


def _told_visit(row: Visit, scope: CaseScope) -> Told:  # noqa: ARG001
    seen = "seen" if row.child_seen else "not seen"
    what = "Visit by another professional" if row.by_post_id else "Visit"
    return Told(
        title=f"{what}: {row.plan.child.person.short_name} {seen}",
        detail=row.note,
        children=frozenset({row.plan.child_id}),
        agency=row.by_post.agency_id if row.by_post else None,
        post=row.by_post_id,
        url=_page(row.plan),
    )


SOURCES: tuple[Source, ...] = (
    Source(
        "plan", EventKind.DECISION, _plans, StartOfDay(F("starts_on")), _told_plan,
        lambda children: Q(child__in=children), whole_day=True, with_rows=("child__person",),
    ),
    Source(
        "plan-ended", EventKind.DECISION, lambda scope: _plans(scope).filter(ends_on__isnull=False),
        StartOfDay(F("ends_on")), lambda row, scope: _told_plan(row, scope, ended=True),
        lambda children: Q(child__in=children), whole_day=True, with_rows=("child__person",),
    ),
    Source(
        "key-worker", EventKind.DECISION, lambda scope: KeyWorker.objects.filter(plan__in=_under(scope)),
        StartOfDay(F("starts_on")), _told_key_worker, _of_plan, whole_day=True,
        with_rows=("user", "plan__child__person"),
    ),
    Source(
        "visit", EventKind.VISIT, lambda scope: Visit.objects.standing().filter(plan__in=_under(scope)), F("made_at"),
        _told_visit, _of_plan, with_rows=("plan__child__person", "by_post"),
    ),
)  # fmt: skip
