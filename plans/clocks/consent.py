"""The clock of what a manager decides after a disagreement, refusal or withdrawal of consent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from conferences.clocks.losses import managing_family
from deadlines.clocks import Clock, register
from deadlines.facts import Families, London, People, facts
from deadlines.models import Deadline
from plans.clocks.of_plans import of_plans, plan_columns
from plans.enums import PlanKind
from plans.models import ConsentMatter


def consent_decided(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each disagreement, refusal or withdrawal about a child in need plan."""
    rows = ConsentMatter.objects.filter(plan__kind=PlanKind.CIN)
    for matters in of_plans(families, rows, "plan__"):
        columns = plan_columns("plan__")
        yield facts(
            matters,
            **{**columns, "responsible_ids": People(managing_family("counts_for"))},
            fact_id="pk",
            starts_on=London(F("raised_at")),
            met_at=F("decided_at"),
        )


def _page(deadline: Deadline) -> str:
    plan_id = ConsentMatter.objects.values_list("plan_id", flat=True).get(pk=deadline.fact_id)
    return reverse("plans:decide-consent", args=[plan_id, deadline.fact_id])


def register_consent_clock() -> None:
    """Register the clock."""
    register(
        Clock(
            kind="consent-decided",
            title="Decide about the consent to a plan",
            rule="A manager decides what happens when someone disagrees with, refuses or leaves a child in need plan.",
            facts=consent_decided,
            url=_page,
            button="Decide",
            event="day on which it was recorded",
            met_when="a manager has decided",
        )
    )
