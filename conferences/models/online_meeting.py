"""Whether the meeting is recorded, as the chair decided, and who each person in the lobby is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models.conference import Conference, Sitting
from conferences.models.people import Participant


class RecordingKind(models.TextChoices):
    """What the chair decides about recording a meeting."""

    NONE = "none", "It is not recorded"
    RECORDED = "recorded", "Sound, or sound and picture, are recorded"
    TRANSCRIBED = "transcribed", "A program writes down what is said"
    BOTH = "both", "It is recorded, and a program writes down what is said"

    @property
    def sentence(self) -> str:
        """Return the sentence that those who come read."""
        return {
            RecordingKind.NONE: "The meeting is not recorded, and no program writes down what is said.",
            RecordingKind.RECORDED: "The meeting is recorded.",
            RecordingKind.TRANSCRIBED: "A computer program writes down what is said at the meeting.",
            RecordingKind.BOTH: "The meeting is recorded, and a computer program writes down what is said.",
        }[self]


@tracked
class RecordingDecision(models.Model):
    """What the chair decided about recording a meeting or having it written down by a program. The newest counts."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="recording_decisions")
    kind = models.CharField("what is done", max_length=12, choices=RecordingKind.choices)
    told = models.TextField("what everyone is told", blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-decided_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference",), condition=Q(superseded_at__isnull=True), name="one_decision_on_recording"
            ),
            models.CheckConstraint(
                condition=Q(kind=RecordingKind.NONE) | Q(told__regex=r"\S"),
                name="recording_is_explained",
                violation_error_message="Say why, who keeps it and for how long.",
            ),
        ]

    def __str__(self) -> str:
        return f"decision on recording {self.pk}"

    @property
    def words(self) -> str:
        """Return what everyone who comes is told."""
        return " ".join(filter(None, (RecordingKind(self.kind).sentence, self.told)))


@tracked
class LobbyCheck(models.Model):
    """That somebody who joins a sitting on a screen is who they say, and by whom they are known there."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="lobby_checks")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="lobby_checks")
    known_by = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    how = models.CharField("how it was made sure", max_length=250, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ("-checked_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("participant", "sitting"), name="checked_once_in_a_sitting"),
            models.CheckConstraint(
                condition=Q(known_by__isnull=False) | Q(how__regex=r"\S"),
                name="lobby_check_says_how",
                violation_error_message="Say by whom they are known, or how you made sure.",
            ),
        ]

    def __str__(self) -> str:
        return f"lobby check {self.pk}"
