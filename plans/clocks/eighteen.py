"""The clocks of a young person with a plan who is about to turn 18: nothing ends the plan by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import DateField, F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Greatest

from conferences.clocks.losses import managing_family
from deadlines.clocks import Clock, register
from deadlines.facts import Families, People, facts
from families.selectors.birthdays import AdultOn
from plans.clocks.of_plans import of_plans, plan_columns, plan_page
from plans.enums import PlanKind
from plans.models import Plan
from plans.selectors.reviews import reviews_of_outer

# Reviews are never further apart than this, so that one always falls into it.
AHEAD_DAYS = 183


class DaysBefore(Func):
    """The day so many days before another."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    arity = 2
    output_field = DateField()


def _about_to_turn_18(families: Families) -> Iterator[QuerySet[Any, Any]]:
    plans = Plan.objects.filter(kind=PlanKind.CP, child__person__birth_date__isnull=False).annotate(
        adult_on=AdultOn(F("child__person__birth_date"))
    )
    near = plans.annotate(ahead=Greatest(F("starts_on"), DaysBefore(F("adult_on"), Value(AHEAD_DAYS))))
    return of_plans(families, near.filter(ahead__lte=families.today))


def plan_at_18(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each plan of a young person in the half year before the 18th birthday, due on that day."""
    for plans in _about_to_turn_18(families):
        columns = plan_columns()
        yield facts(
            plans,
            **{**columns, "responsible_ids": People(columns["responsible_ids"], managing_family("counts_for"))},
            fact_id="pk",
            starts_on=DaysBefore(F("adult_on"), Value(1)),
            began_on="ahead",
        )


def review_before_18(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for the same plans, met by a review in that half year."""
    for plans in _about_to_turn_18(families):
        held = reviews_of_outer().filter(day__gte=OuterRef("ahead"), day__lt=OuterRef("adult_on"))
        yield facts(
            plans,
            **plan_columns(),
            fact_id="pk",
            starts_on="adult_on",
            began_on="ahead",
            due_not_before="starts_on",
            met_at=Subquery(held.values("at")[:1]),
        )


def register_clocks_at_18() -> None:
    """Register the clocks of the 18th birthday."""
    clocks: list[tuple[str, str, str, Callable[[Families], Iterator[QuerySet[Any, Any]]], str, str, str]] = [
        (
            "review-before-18",
            "Review the plan before the 18th birthday",
            "A plan is reviewed before the young person turns 18, with what adult services say.",
            review_before_18,
            "Open the plan",
            "18th birthday",
            "a review conference has decided for the young person",
        ),
        (
            "plan-at-18",
            "End the plan of a young person who turns 18",
            "A child protection plan never lapses by itself: a manager ends it from the 18th birthday on.",
            plan_at_18,
            "End the plan",
            "last day before the 18th birthday",
            "a manager has ended the plan",
        ),
    ]
    for kind, title, rule, told, button, event, met_when in clocks:
        register(
            Clock(
                kind=kind,
                title=title,
                rule=rule,
                facts=told,
                url=plan_page,
                button=button,
                event=event,
                met_when=met_when,
            )
        )
