"""An adoption closes no plan: it stands in the way of sealing until a manager has ended it on its own ground."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from deadlines.working_days.arithmetic import civil_day
from families.events import CaseEvent, EventKind
from families.models import Child
from notifications.services.outbox import notify
from plans.models import Plan
from plans.selectors.managers import managers_of


def open_plans_in_the_way(child: Child) -> Iterator[str]:
    """Yield why the record of a child with an open plan can't be sealed yet."""
    for plan in Plan.objects.filter(child=child, held_elsewhere="", ends_on__isnull=True).order_by("pk"):
        yield (
            f"There is an open {plan.get_kind_display().lower()}. An adoption ends no plan: end it on its own ground "
            "first, in a review or on the plan’s page."
        )


def on_case_event(event: CaseEvent) -> None:
    """Tell the managers of a plan that an order waits for its end."""
    if event.kind != EventKind.ADOPTION_RECORDED:
        return
    open_plans = Plan.objects.filter(child__in=event.child_ids, held_elsewhere="", ends_on__isnull=True)
    for plan in open_plans.select_related("child__person").order_by("pk"):
        for user in managers_of(plan, on=civil_day(event.now)):
            notify(
                user=user,
                key=f"adoption-of-a-child-on-a-plan:{plan.pk}",
                text="An adoption order is recorded for a child with an open plan. The plan stays until you end it on "
                "its own ground; then the record can be sealed.",
                url=reverse("plans:plan", args=[plan.pk]),
                urgent=True,
                now=event.now,
            )
