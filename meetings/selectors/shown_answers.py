"""Which scores and views may be read at all, by their ids: all others are hidden from everybody."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from conferences.enums import ConferenceStatus
from conferences.models import Decision
from meetings.enums import AnswerKind
from meetings.models import AnswerRound, Score, View


def scores_shown() -> QuerySet[Any, Any]:
    """Return the ids of scores shown in some part of their meeting."""
    return Score.shown_in.through.objects.values("score")


def views_shown() -> QuerySet[Any, Any]:
    """Return the ids of views that were written down by someone else, or whose round is over or child decided."""
    ended = AnswerRound.objects.filter(
        kind=AnswerKind.VIEW, conference_child=OuterRef("conference_child"), part=OuterRef("part")
    )
    decided = Decision.objects.filter(conference_child=OuterRef("conference_child"))
    said = Q(recorded_by__isnull=False, turn__isnull=True) & ~Q(recorded_by=F("participant__person__user"))
    said |= Q(recorded_by__isnull=False, turn__isnull=True, participant__person__user__isnull=True)
    is_over = Q(conference_child__conference__status=ConferenceStatus.CLOSED)
    return View.objects.filter(said | Exists(ended) | Exists(decided) | is_over).values("pk")
