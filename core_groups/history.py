"""Defines the history record of a core group."""

from __future__ import annotations

from accounts.history.registry import Part, Record, register_record
from core_groups import models
from plans.models import ActionProgress

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
        Part(models.MeetingAttendance, OF_A_MEETING),
        Part(models.ProgressAtMeeting, OF_A_MEETING),
        Part(ActionProgress, ("at_meeting__meeting__core_group",)),
        Part(models.MeetingNote, OF_A_MEETING),
        Part(models.MeetingScore, OF_A_MEETING),
        Part(models.OwnWords, OF_A_MEETING),
        Part(models.MemberToTell, OF_A_MEETING),
        Part(models.MemberTelling, ("to_tell__meeting__core_group",)),
    ),
)


def register_history() -> None:
    """Register the record of a core group; called once from ``connect``."""
    register_record(CORE_GROUP_RECORD)
