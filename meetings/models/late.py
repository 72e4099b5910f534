"""What was typed without a network on an enrolled device, and arrived later."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.enums import Mode, Presence
from conferences.models import Conference, Part, Participant
from meetings.enums import LateKind, LateState
from meetings.models.bases import ArrivedLate
from meetings.models.board import BoardEntry


@tracked
class LateEntry(ArrivedLate):
    """One entry of a conference that waited in a browser.

    A note is on the board and marked. Attendance that would change the quorum, or that comes after a decision, after
    scores were revealed or after somebody else's record, waits for the chair instead of standing.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="late_entries")
    kind = models.CharField(max_length=10, choices=LateKind.choices)
    entry = models.OneToOneField(BoardEntry, on_delete=models.PROTECT, related_name="late", null=True, blank=True)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    presence = models.CharField(max_length=15, choices=Presence.choices, blank=True)
    mode = models.CharField(max_length=10, choices=Mode.choices, blank=True)
    state = models.CharField(max_length=9, choices=LateState.choices)
    waits_because = models.CharField(max_length=250, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("arrived_at", "pk")
        verbose_name_plural = "late entries"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("typed_by", "once_key"), name="late_entry_counts_once"),
            models.CheckConstraint(
                condition=Q(kind=LateKind.NOTE, entry__isnull=False)
                | Q(kind=LateKind.ATTENDANCE, participant__isnull=False, part__isnull=False) & ~Q(presence=""),
                name="late_entry_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(state=LateState.WAITS) | Q(settled_at__isnull=True) & ~Q(waits_because=""),
                name="late_entry_waits_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"late entry {self.pk}"
