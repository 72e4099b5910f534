"""Reads about visits: the pattern that a council asks for, and who else may be visited on the same occasion."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from deadlines.policies import Policy, policy_for
from families.enums import Answer
from families.models import FamilyMember
from plans.access import PLAN_CARRY_RULE
from plans.models import Plan, Visit
from plans.selectors.frequency import is_visited

PATTERNS = {"seen_alone": "Seen alone", "bedroom_seen": "Bedroom seen"}


@dataclass(frozen=True)
class Pattern:
    """How often a child was seen alone, or the bedroom seen, among the visits at which it applies.

    ``one_in`` is N where the council asks for it at one visit in N at the least; None where it does not. ``since`` is
    the number of visits since it was last so.
    """

    title: str
    times: int
    visits: int
    since: int
    one_in: int | None

    @property
    def is_gap(self) -> bool:
        return self.one_in is not None and self.since >= self.one_in

    @property
    def is_due(self) -> bool:
        """Return whether the next visit without it would be a gap."""
        return not self.is_gap and self.one_in is not None and self.visits > 0 and self.since + 1 >= self.one_in > 1


def patterns_of(plans: Sequence[Plan], *, on: datetime.date) -> dict[int, list[Pattern]]:
    """Return, by plan id, how each child's visits so far stand against the council's pattern. One query each."""
    policies = {pk: policy_for(pk, on=on) for pk in {plan.authority_id for plan in plans}}
    found: dict[int, list[Pattern]] = {plan.pk: [] for plan in plans}
    for field, title in PATTERNS.items():
        counted = {row["plan"]: row for row in _counted(field, found)}
        for plan in plans:
            row = counted.get(plan.pk, {"visits": 0, "times": 0, "since": 0})
            one_in = _one_in(policies[plan.authority_id], field)
            found[plan.pk].append(Pattern(title, row["times"], row["visits"], row["since"], one_in))
    return found


def _one_in(policy: Policy, field: str) -> int | None:
    return policy.visits_child_alone if field == "seen_alone" else policy.visits_bedroom_seen


def _counted(field: str, plan_ids: Iterable[int]) -> QuerySet[Any, Any]:
    """Count by plan the visits at which the child was seen and it applies, those with it, and those since the last."""
    with_it = Visit.objects.of_social_care().filter(plan=OuterRef("plan"), **{field: Answer.YES})
    last = with_it.order_by().values("plan").annotate(last=Max("made_at")).values("last")
    seen = Visit.objects.of_social_care().filter(plan__in=list(plan_ids), child_seen=True)
    return (
        seen.exclude(**{field: Answer.DOES_NOT_APPLY})
        .annotate(last=Subquery(last))
        .order_by()
        .values("plan")
        .annotate(
            visits=Count("pk"),
            times=Count("pk", filter=Q(**{field: Answer.YES})),
            since=Count("pk", filter=Q(last__isnull=True) | Q(made_at__gt=F("last"))),
        )
    )


def plans_visited_with(plan: Plan, user: User, *, on: datetime.date) -> list[Plan]:
    """Return the open plans, with visits, of the brothers and sisters that ``user`` carries too, by name."""
    families = FamilyMember.objects.current(on=on).filter(person=plan.child.person_id).values("family")
    members = FamilyMember.objects.current(on=on).filter(family__in=families)
    others = Plan.objects.filter(
        is_visited(), child__person__in=members.values("person"), held_elsewhere="", ends_on__isnull=True
    ).exclude(child=plan.child_id)
    carried = PLAN_CARRY_RULE.visible(others, user).select_related("child__person", "child__pregnancy", "authority")
    return sorted(carried, key=lambda row: (row.child.person.full_name, row.pk))


def visits_with_hidden_place(plan: Plan) -> QuerySet[Visit]:
    """Return the visits whose place is confidential, corrected ones too, newest first."""
    return plan.visits.exclude(where="").filter(where_hidden=True).order_by("-made_at")
