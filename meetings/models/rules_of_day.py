"""What is kept of the rules of the day: statements read out, breaks, and who agreed to an observer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked
from conferences.models import Part, Participant, Sitting
from meetings.models.bases import Pause, ReadOut, SaysWhetherObserved, break_checks


@tracked
class StatementRead(ReadOut):
    """One of the council's statements was read out in one part, in these words."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="statements_read")

    class Meta:
        ordering = ("read_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [models.UniqueConstraint(fields=("part", "statement"), name="statement_read_once")]

    def __str__(self) -> str:
        return f"statement {self.pk} read out"


@tracked
class Break(Pause):
    """A break in a sitting."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="breaks")

    class Meta:
        ordering = ("began_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = break_checks("", "sitting")

    def __str__(self) -> str:
        return f"break {self.pk}"


@tracked
class ObserverAnswer(SaysWhetherObserved):
    """Whether someone of the family agrees that an observer sits in."""

    observer = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="answers_about")
    asked = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="answers_about_observers")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("observer", "asked"), name="observer_answer_once"),
            models.CheckConstraint(condition=~Q(observer=F("asked")), name="nobody_answers_about_themselves"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} about an observer"
