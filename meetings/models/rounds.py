"""How scores and views are asked for: until when each round goes on, and the turns at a tablet passed round."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.history import never_deleted, tracked
from conferences.models import ConferenceChild, Part, Participant
from meetings.enums import AnswerKind
from meetings.models.bases import AskedByDecision, RoundEnd, Turn, asked_checks, turn_checks


@tracked
class AnswerRound(RoundEnd):
    """The end of asking for scores or views about one child in one part of the meeting."""

    kind = models.CharField(max_length=5, choices=AnswerKind.choices)
    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="rounds")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="rounds")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("kind", "conference_child", "part"), name="round_ends_once")
        ]

    def __str__(self) -> str:
        return f"round {self.pk}"


@tracked
class AskedChild(AskedByDecision):
    """The chair decides that a child who takes part is asked for a score."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="asked_as_child")

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "asked children"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = asked_checks("", "participant")

    def __str__(self) -> str:
        return f"asked child {self.pk}"


class TabletTurn(Turn):
    """One person's turn at a tablet that is passed round, in one part."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="turns")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = turn_checks("", "participant")

    def __str__(self) -> str:
        return f"turn {self.pk}"
