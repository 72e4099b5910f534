"""What core groups change about the plans they carry out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.history import append_only, tracked
from core_groups.models.meetings import CoreGroupMeeting
from plans.models import PlanVersion


@tracked
class ChangeAtMeeting(models.Model):
    """At which meeting a version of a plan was made."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="changes")
    plan_version = models.OneToOneField(PlanVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "changes at meetings"
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"change {self.pk}"
