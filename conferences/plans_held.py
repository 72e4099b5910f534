"""Asks the apps above which children have a child protection plan of this council: their conference is a review."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from govuk import words
from govuk.hook import Hook


@dataclass(frozen=True)
class HeldPlan:
    """A child protection plan of this council, by the day it began, and whether a review has decided about it."""

    since: datetime.date
    is_reviewed: bool = False

    @property
    def words(self) -> str:
        """Return text such as "child protection plan since 3 May 2026"."""
        return f"child protection plan since {words.plain_date(self.since)}"


# Return, by child id, the plan in force: with a day the one in force when that day began, whatever has become of it
# since; without one the plan that is open now.
PlansHeld = Callable[[Collection[int], datetime.date | None], Mapping[int, HeldPlan]]
plans_held: Hook[PlansHeld] = Hook()


def plans_of(child_ids: Collection[int], *, on: datetime.date | None = None) -> dict[int, HeldPlan]:
    """Return the children's own child protection plans, open now or in force when the day ``on`` began, by child id."""
    found: dict[int, HeldPlan] = {}
    for ask in plans_held:
        found.update(ask(child_ids, on))
    return found


def why_a_review(plan: HeldPlan, name: str) -> str:
    """Return why the conference about a child who has a plan can't be of another kind."""
    return f"There is a {plan.words} for {name}, so the conference is a review."
