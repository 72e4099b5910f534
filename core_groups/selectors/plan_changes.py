"""What the newest version of a plan changed, as far as a professional in its core group may read it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from plans.models import Plan, PlanAction, PlanVersion
from plans.selectors.document import with_words
from plans.selectors.own_copies import entries_for
from plans.selectors.versions import Change, compare


@dataclass(frozen=True)
class NewestChange:
    """A plan's newest version, and what a reader may know of what it changed."""

    version: PlanVersion
    changes: Sequence[Change]


def newest_change(plan: Plan, persons: set[int], heard: Q, *, on: datetime.date) -> NewestChange | None:
    """Return what changed last, or None where the plan stands as it began.

    ``heard`` matches the actions that need not be kept from these persons.
    """
    newest = plan.versions.order_by("-number").first()
    if newest is None or newest.number == 1:
        return None

    def readable(rows: QuerySet[Any]) -> Iterable[Any]:
        if rows.model is PlanAction:
            return with_words(rows.filter(heard), actions=True)
        return entries_for([plan], persons, on=on, among=rows)

    return NewestChange(newest, compare(plan, newest.number - 1, newest.number, readable))
