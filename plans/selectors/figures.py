"""How many child protection plans last long, and how many are second ones, for a team and for a council."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Authority, Team, User
from families.access import hidden_restricted
from families.models import FamilyMember
from govuk import words
from plans.access import PLAN_RULE, visible_plans
from plans.enums import Marked
from plans.models import Plan
from plans.selectors.drift import (
    Figures,
    Marks,
    figures_of,
    follows_soon,
    lasting,
    marks_of,
    own_cp,
    repeated,
    with_marks,
)

SHOWN = 10


@dataclass(frozen=True)
class Counted:
    """One number; ``marked`` filters the list of plans to what it counts."""

    label: str
    number: int
    marked: str = ""


@dataclass(frozen=True)
class LongPlan:
    plan: Plan
    marks: Marks


def _open_in(plans: QuerySet[Plan], members: QuerySet[FamilyMember, FamilyMember]) -> QuerySet[Plan]:
    own = plans.filter(own_cp(), ends_on__isnull=True)
    return own.filter(Exists(members.filter(person__child=OuterRef("child"))))


def _counted(plans: QuerySet[Plan], figures: Figures, *, on: datetime.date) -> list[Counted]:
    """Return the numbers, in one query: all, past each mark, and second plans."""
    wanted = {f"over_{months}": lasting(figures, on=on, mark=months) for months in figures.marks}
    wanted |= {"repeated": repeated(), "soon": follows_soon(figures)}
    numbers = (
        with_marks(plans)
        .order_by()
        .aggregate(whole=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in wanted.items()})
    )
    found = [Counted("Open child protection plans", numbers["whole"])]
    found += [
        # The list of plans is filtered by the first mark: those past a later one are the last on it.
        Counted(f"Over {words.count(months, 'month')}", numbers[f"over_{months}"], Marked.LASTING if not place else "")
        for place, months in enumerate(figures.marks)
    ]
    found.append(Counted("Second plans, or later ones", numbers["repeated"], Marked.REPEATED))
    if figures.soon_within:
        label = f"Within {words.count(figures.soon_within, 'month')} of the last plan"
        found.append(Counted(label, numbers["soon"], Marked.SOON))
    return found


def team_figures(team: Team, user: User, *, on: datetime.date) -> tuple[list[Counted], list[LongPlan]]:
    """Return a team's numbers, and its marked plans that the user may see: the longest first, at most ``SHOWN``."""
    members = FamilyMember.objects.current(on=on).filter(family__team=team)
    of_team = list(_open_in(Plan.objects.filter(authority=team.authority_id), members).values_list("pk", flat=True))
    figures = figures_of(team.authority_id, on=on)
    seen = visible_plans(user).filter(pk__in=of_team)
    plans = Plan.objects.filter(pk__in=seen.values("pk"))
    marked = with_marks(PLAN_RULE.named(plans, user)).filter(lasting(figures, on=on) | repeated())
    rows = list(marked.select_related("child__person", "child__pregnancy").order_by("starts_on", "pk")[:SHOWN])
    marks = marks_of(rows, on=on)
    return _counted(plans, figures, on=on), [LongPlan(row, marks[row.pk]) for row in rows]


def council_figures(authority: Authority, user: User, *, on: datetime.date, team_id: int | None) -> list[Counted]:
    """Return a council's numbers, or one team's, without restricted cases that the user may not open."""
    members = FamilyMember.objects.current(on=on).filter(family__authority=authority)
    if team_id is not None:
        members = members.filter(family__team=team_id)
    hidden = FamilyMember.objects.filter(family__in=hidden_restricted(user, authority_id=authority.pk))
    plans = _open_in(Plan.objects.filter(authority=authority), members).filter(child__person__sealed_at__isnull=True)
    plans = plans.exclude(Q(Exists(hidden.filter(person__child=OuterRef("child")))))
    return _counted(plans, figures_of(authority.pk, on=on), on=on)
