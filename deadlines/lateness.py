"""The hook through which a higher app says why late deadlines were late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet

from deadlines.models import Deadline
from govuk.hook import Hook

NOT_RECORDED = ""

Provider = Callable[[QuerySet[Deadline, Any]], Mapping[str, int]]
# Called with late conference deadlines; returns how many conferences name each cause, by the cause's key in the
# policy, NOT_RECORDED for those without, in a fixed number of queries.
late_causes: Hook[Provider] = Hook()


def causes_of(late: QuerySet[Deadline, Any]) -> dict[str, int]:
    """Return how often each cause was given for these deadlines."""
    found: Counter[str] = Counter()
    for provider in late_causes:
        found.update(provider(late))
    return dict(found)
