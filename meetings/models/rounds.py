"""How scores and views are asked for: until when each round goes on, and the turns at a tablet passed round."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import ConferenceChild, Part, Participant
from meetings.enums import AnswerKind


@tracked
class AnswerRound(models.Model):
    """The end of asking for scores or views about one child in one part of the meeting.

    No row while people are still asked. ``ended_by`` is empty where the last answer ended it.
    """

    kind = models.CharField(max_length=5, choices=AnswerKind.choices)
    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="rounds")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="rounds")
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("kind", "conference_child", "part"), name="round_ends_once")
        ]

    def __str__(self) -> str:
        return f"round {self.pk}"


@tracked
class AskedChild(models.Model):
    """The chair decides that a child who takes part is asked for a score."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="asked_as_child")
    reason = models.TextField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "asked children"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("participant",), condition=Q(ended_at__isnull=True), name="child_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="asked_child_says_why", violation_error_message="Say why."
            ),
        ]

    def __str__(self) -> str:
        return f"asked child {self.pk}"


class TabletTurn(models.Model):
    """One person's turn at a tablet that is passed round: a code that works once, for one person in one part.

    The device that typed the code keeps a secret of its own (``token_hash``); no other device can go on with the turn.
    """

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="turns")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64)
    ends_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    has_answered = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("code_hash",), name="turn_code_is_its_own"),
            models.UniqueConstraint(fields=("token_hash",), condition=~Q(token_hash=""), name="turn_token_is_its_own"),
            models.UniqueConstraint(
                fields=("participant",), condition=Q(ended_at__isnull=True), name="one_turn_at_a_time"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("opened_at")), name="turn_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"turn {self.pk}"
