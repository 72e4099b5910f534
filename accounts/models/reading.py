"""What people looked at."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.enums import ReadKind
from accounts.history import append_only
from accounts.models.people import Authority, User


class AccessEvent(models.Model):
    """One look at case data: who, what, whom it showed, under which right. Never changed or removed."""

    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reads", null=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=10, choices=ReadKind.choices, default=ReadKind.PAGE)
    page = models.CharField(max_length=80)
    subject = models.CharField(max_length=40, help_text="model name of the row that was opened")
    subject_id = models.BigIntegerField(null=True)
    family_ids = ArrayField(models.BigIntegerField(), default=list)
    person_ids = ArrayField(models.BigIntegerField(), default=list)
    right = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("user", "at")),
            models.Index(fields=("subject", "subject_id", "at")),
        ]
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"{self.kind} {self.page} {self.subject} {self.subject_id}"

    @property
    def page_in_words(self) -> str:
        """The page's own name without its signs: "families:see-family" is "families: see family"."""
        return self.page.replace(":", ": ").replace("-", " ")
