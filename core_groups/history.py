"""Defines the history record of a core group."""

from __future__ import annotations

from accounts.history.registry import Part, Record, register_record
from core_groups import models

CORE_GROUP_RECORD = Record(
    "core group",
    models.CoreGroup,
    (
        Part(models.CoreGroup),
        Part(models.CoreGroupMember, ("core_group",)),
        Part(models.CoreGroupMeeting, ("core_group",)),
        Part(models.ApartDecision, ("core_group",)),
        Part(models.SeparateSitting, ("meeting__core_group",)),
        Part(models.ChangeAtMeeting, ("meeting__core_group",)),
    ),
)


def register_history() -> None:
    """Register the record of a core group; called once from ``connect``."""
    register_record(CORE_GROUP_RECORD)
