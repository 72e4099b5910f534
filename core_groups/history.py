"""Defines the history record of a core group."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.history.registry import Part, Record, register_record
from accounts.models import User
from core_groups import models
from core_groups.access import CORE_GROUP_SAFETY_RULE
from core_groups.selectors.rounds import meeting_scores_shown
from plans.models import ActionProgress


def _scores_shown(_user: User) -> QuerySet[Any, Any]:
    return meeting_scores_shown()


def _stops_told(user: User) -> QuerySet[Any, Any]:
    """Return the ids of the stops that the user is told of."""
    groups = CORE_GROUP_SAFETY_RULE.visible(models.CoreGroup.objects.all(), user)
    return models.MeetingStop.objects.filter(meeting__core_group__in=groups.values("pk")).values("pk")


OF_A_MEETING = ("meeting__core_group",)
CORE_GROUP_RECORD = Record(
    "core group",
    models.CoreGroup,
    (
        Part(models.CoreGroup),
        Part(models.CoreGroupMember, ("core_group",)),
        Part(models.CoreGroupMeeting, ("core_group",)),
        Part(models.ApartDecision, ("core_group",)),
        Part(models.SeparateSitting, OF_A_MEETING),
        Part(models.ChangeAtMeeting, OF_A_MEETING),
        Part(models.HeldForChild, OF_A_MEETING),
        Part(models.MeetingAttendance, OF_A_MEETING),
        Part(models.AlsoThere, OF_A_MEETING),
        Part(models.AnswerAboutObserver, ("observer__meeting__core_group",)),
        Part(models.MeetingStatement, OF_A_MEETING),
        Part(models.MeetingBreak, OF_A_MEETING),
        Part(models.ProgressAtMeeting, OF_A_MEETING),
        Part(ActionProgress, ("at_meeting__meeting__core_group",)),
        Part(models.MeetingNote, OF_A_MEETING),
        Part(models.LateNote, OF_A_MEETING),
        Part(models.MeetingScore, OF_A_MEETING, only={"id": _scores_shown}),
        Part(models.MeetingRound, OF_A_MEETING),
        Part(models.AskedMember, ("member__core_group",)),
        Part(models.MeetingStop, OF_A_MEETING, only={"id": _stops_told}),
        Part(models.OwnWords, OF_A_MEETING),
        Part(models.MemberToTell, OF_A_MEETING),
        Part(models.MemberTelling, ("to_tell__meeting__core_group",)),
    ),
)


def register_history() -> None:
    """Register the record of a core group; called once from ``connect``."""
    register_record(CORE_GROUP_RECORD)
