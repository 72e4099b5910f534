"""What was typed at a core group without a network on an enrolled device, and arrived later."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.history import never_deleted, tracked
from core_groups.models.meetings import CoreGroupMeeting
from core_groups.models.record import MeetingNote
from meetings.models.bases import ArrivedLate


@tracked
class LateNote(ArrivedLate):
    """A note that waited in a browser; it stands in the record and is marked."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="late_notes")
    entry = models.OneToOneField(MeetingNote, on_delete=models.PROTECT, related_name="late")

    class Meta:
        ordering = ("arrived_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("typed_by", "once_key"), name="core_group_late_note_counts_once")
        ]

    def __str__(self) -> str:
        return f"late note {self.pk} of a core group"
