"""The clock of the outline plan, for councils that have one: the family has it, or the first core group is held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Least

from core_groups.enums import MeetingState
from core_groups.models import CoreGroupMeeting
from core_groups.selectors.held import held_meetings_of
from deadlines.clocks import Clock, register
from deadlines.facts import Families, London, facts
from plans.clocks.of_plans import OF_CONFERENCE, from_the_beginning, of_plans, plan_columns, plan_page
from plans.enums import PlanKind
from plans.models import Plan
from reports.enums import DocumentKind
from reports.models import Document


def outline_plan(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each plan that a conference made, until the outline plan is with the family.

    The decisions letter has the plan in it, so it serves as well as a copy of the plan itself. Where the council counts
    the first core group too, the day arranged for that one counts once there is one.
    """
    complete = Document.objects.filter(completed_at__isnull=False).order_by("completed_at")
    letters = complete.filter(kind=DocumentKind.DECISIONS_LETTER, conference=OuterRef(f"{OF_CONFERENCE}"))
    copies = complete.filter(kind=DocumentKind.PLAN, plan=OuterRef("pk"))
    held = held_meetings_of("plan", OuterRef("pk"))
    arranged = CoreGroupMeeting.objects.filter(core_group__plans=OuterRef("pk")).exclude(state=MeetingState.CANCELLED)
    for plans in of_plans(families, Plan.objects.filter(kind=PlanKind.CP, decision__isnull=False)):
        yield facts(
            plans,
            **plan_columns(),
            **from_the_beginning(),
            other_limit_key=Value("first-core-group"),
            other_starts_on=F("starts_on"),
            other_not_after=London(Subquery(arranged.order_by("planned_at").values("planned_at")[:1])),
            met_at=Least(
                Subquery(letters.values("completed_at")[:1]),
                Subquery(copies.values("completed_at")[:1]),
                Subquery(held.order_by("held_at").values("held_at")[:1]),
            ),
        )


def register_clocks() -> None:
    """Register the clock. Called from ``reports.hooks``."""
    register(
        Clock(
            kind="outline-plan",
            title="Give the family the outline plan",
            rule="Where the council asks for it, the family has the outline plan soon after the conference.",
            facts=outline_plan,
            url=plan_page,
            button="Open the plan",
            event="conference that made the plan",
            met_when="everyone due the decisions letter or the plan has it, or the first core group is held",
        )
    )
