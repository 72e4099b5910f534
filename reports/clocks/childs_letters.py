"""The clock of telling a child: from the end of the meeting until somebody has told them what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast
from django.urls import reverse

from conferences.clocks.conferences import allocated
from conferences.enums import ConferenceStatus
from conferences.models import ConferenceChild
from deadlines.clocks import Clock, register
from deadlines.facts import Asked, Families, London, Noon, facts, policy_value
from deadlines.models import Deadline
from reports.models import ChildTold


class AgeOn(Func):
    """The age in whole years on a day of someone born on another."""

    template = "extract(year from age(%(expressions)s))::int"
    arity = 2
    output_field = IntegerField()


def children_told(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each child old enough to be told: from the end of the meeting to the day they were told.

    Who was told counts from the day of the talk, whenever it was written down. A child whose age is not known is old
    enough. It stops where there is nobody to tell any more, and for a child who was taken off the meeting. For a
    meeting under procedures that did not have it yet it never runs.
    """
    first = ChildTold.objects.filter(child=OuterRef("pk")).order_by("told_on", "pk").values("told_on")[:1]
    rows = ConferenceChild.objects.filter(
        conference__status=ConferenceStatus.CLOSED, conference__ended_at__isnull=False, withdrawn_at__isnull=True
    ).exclude(child__pregnancy__isnull=False, child__person__birth_date__isnull=True)
    from_age = policy_value("child-told-from-age", authority="conference__authority", on="ended_on")
    rows = rows.annotate(ended_on=London(F("conference__ended_at"))).annotate(
        from_age=Cast(from_age, IntegerField()), age=AgeOn(F("ended_on"), F("child__person__birth_date"))
    )
    rows = rows.filter(Q(age__isnull=True) | Q(age__gte=F("from_age")), from_age__isnull=False)
    yield facts(
        families.of(rows, "conference__family_id"),
        authority_id="conference__authority_id",
        family_id="conference__family_id",
        fact_id="pk",
        child_id="child_id",
        conference_id="conference_id",
        starts_at="conference__ended_at",
        responsible_ids=Asked(allocated("conference__family").values("user_id")),
        met_at=Noon(Subquery(first)),
        not_needed=Case(
            When(child__person__death_date__isnull=False, then=Value("The child died.")),
            When(child__person__sealed_at__isnull=False, then=Value("The record was sealed.")),
            default=Value(""),
        ),
    )


def _to_letter(deadline: Deadline) -> str:
    return reverse("reports:childs-letter", args=[deadline.conference_id, deadline.fact_id])


def register_clocks() -> None:
    """Register the clock. Called from ``reports.hooks``."""
    register(
        Clock(
            kind="child-told",
            title="Tell the child",
            rule="A child is told soon after the meeting what was decided and why, by someone they trust.",
            facts=children_told,
            url=_to_letter,
            button="Say what the child was told",
            event="end of the meeting",
            met_when="it is recorded what the child was told, by whom and when",
        )
    )
