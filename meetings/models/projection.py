"""What is shown on the room's screen, and who allowed it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted
from accounts.models import User
from conferences.models.conference import Conference, Sitting


class Projection(models.Model):
    """A read-only session of one conference on a computer where no one signs in.

    It starts with a short code that works once (``code_hash``), continues with a cookie (``token_hash``), and
    shows the shared board and nothing else. ``shown`` says what was on it when it last changed, for the read
    log.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="projections")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="projections")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64)
    code_until = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    shown = models.CharField(max_length=100, blank=True)

    class Meta:
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("code_hash",), name="projection_code_is_its_own"),
            models.UniqueConstraint(
                fields=("token_hash",), condition=~Q(token_hash=""), name="projection_token_is_its_own"
            ),
            models.UniqueConstraint(
                fields=("conference",),
                condition=Q(ended_at__isnull=True),
                name="one_projection_at_a_time",
                violation_error_message="The room’s screen is already on.",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("started_at")), name="projection_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"projection {self.pk}"
