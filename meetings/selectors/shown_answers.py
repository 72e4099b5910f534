"""Which scores and views may be read at all, by their ids: all others are hidden from everybody."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from conferences.enums import ConferenceStatus
from conferences.models import Decision
from meetings.enums import AnswerKind
from meetings.models import AnswerRound, Score, View


def scores_shown() -> QuerySet[Any, Any]:
    """Return the ids of scores shown in some part of their meeting."""
    return Score.shown_in.through.objects.values("score")


def views_shown() -> QuerySet[Any, Any]:
    """Return the ids of views whose round is over, or about whose child the chair has decided."""
    ended = AnswerRound.objects.filter(
        kind=AnswerKind.VIEW, conference_child=OuterRef("conference_child"), part=OuterRef("part")
    )
    decided = Decision.objects.filter(conference_child=OuterRef("conference_child"))
    is_over = Q(conference_child__conference__status=ConferenceStatus.CLOSED)
    return View.objects.filter(Exists(ended) | Exists(decided) | is_over).values("pk")
