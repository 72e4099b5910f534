"""Who had a copy of something later corrected, and whether they were told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import Participant
from meetings.models import DecisionCorrection, EntryMove
from reports.models.papers import Copy, Document


@tracked
class CorrectionToTell(models.Model):
    """A recipient of a corrected paper, to be told with a copy of the next version or in another way."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="to_tell")
    recipient = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    correction = models.ForeignKey(
        DecisionCorrection, on_delete=models.PROTECT, related_name="to_tell", null=True, blank=True
    )
    move = models.ForeignKey(EntryMove, on_delete=models.PROTECT, related_name="to_tell", null=True, blank=True)
    since = models.DateTimeField("corrected")
    copy = models.ForeignKey(
        Copy, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="told with the copy"
    )
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    told_how = models.CharField("how they were told", max_length=250, blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("document", "recipient"),
                name="told_once_of_each_version",
                violation_error_message="This person is already on the list.",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_by__isnull=True)
                | Q(told_at__isnull=False, told_by__isnull=False) & (Q(copy__isnull=False) | Q(told_how__regex=r"\S")),
                name="told_says_how",
                violation_error_message="Say how they were told.",
            ),
        ]

    def __str__(self) -> str:
        return f"to tell {self.pk}"

    @property
    def is_told(self) -> bool:
        return self.told_at is not None
