"""What a chair found between two conferences about a child's plan, and what a manager decided about it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from plans.enums import Checked, MidPointOutcome
from plans.models.plans import Plan


@tracked
class MidPointCheck(models.Model):
    """The chair's check of a child protection plan between two conferences.

    ``counts_from`` is the day of the conference it follows. One row stands for each; another replaces it
    (``replaced_at``) and both are kept. Where it is ``escalated``, a manager decides what happens.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="mid_point_checks")
    counts_from = models.DateField("day of the conference before")
    actions_moving = models.CharField("are the actions moving", max_length=10, choices=Checked.choices)
    groups_held = models.CharField("are core groups held", max_length=10, choices=Checked.choices)
    child_seen = models.CharField("is the child seen", max_length=10, choices=Checked.choices)
    drifting = models.CharField("is the plan drifting", max_length=10, choices=Checked.choices)
    review_needed = models.CharField("is an early review needed", max_length=10, choices=Checked.choices)
    note = models.TextField("what the chair found", blank=True)
    escalated = models.BooleanField("taken to a manager", default=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField("what happens", max_length=15, choices=MidPointOutcome.choices, blank=True)
    reason = models.TextField("why", blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-recorded_at", "-pk")
        verbose_name = "mid-point check"
        verbose_name_plural = "mid-point checks"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("plan", "counts_from"),
                condition=Q(replaced_at__isnull=True),
                name="one_mid_point_check_stands",
                violation_error_message="This check is recorded already.",
            ),
            models.CheckConstraint(
                condition=Q(escalated=False) | Q(note__regex=r"\S"),
                name="mid_point_escalated_with_words",
                violation_error_message="Say what the manager has to know.",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, escalated=True, reason__regex=r"\S")
                & ~Q(outcome=""),
                name="mid_point_decided_with_reason",
                violation_error_message="Say what happens, and why.",
            ),
        ]

    def __str__(self) -> str:
        return f"mid-point check {self.pk}"

    @property
    def waits_for_manager(self) -> bool:
        return self.escalated and self.decided_at is None and self.replaced_at is None
