"""Why conferences were late, for a council's timeliness figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet

from conferences.models import Conference
from deadlines.models import Deadline


def lateness_causes(late: QuerySet[Deadline, Any]) -> Mapping[str, int]:
    """Return how many of these deadlines' conferences name each cause, "" for none."""
    conferences = Conference.objects.filter(pk__in=late.values("conference_id")).order_by()
    return dict(conferences.values_list("late_cause").annotate(number=Count("pk")))
