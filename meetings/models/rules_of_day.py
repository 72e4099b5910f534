"""What is kept of the rules of the day: statements read out, breaks, and who agreed to an observer."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import Part, Participant, Sitting
from families.enums import Answer
from meetings.enums import Statement


@tracked
class StatementRead(models.Model):
    """One of the council's statements was read out in one part, in these words."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="statements_read")
    statement = models.CharField(max_length=16, choices=Statement.choices)
    words = ArrayField(models.TextField(), verbose_name="what was read out")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ("read_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [models.UniqueConstraint(fields=("part", "statement"), name="statement_read_once")]

    def __str__(self) -> str:
        return f"statement {self.pk} read out"


@tracked
class Break(models.Model):
    """A break in a sitting; ``ended_at`` is empty while it lasts."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="breaks")
    reason = models.CharField("why there was a break", max_length=250, blank=True)
    began_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("began_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("sitting",), condition=Q(ended_at__isnull=True), name="one_break_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__gte=F("began_at"), ended_by__isnull=False),
                name="break_ends_after_it_begins",
                violation_error_message="A break can’t end before it began.",
            ),
        ]

    def __str__(self) -> str:
        return f"break {self.pk}"


@tracked
class ObserverAnswer(models.Model):
    """Whether someone of the family agrees that an observer sits in."""

    observer = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="answers_about")
    asked = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="answers_about_observers")
    answer = models.CharField(max_length=16, choices=Answer.choices)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("observer", "asked"), name="observer_answer_once"),
            models.CheckConstraint(condition=~Q(observer=F("asked")), name="nobody_answers_about_themselves"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} about an observer"
