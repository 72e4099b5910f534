"""Asks the apps above which children have a child protection plan: their conference is a review."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from govuk.hook import Hook

# Return, by child id, since when each has a plan in words such as "child protection plan since 3 May 2026".
PlansHeld = Callable[[Collection[int]], Mapping[int, str]]
plans_held: Hook[PlansHeld] = Hook()


def plans_of(child_ids: Collection[int]) -> dict[int, str]:
    """Return the children's child protection plans in force, in words, by child id."""
    found: dict[int, str] = {}
    for ask in plans_held:
        found.update(ask(child_ids))
    return found
