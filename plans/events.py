"""Hooks for higher apps: who holds a copy of what was written about a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from govuk.hook import Hook
from plans.models import Plan

# Returns the ids of participants, of any conference, who were given a paper about the plan.
holders_of_copies: Hook[Callable[[Plan], Iterable[int]]] = Hook()
