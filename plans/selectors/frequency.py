"""How often a child must be seen under a plan, as set by the chair at the start and at any review since."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case, F, OuterRef, PositiveSmallIntegerField, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from conferences.clocks.conferences import held_when
from conferences.enums import Outcome
from conferences.models import Decision
from deadlines.facts import London
from plans.enums import PlanKind
from plans.models import LongerVisits


def is_visited(path: str = "") -> Q:
    """Match plans whose child is visited: for protection, and in need where a pattern was carried on or set.

    ``path`` leads to the plan.
    """
    in_need = Q(**{f"{path}kind": PlanKind.CIN, f"{path}visit_every_working_days__isnull": False})
    carried = Q(**{f"{path}carried_from__isnull": False}) | Q(**{f"{path}visits_set_at__isnull": False})
    return Q(**{f"{path}kind": PlanKind.CP}) | in_need & carried


def visits_every(on: Any, path: str = "") -> Coalesce:
    """Return the working days between visits in force on the civil day ``on``; ``path`` leads to the plan.

    The figure in the latest decision by then that continued the plan, else the initial one; NULL where neither
    gives one. Past days keep the figure that was in force on them. One beyond the ceiling counts from the day on which
    whoever the procedures name agreed to it; before, the ceiling does.
    """
    decided = (
        Decision.objects.filter(
            conference_child__child=OuterRef(f"{path}child"),
            outcome=Outcome.CP_PLAN,
            superseded_by__isnull=True,
            visit_every_working_days__isnull=False,
        )
        .exclude(pk=Coalesce(OuterRef(f"{path}decision"), Value(0)))
        .annotate(day=London(held_when("sitting__")))
        .filter(
            day__gte=OuterRef(f"{path}starts_on"),
            day__lte=Coalesce(OuterRef(f"{path}ends_on"), Value(datetime.date.max)),
        )
        .filter(day__lte=on)
        .order_by("-day", "-decided_at", "-pk")
    )
    decided = decided.annotate(agreed_on=London(F("longer_visits__answered_at"))).annotate(
        every=Case(
            When(longer_visits__isnull=True, then=F("visit_every_working_days")),
            When(longer_visits__agreed=True, agreed_on__lte=on, then=F("visit_every_working_days")),
            default=F("longer_visits__ceiling_working_days"),
        )
    )
    first = LongerVisits.objects.filter(decision=OuterRef(f"{path}decision")).annotate(
        agreed_on=London(F("answered_at"))
    )
    waiting = Case(
        When(agreed=True, agreed_on__lte=on, then=Value(None)),
        default=F("ceiling_working_days"),
        output_field=PositiveSmallIntegerField(),
    )
    return Coalesce(
        Subquery(decided.values("every")[:1]),
        Subquery(first.annotate(every=waiting).values("every")[:1]),
        F(f"{path}visit_every_working_days"),
    )
