"""Child protection plans that last long, and second plans with what ended the ones before: marks for staff only."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateField, F, Func, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import LessThanOrEqual

from conferences.clocks.conferences import held_when
from conferences.enums import EndsBecause, PlanEffect
from conferences.models import Decision
from deadlines.facts import London
from deadlines.policies import PolicyMissing, policy_for
from deadlines.working_days.arithmetic import months_from
from families.enums import TransferState
from families.models import TransferIn
from govuk import words
from plans.enums import EndReason, PlanKind
from plans.models import Plan, PlanCategory

ORDINALS = ("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth")


@dataclass(frozen=True)
class Figures:
    """After how many months a council marks a plan as lasting long, and how soon after the last one another follows."""

    marks: tuple[int, ...] = ()
    soon_within: int = 0


@dataclass(frozen=True)
class Marks:
    """How a plan is marked: the months it has passed, and which plan of the child it is."""

    over_months: int | None = None
    is_last_mark: bool = False
    number: int = 1
    soon_within: int | None = None

    def __bool__(self) -> bool:
        return bool(self.over_months) or self.number > 1

    @property
    def lasting(self) -> str:
        return f"Over {words.count(self.over_months, 'month')}" if self.over_months else ""

    @property
    def lasting_colour(self) -> str:
        return "red" if self.is_last_mark else "yellow"

    @property
    def repeated(self) -> str:
        """Return for example "Second plan", and within how many months of the last; nothing for a first one."""
        if self.number == 1:
            return ""
        name = ORDINALS[self.number] if self.number < len(ORDINALS) else f"{self.number}th"
        soon = f", within {words.count(self.soon_within, 'month')} of the last" if self.soon_within else ""
        return f"{name} plan{soon}"

    @property
    def repeated_colour(self) -> str:
        return "red" if self.soon_within else "purple"


@dataclass(frozen=True)
class EarlierPlan:
    """A child protection plan that the child had before, here or elsewhere, and what ended it."""

    plan_id: int | None
    held_by: str
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    category: str
    ended: str
    because: str


class MonthsAfter(Func):
    """The same day of the month so many months after a day, else the month's last."""

    output_field = DateField()

    def __init__(self, day: str, months: int) -> None:
        super().__init__(F(day), template=f"(%(expressions)s + interval '{int(months)} months')::date")


def figures_of(authority_id: int, *, on: datetime.date) -> Figures:
    """Return the council's figures in force on a day; none without procedures."""
    try:
        policy = policy_for(authority_id, on=on)
    except PolicyMissing:
        return Figures()
    return Figures(policy.drift_marks, policy.second_plan_within)


def own_cp() -> Q:
    """Match this council's own child protection plans."""
    return Q(kind=PlanKind.CP, held_elsewhere="") & ~Q(end_reason=EndReason.ENTERED_IN_ERROR)


def _before() -> QuerySet[Plan]:
    """Return the child protection plans of the outer plan's child before it, wherever they were held."""
    plans = Plan.objects.filter(kind=PlanKind.CP, child=OuterRef("child")).exclude(
        end_reason=EndReason.ENTERED_IN_ERROR
    )
    ended_here = Q(held_elsewhere="", ends_on__lte=OuterRef("starts_on"))
    return plans.filter(ended_here | ~Q(held_elsewhere="") & Q(starts_on__lt=OuterRef("starts_on"))).order_by()


def _moved_here() -> QuerySet[TransferIn]:
    """Return the moves of the outer plan's child here with another council's plan, before it began."""
    rows = TransferIn.objects.filter(child=OuterRef("child"), notified_on__lte=OuterRef("starts_on"))
    return rows.exclude(state=TransferState.CANCELLED).order_by()


