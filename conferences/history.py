"""What makes up the history of a conference; higher apps add their rows to it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.history.registry import Part, Record, register_record
from accounts.models import User
from conferences import models
from conferences.enums import ConferenceStatus
from conferences.models import ConferenceChild

CONFERENCE = "conference"


def _scores_shown(_user: User) -> QuerySet[Any]:
    """Nobody's score is seen before the chair shows them all, nor by looking into the past."""
    return ConferenceChild.objects.filter(
        Q(scores_shown_at__isnull=False) | Q(conference__status=ConferenceStatus.CLOSED)
    ).values("pk")


CONFERENCE_RECORD = Record(
    CONFERENCE,
    models.Conference,
    (
        Part(models.Conference),
        Part(models.Sitting),
        Part(models.StandIn),
        Part(ConferenceChild),
        Part(models.LateAgreement),
        Part(models.Participant),
        Part(models.Deputy),
        Part(models.ListShown),
        Part(models.SaidByGuest),
        Part(models.ExclusionRequest),
        Part(models.Decision),
        Part(models.DecisionConsent),
        Part(models.Dissent),
        Part(models.DecisionCorrection),
        Part(models.EntryMove, ("conference",)),
        Part(models.OutlineAction),
        Part(models.Score, only={"conference_child_id": _scores_shown}),
        Part(models.View),
        Part(models.SafetyStop),
        Part(models.BoardEntry),
        Part(models.AgendaItem),
        Part(models.Part),
        Part(models.Attendance),
    ),
)


def register_history() -> None:
    """The record of a conference; called once from ``connect``."""
    register_record(CONFERENCE_RECORD)
