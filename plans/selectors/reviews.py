"""What review conferences decided while a plan ran."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from conferences.clocks.conferences import decided_when, held_when
from conferences.enums import ConferenceKind
from conferences.models import Decision
from deadlines.facts import London


def reviews_of_outer() -> QuerySet[Any]:
    """Return what review conferences decided for the outer plan's child while it ran, by ``day`` and ``at``."""
    return (
        Decision.objects.filter(
            conference_child__child=OuterRef("child"),
            conference_child__kind=ConferenceKind.REVIEW,
            superseded_by__isnull=True,
        )
        .annotate(day=London(held_when("sitting__")), at=decided_when())
        .filter(day__gt=OuterRef("starts_on"), day__lte=Coalesce(OuterRef("ends_on"), Value(datetime.date.max)))
        .order_by("at", "pk")
    )
