"""Plans' events for a family's timeline."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from deadlines.timeline import CaseEvent
from families.models import Family
from plans.access import visible_plans
from plans.models import Visit


def plan_events(user: User, family: Family) -> Iterator[CaseEvent]:
    """Yield when each plan the user may see of the family's children began and ended, and its visits."""
    children = family.members.filter(person__child__isnull=False).values("person__child")
    plans = list(
        visible_plans(user).filter(child__in=children, held_elsewhere="").select_related("child__person").order_by("pk")
    )
    names = {plan.pk: plan.child.person.short_name for plan in plans}
    pages = {plan.pk: reverse("plans:plan-of-child", args=[plan.child_id]) for plan in plans}
    for plan in plans:
        kind = plan.get_kind_display()
        yield CaseEvent(plan.starts_on, f"{kind} for {names[plan.pk]} began", pages[plan.pk])
        if plan.ends_on is not None:
            yield CaseEvent(plan.ends_on, f"{kind} for {names[plan.pk]} ended", pages[plan.pk])
    for visit in Visit.objects.standing().filter(plan__in=list(names)).order_by("made_at"):
        seen = "seen" if visit.child_seen else "not seen"
        what = "Visit by another professional" if visit.by_post_id else "Visit"
        yield CaseEvent(visit.made_at, f"{what}: {names[visit.plan_id]} {seen}", pages[visit.plan_id])