def with_marks(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Annotate plans with how many the child had before, and when the last of them ended.

    A plan elsewhere counts where it is recorded: as a plan, as a move here, or as a number on the child. One with which
    the child moved here, and which ours carried on, is a plan before, but no plan after whose end ours followed soon.
    """

    def number_of(rows: QuerySet[Any]) -> Coalesce:
        counted = rows.values("child").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    last = _before().filter(ends_on__lte=OuterRef("starts_on")).values("child")
    return plans.annotate(
        earlier_plans=number_of(_before().filter(held_elsewhere=""))
        + Greatest(
            number_of(_before().exclude(held_elsewhere="")) + number_of(_moved_here()),
            Coalesce(F("child__previous_plans_elsewhere"), 0, output_field=IntegerField()),
        ),
        last_ended_on=Subquery(last.annotate(last=Max("ends_on")).values("last"), output_field=DateField()),
    )


def marks_of(plans: Iterable[Any], *, on: datetime.date) -> dict[int, Marks]:
    """Return the marks of plans annotated by ``with_marks``, by id; one query for each council among them.

    Only this council's own child protection plans are marked, and only open ones for how long they last.
    """
    councils: dict[int, Figures] = {}
    found = {}
    for plan in plans:
        if plan.kind != PlanKind.CP or plan.held_elsewhere or plan.end_reason == EndReason.ENTERED_IN_ERROR:
            continue
        if plan.authority_id not in councils:
            councils[plan.authority_id] = figures_of(plan.authority_id, on=on)
        found[plan.pk] = _marks(plan, councils[plan.authority_id], on=on)
    return found


def _marks(plan: Any, figures: Figures, *, on: datetime.date) -> Marks:
    passed = [months for months in figures.marks if plan.is_open and months_from(plan.starts_on, months) <= on]
    last = plan.last_ended_on
    soon = bool(last and figures.soon_within and plan.starts_on <= months_from(last, figures.soon_within))
    return Marks(
        over_months=passed[-1] if passed else None,
        is_last_mark=bool(passed) and passed[-1] == figures.marks[-1],
        number=plan.earlier_plans + 1,
        soon_within=figures.soon_within if soon else None,
    )


def lasting(figures: Figures, *, on: datetime.date, mark: int | None = None) -> Q:
    """Match open own plans that have passed a mark, by default the council's first."""
    months = mark if mark is not None else (figures.marks[0] if figures.marks else None)
    if months is None:
        return Q(pk__in=[])
    passed = LessThanOrEqual(MonthsAfter("starts_on", months), Value(on))
    return own_cp() & Q(passed, ends_on__isnull=True)


def repeated() -> Q:
    """Match own plans, annotated by ``with_marks``, of children who had one before."""
    return own_cp() & Q(earlier_plans__gt=0)


def follows_soon(figures: Figures) -> Q:
    """Match own plans, annotated by ``with_marks``, that began within the council's months after the last."""
    if not figures.soon_within:
        return Q(pk__in=[])
    return own_cp() & Q(starts_on__lte=MonthsAfter("last_ended_on", figures.soon_within))


def _outer_last_category() -> Subquery:
    latest = PlanCategory.objects.filter(plan=OuterRef("pk")).order_by("-starts_on", "-pk")
    return Subquery(latest.values("category")[:1])


def earlier_plans_of(plan: Plan) -> list[EarlierPlan]:
    """Return the child protection plans that the plan's child had before it, newest first; three queries at most.

    What ended one here is the chair's decision, where a conference ended it. Where only their number is known, one row
    stands for those of which nothing else is recorded.
    """
    rows = Plan.objects.filter(kind=PlanKind.CP, child=plan.child_id).exclude(end_reason=EndReason.ENTERED_IN_ERROR)
    here = Q(held_elsewhere="", ends_on__lte=plan.starts_on)
    rows = rows.filter(here | ~Q(held_elsewhere="") & Q(starts_on__lt=plan.starts_on)).exclude(pk=plan.pk)
    decided = (
        Decision.objects.filter(
            conference_child__child=OuterRef("child"),
            on_plan__in=[PlanEffect.ENDS, PlanEffect.LOWERED],
            superseded_by__isnull=True,
        )
        .annotate(day=London(held_when("sitting__")))
        .filter(day=OuterRef("ends_on"))
    )
    found = [
        EarlierPlan(
            plan_id=row.pk if not row.held_elsewhere else None,
            held_by=row.held_elsewhere,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            category=row.category or row.initial_category,
            ended=str(row.get_end_reason_display()),
            because=EndsBecause(row.because).label if row.because else "",
        )
        for row in rows.annotate(
            category=_outer_last_category(), because=Subquery(decided.order_by("-pk").values("ends_because")[:1])
        ).order_by("-starts_on", "-pk")
    ]
    moved = TransferIn.objects.filter(child=plan.child_id, notified_on__lte=plan.starts_on)
    for row in moved.exclude(state=TransferState.CANCELLED).order_by("-notified_on", "-pk"):
        ended = "Ended there in writing" if row.ended_there_on else "Carried on here when the child moved"
        found.append(EarlierPlan(None, row.from_authority, None, row.ended_there_on, "", ended, ""))
    unknown = (plan.child.previous_plans_elsewhere or 0) - sum(bool(row.held_by) for row in found)
    if unknown > 0:
        held_by = f"{words.count(unknown, 'plan')} elsewhere"
        found.append(EarlierPlan(None, held_by, None, None, "", "", ""))
    return found
