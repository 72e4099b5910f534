"""Adds the meeting to the history record of its conference."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.history.registry import Part, add_to_record
from accounts.models import User
from conferences.access import STANDING_IN
from conferences.enums import ConferenceStatus
from conferences.history import CONFERENCE
from conferences.models import ConferenceChild
from meetings import models


def _scores_shown(_user: User) -> QuerySet[Any]:
    """Match children whose scores have been shown; others stay hidden in the history too."""
    return ConferenceChild.objects.filter(
        Q(scores_shown_at__isnull=False) | Q(conference__status=ConferenceStatus.CLOSED)
    ).values("pk")


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
        Part(models.Score, only={"conference_child_id": _scores_shown}),
        Part(models.View),
        Part(models.SafetyStop),
        Part(models.WithoutQuorum),
        Part(models.BoardEntry),
        Part(models.AgendaItem),
        Part(models.ChairNote, only={"chair_id": _own}, rights=AS_CHAIR),
        Part(models.ChairReading, rights=AS_CHAIR),
        Part(models.TalkBefore, rights=AS_CHAIR),
        Part(models.TalkPoint, rights=AS_CHAIR),
        Part(models.WordsBefore, rights=AS_CHAIR),
    )
