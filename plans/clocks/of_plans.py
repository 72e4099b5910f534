"""What the clocks of a plan have in common: whose they are, who answers for them, and when they stop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.urls import reverse

from deadlines.facts import Asked, Families
from deadlines.models import Deadline
from families.models import FamilyMember
from plans.enums import EndReason
from plans.models import KeyWorker

PLAN_ENDED = "The plan ended."
OF_CONFERENCE = "decision__conference_child__conference"


def of_plans(families: Families, rows: QuerySet[Any], path: str = "") -> Iterator[QuerySet[Any]]:
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


def plan_columns(path: str = "") -> dict[str, Any]:
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


def from_the_beginning() -> dict[str, Any]:
    """Return the id and day of a plan's start."""
    # The plan's own id, negated, stands for its start, so that it can't clash with a review or visit.
    return {"fact_id": F("pk") * -1, "starts_on": "starts_on"}


def plan_page(deadline: Deadline) -> str:
    """Return the page on which a plan's clocks are settled."""
    return reverse("plans:plan-of-child", args=[deadline.child_id])
