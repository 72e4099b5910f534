"""Deaths and pregnancies that ended without a child: each an act of its own, corrected in the open if in error."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from families.enums import LossKind, LossQuestion
from families.models.persons import Person


@tracked
class Loss(models.Model):
    """That a person died, or that an unborn child's pregnancy ended. One entered in error stays, with who says so.

    Messages to the family of a child are held until ``messages_from``: then they leave by themselves again.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="losses")
    kind = models.CharField(max_length=12, choices=LossKind.choices, default=LossKind.DIED)
    happened_on = models.DateField("on what day")
    source = models.CharField("who says so", max_length=250, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_because = models.CharField("why it was an error", max_length=500, blank=True)
    messages_from = models.DateTimeField("since when messages to the family leave again", null=True, blank=True)
    messages_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    messages_because = models.CharField("why messages leave again", max_length=500, blank=True)

    class Meta:
        ordering = ("-recorded_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(withdrawn_at__isnull=True),
                name="one_loss_each",
                violation_error_message="This is recorded already.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | (Q(withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="loss_withdrawn_with_reason",
                violation_error_message="Say why it was entered in error.",
            ),
        ]

    def __str__(self) -> str:
        return f"loss {self.pk}"


@tracked
class LossAnswer(models.Model):
    """What a manager answered to one of the questions asked after a child's death."""

    loss = models.ForeignKey(Loss, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=20, choices=LossQuestion.choices)
    is_yes = models.BooleanField("yes")
    note = models.TextField("what was found or done")
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("loss", "question"),
                name="loss_question_answered_once",
                violation_error_message="Someone has answered this already.",
            ),
            models.CheckConstraint(
                condition=Q(note__regex=r"\S"),
                name="loss_answer_says_what",
                violation_error_message="Say what was found or done.",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} after a loss"
