"""The clocks of visits: the next one, the next try after a failed one, and gaps in a council's pattern."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Lead, NullIf
from django.db.models.lookups import IsNull

from deadlines.clocks import Clock, register
from deadlines.enums import Unit
from deadlines.facts import Families, London, facts
from deadlines.models import PolicyVersion
from families.enums import Answer
from plans.clocks.of_plans import from_the_beginning, of_plans, plan_columns, plan_page
from plans.enums import PlanKind
from plans.models import Plan, Visit
from plans.selectors.frequency import is_visited, visits_every


def visit(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for the start of each plan and for each visit at which a worker saw the child."""
    seen = Visit.objects.of_social_care().filter(plan=OuterRef("pk"), child_seen=True).order_by("made_at", "pk")
    for plans in of_plans(families, Plan.objects.filter(is_visited())):
        yield facts(
            plans,
            **plan_columns(),
            **from_the_beginning(),
            **_own_frequency(OuterRef("starts_on")),
            met_at=Subquery(seen.values("made_at")[:1]),
        )
    visits = Visit.objects.of_social_care().filter(is_visited("plan__"), child_seen=True)
    for rows in of_plans(families, visits, "plan__"):
        yield facts(
            rows,
            **plan_columns("plan__"),
            **_own_frequency(London(OuterRef("made_at")), "plan__"),
            fact_id="pk",
            starts_on=London(F("made_at")),
            met_at=Window(Lead("made_at"), partition_by=F("plan_id"), order_by=("made_at", "pk")),
        )


class DaysBetween(Func):
    """The days from the second date to the first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    arity = 2
    output_field = IntegerField()


def visit_again(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each visit at which a worker did not see the child, until the next visit is made."""
    made = Visit.objects.of_social_care().filter(plan=OuterRef("plan"))
    next_one = made.filter(made_at__gt=OuterRef("made_at")).order_by("made_at", "pk")
    failed = Visit.objects.of_social_care().filter(is_visited("plan__"), child_seen=False, next_try_on__isnull=False)
    for rows in of_plans(families, failed, "plan__"):
        yield facts(
            rows,
            **plan_columns("plan__"),
            fact_id="pk",
            starts_on=London(F("made_at")),
            own_amount=DaysBetween(F("next_try_on"), London(F("made_at"))),
            own_unit=Value(Unit.DAYS),
            met_at=Subquery(next_one.values("made_at")[:1]),
        )


def _gap(field: str, value: str) -> Callable[[Families], Iterator[QuerySet[Any, Any]]]:
    def gaps(families: Families) -> Iterator[QuerySet[Any, Any]]:
        """Yield one fact for each visit with which the visits in a row without it became as many as the policy names.

        It runs as long as the plan's next visit, and is met by the first visit with it.
        """
        made = Visit.objects.of_social_care().filter(plan=OuterRef("plan"))
        with_it = made.filter(**{field: Answer.YES}).order_by("made_at", "pk")
        before = (
            with_it.filter(made_at__lte=OuterRef("made_at")).order_by().values("plan").annotate(last=Max("made_at"))
        )
        without = made.filter(
            child_seen=True,
            made_at__lte=OuterRef("made_at"),
            made_at__gt=Coalesce(OuterRef("last_with_it"), OuterRef("plan_began")),
        ).exclude(**{f"{field}__in": [Answer.YES, Answer.DOES_NOT_APPLY]})
        run = without.order_by().values("plan").annotate(n=Count("pk")).values("n")
        visits = (
            Visit.objects.of_social_care()
            .filter(plan__kind=PlanKind.CP, child_seen=True)
            .exclude(**{f"{field}__in": [Answer.YES, Answer.DOES_NOT_APPLY]})
            .annotate(
                last_with_it=Subquery(before.values("last")),
                plan_began=Cast(F("plan__starts_on"), DateTimeField()),
                one_in=_one_in(value),
            )
            .filter(one_in__isnull=False)
            .annotate(run=Subquery(run, output_field=IntegerField()))
            .filter(run=F("one_in"))
        )
        for rows in of_plans(families, visits, "plan__"):
            yield facts(
                rows,
                **plan_columns("plan__"),
                **_own_frequency(London(OuterRef("made_at")), "plan__"),
                fact_id="pk",
                limit_key=Value("visit"),
                starts_on=London(F("made_at")),
                met_at=Subquery(with_it.filter(made_at__gt=OuterRef("made_at")).values("made_at")[:1]),
            )

    return gaps


def _one_in(value: str) -> Subquery:
    """Return the figure of a pattern in force on the day of the outer visit; NULL where the council sets none."""
    of_values = KeyTransform(value, KeyTransform("values", "data"))
    versions = PolicyVersion.objects.filter(
        authority=OuterRef("plan__authority"), in_force_from__lte=London(OuterRef("made_at"))
    ).order_by("-in_force_from", "-number")
    figure = NullIf(KeyTextTransform("value", of_values), Value("not set"), output_field=TextField())
    return Subquery(versions.annotate(one_in=Cast(figure, IntegerField())).values("one_in")[:1])


def _own_frequency(on: Any, path: str = "") -> dict[str, Any]:
    """Return the figure in force on the day from which this visit is counted."""
    every = visits_every(on, path)
    return {"own_amount": every, "own_unit": Case(When(IsNull(every, False), then=Value(Unit.WORKING_DAYS)))}


def register_visit_clocks() -> None:
    """Register the clocks of visits."""
    register(
        Clock(
            kind="visit",
            title="Visit and see the child",
            rule=(
                "The child is seen as often as the plan says, counted from its start "
                "or the last visit with the child seen."
            ),
            facts=visit,
            url=plan_page,
            button="Record the visit",
            event="plan's start or last visit with the child seen",
            met_when="a visit at which this child was seen",
        )
    )
    register(
        Clock(
            kind="visit-again",
            is_urgent=True,
            title="Try again to see the child",
            rule="After a visit at which the child was not seen, the next try is made on the day that was agreed.",
            facts=visit_again,
            url=plan_page,
            button="Record the visit",
            event="visit at which the child was not seen",
            met_when="the next visit is made",
        )
    )
    register(
        Clock(
            kind="visit-alone",
            title="See the child alone",
            rule="The council asks that a child is seen alone at some of the visits. There is a gap.",
            facts=_gap("seen_alone", "visits-child-alone"),
            url=plan_page,
            button="Record the visit",
            event="visit with which there was a gap",
            met_when="a visit at which this child was seen alone",
        )
    )
    register(
        Clock(
            kind="visit-bedroom",
            title="See the child’s bedroom",
            rule="The council asks that the bedroom is seen at some of the visits. There is a gap.",
            facts=_gap("bedroom_seen", "visits-bedroom-seen"),
            url=plan_page,
            button="Record the visit",
            event="visit with which there was a gap",
            met_when="a visit at which the bedroom was seen",
        )
    )
