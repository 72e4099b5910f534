"""Whether a file of a report may reach one person in the family, as two people looked at it for that reader."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import append_only, tracked
from accounts.models import User
from families.models import Person
from reports.enums import FileAnswer, FileChecker
from reports.models.files import Attachment


@tracked
class FileCheck(models.Model):
    """One look at a file for one reader, by the social worker or the coordinator. The newest of each counts.

    It reaches the reader once both say that it may, and they are two people.
    """

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="checks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    checker = models.CharField("who looked", max_length=12, choices=FileChecker.choices)
    answer = models.CharField(max_length=8, choices=FileAnswer.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer=FileAnswer.MAY) | Q(reason__regex=r"\S"),
                name="kept_file_says_why",
                violation_error_message="Say why it may not reach them.",
            )
        ]

    def __str__(self) -> str:
        return f"check {self.pk} of file {self.attachment_id}"
