"""Why a deadline is, or was, late."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.enums import Role
from accounts.history import never_deleted, tracked
from accounts.models import User
from deadlines.models.ledger import Deadline


@tracked
class LateCause(models.Model):
    """What made one deadline late, in the council's words for it and the writer's own.

    The newest that was not replaced counts; earlier ones are kept. ``asked_of`` is the role whose holder has to agree
    by the council's procedures; "" where no one has to.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="late_causes")
    cause = models.CharField("what makes it late", max_length=30)
    reason = models.TextField("why it is late")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    asked_of = models.CharField("who has to agree", max_length=20, choices=Role.choices, blank=True, db_default="")
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("deadline",),
                condition=Q(replaced_at__isnull=True),
                name="one_late_cause_counts",
                violation_error_message="Someone else has just said why. Reload the page.",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="late_cause_says_why",
                violation_error_message="Say why it is late.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="late_cause_agreed_by_someone",
                violation_error_message="Say who agrees.",
            ),
        ]

    def __str__(self) -> str:
        return f"cause of late deadline {self.deadline_id}"
