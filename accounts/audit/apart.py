"""Reads that stand apart from the read log that auditors and managers see: that there was one would already tell.

The rows are written, sealed and verified like all others. Whoever may open what was read sees them there.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import AccessEvent
from govuk.hook import Hook

# URL namespaces whose pages stand apart.
kept_apart: Hook[str] = Hook()


def without_apart(events: QuerySet[AccessEvent]) -> QuerySet[AccessEvent]:
    """Return those of ``events`` that the read log shows."""
    hidden = Q()
    for namespace in kept_apart:
        hidden |= Q(page__startswith=f"{namespace}:")
    return events.exclude(hidden) if hidden else events


def apart_in_sql() -> list[str]:
    """Return patterns for ``page LIKE ANY(...)``: the pages that stand apart."""
    return [f"{namespace}:%" for namespace in kept_apart]
