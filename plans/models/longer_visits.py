"""Whether whoever the procedures name agrees to visits further apart than the ceiling."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import Decision
from plans.models.plans import Plan


@tracked
class LongerVisits(models.Model):
    """Visits further apart than the council's ceiling, as a chair decided, that someone else has to agree to.

    Until they have, and where they refuse, the child is visited every ``ceiling_working_days``. Agreeing counts from
    that day on. Not made where the chair's own reason is enough.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="longer_visits")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="longer_visits")
    ceiling_working_days = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField("agreed to the longer interval", null=True, blank=True)
    reason = models.TextField("why not", blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        verbose_name_plural = "longer visits"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, agreed__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, agreed__isnull=False),
                name="longer_visits_answered_by_someone",
                violation_error_message="Say whether you agree.",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True) | Q(agreed=True) | Q(reason__regex=r"\S"),
                name="longer_visits_refused_with_reason",
                violation_error_message="Say why you do not agree.",
            ),
        ]

    def __str__(self) -> str:
        return f"longer visits under plan {self.plan_id}"
