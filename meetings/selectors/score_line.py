"""Scores shown at conferences, for the line of a child's scores."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Exists, F, OuterRef

from conferences.score_line import GivenScore
from deadlines.facts import London
from meetings.enums import Given
from meetings.models import Score


def scores_at_conferences(children: Collection[int]) -> Iterator[GivenScore]:
    """Yield the scores of these children that were shown at conferences, in one query."""
    rows = (
        Score.objects.filter(
            # One that was shown in no part of its meeting is nobody's to see.
            Exists(Score.shown_in.through.objects.filter(score=OuterRef("pk"))),
            conference_child__child__in=children,
            conference_child__scores_shown_at__isnull=False,
            conference_child__conference__meets_at__isnull=False,
            given=Given.GIVEN,
        )
        .annotate(on=London(F("conference_child__conference__meets_at")))
        .order_by("on", "value", "pk")
        .values_list("conference_child__child", "on", "scale", "value", "conference_child__conference", "part")
    )
    for child, on, scale, value, conference, part in rows:
        yield GivenScore(child, on, scale, value or 0, conference=conference, part=part)
