"""The clocks of a move that waits for an answer, and of a child who is due back from abroad."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.urls import reverse

from deadlines.clocks import Clock, register
from deadlines.facts import Families, London, Noon, facts
from deadlines.models import Deadline
from plans.clocks.of_plans import of_plans, plan_columns
from transfers.enums import OutState
from transfers.models import TransferredChild, TravelAbroad


def transfer_answered(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each child of a move, from the day the other council was told to its answer."""
    for rows in of_plans(families, TransferredChild.objects.all(), "plan__"):
        yield facts(
            rows,
            **plan_columns("plan__"),
            fact_id="pk",
            starts_on="transfer__told_on",
            met_at=Case(When(state=OutState.TOLD, then=Value(None)), default=F("state_at")),
        )


def back_from_abroad(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each journey abroad, from the recorded last day away to the day the child was seen back."""
    for rows in of_plans(families, TravelAbroad.objects.all(), "plan__"):
        yield facts(
            rows,
            **plan_columns("plan__"),
            fact_id="pk",
            starts_on="back_on",
            began_on=London(F("recorded_at")),
            met_at=Noon(F("came_back_on")),
        )


def _transfer_page(deadline: Deadline) -> str:
    row = TransferredChild.objects.select_related("transfer").get(pk=deadline.fact_id)
    return reverse("transfers:transfer", args=[row.transfer.family_id, row.transfer_id])


def _travel_page(deadline: Deadline) -> str:
    plan_id = TravelAbroad.objects.values_list("plan_id", flat=True).get(pk=deadline.fact_id)
    return reverse("transfers:travels", args=[plan_id])


def register_clocks() -> None:
    """Register the clocks. Called from ``connect``."""
    register(
        Clock(
            kind="transfer-answered",
            title="Get the other council’s answer",
            rule="A council that was told of a child with our plan answers; until then everything stays ours.",
            facts=transfer_answered,
            url=_transfer_page,
            button="Record the answer",
            event="day on which it was told",
            met_when="the other council’s answer, or what became of the move, is recorded",
        )
    )
    register(
        Clock(
            kind="back-from-abroad",
            title="See that the child is back from abroad",
            rule="A child on a plan who travelled abroad is seen to be back by the day that was recorded.",
            facts=back_from_abroad,
            url=_travel_page,
            button="Record the return",
            event="last day away",
            met_when="the child was seen to be back",
        )
    )
