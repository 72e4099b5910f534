"""Adds the meeting to the history record of its conference."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.history.registry import Part, add_to_record
from accounts.models import User
from conferences.access import STANDING_IN
from conferences.enums import ConferenceStatus
from conferences.history import CONFERENCE
from conferences.models import Decision
from meetings import models
from meetings.enums import AnswerKind
from meetings.selectors.stops import KNOW


def _scores_shown(_user: User) -> QuerySet[Any]:
    """Match scores shown in some part of their meeting; others stay hidden in the history too."""
    return models.Score.shown_in.through.objects.values("score")


def _views_shown(_user: User) -> QuerySet[Any]:
    """Match views that are not hidden any more: written down by someone else, or after the round or the decision."""
    ended = models.AnswerRound.objects.filter(
        kind=AnswerKind.VIEW, conference_child=OuterRef("conference_child"), part=OuterRef("part")
    )
    decided = Decision.objects.filter(conference_child=OuterRef("conference_child"))
    said = Q(recorded_by__isnull=False, turn__isnull=True) & ~Q(recorded_by=F("participant__person__user"))
    said |= Q(recorded_by__isnull=False, turn__isnull=True, participant__person__user__isnull=True)
    is_over = Q(conference_child__conference__status=ConferenceStatus.CLOSED)
    return models.View.objects.filter(said | Exists(ended) | Exists(decided) | is_over).values("pk")


# Under which rights someone opens a conference as its chair.
AS_CHAIR = frozenset({"chair", STANDING_IN})


def _own(user: User) -> QuerySet[Any]:
    """Match the user: a chair's notes are read by the one who wrote them alone."""
    return User.objects.filter(pk=user.pk).values("pk")


def register_history() -> None:
    """Register what was said, scored, decided and corrected. Called once from ``connect``."""
    add_to_record(
        CONFERENCE,
        Part(models.DecisionConsent),
        Part(models.Dissent),
        Part(models.Explanation),
        Part(models.DecisionCorrection),
        Part(models.EntryMove, ("conference",)),
        Part(models.OutlineAction),
        Part(models.Score, only={"id": _scores_shown}),
        Part(models.View, only={"id": _views_shown}),
        Part(models.AnswerRound),
        Part(models.AskedChild),
        Part(models.SafetyStop, rights=KNOW),
        Part(models.WithoutQuorum),
        Part(models.BoardEntry),
        Part(models.AgendaItem),
        Part(models.StatementRead),
        Part(models.Break),
        Part(models.ObserverAnswer),
        Part(models.ChairNote, only={"chair_id": _own}, rights=AS_CHAIR),
        Part(models.ChairReading, rights=AS_CHAIR),
        Part(models.TalkBefore, rights=AS_CHAIR),
        Part(models.TalkPoint, rights=AS_CHAIR),
        Part(models.WordsBefore, rights=AS_CHAIR),
    )
