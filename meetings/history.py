"""Adds the meeting to the history record of its conference."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.history.registry import Part, add_to_record
from accounts.models import User
from conferences.access import STANDING_IN
from conferences.history import CONFERENCE
from meetings import models
from meetings.selectors.shown_answers import scores_shown, views_shown
from meetings.selectors.stops import KNOW


def _scores_shown(_user: User) -> QuerySet[Any]:
    """Match scores shown in some part of their meeting; others stay hidden in the history too."""
    return scores_shown()


def _views_shown(_user: User) -> QuerySet[Any]:
    """Match views that are not hidden any more."""
    return views_shown()


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
        Part(models.OutlineEntry),
        Part(models.Score, only={"id": _scores_shown}),
        Part(models.View, only={"id": _views_shown}),
        Part(models.AnswerRound),
        Part(models.AskedChild),
        Part(models.SafetyStop, rights=KNOW),
        Part(models.WithoutQuorum),
        Part(models.BoardEntry),
        Part(models.LateEntry),
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
