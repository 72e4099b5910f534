"""Who was told of what, and when background work last ran."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Authority, User
from deadlines.enums import Stage
from deadlines.models.ledger import Deadline
from notifications.models import Message


class DeadlineNotice(models.Model):
    """One person was told once of one stage of a deadline.

    ``late_from`` is part of the key: when a deadline moves to another day its stages start again. ``digest`` is
    the morning e-mail that listed it.
    """

    # The unique constraint below starts with the deadline, so the foreign key needs no index of its own.
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="notices", db_index=False)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deadline_notices", db_index=False)
    late_from = models.DateTimeField()
    raised_at = models.DateTimeField()
    digest = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta:
        ordering = ("-raised_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("deadline", "stage", "user", "late_from"), name="deadline_notice_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=("user", "stage"), condition=Q(digest__isnull=True), name="deadline_notice_of_user")
        ]

    def __str__(self) -> str:
        return f"{self.stage} notice {self.pk}"


class SweepRun(models.Model):
    """Heartbeat of the sweep: when it ran, how long it took, how far behind it was."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    raised = models.PositiveIntegerField(default=0)
    behind = models.DurationField(null=True, help_text="age of the oldest stage that it found waiting")
    untold_ids = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="deadlines with no one who could be told, up to a thousand; tried again an hour later",
    )

    class Meta:
        ordering = ("-started_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("-started_at",), name="sweep_run_newest")]

    def __str__(self) -> str:
        return f"sweep {self.pk}"

    @property
    def took(self) -> datetime.timedelta | None:
        return self.ended_at - self.started_at if self.ended_at else None


class DigestRun(models.Model):
    """Marks one council's digests for one morning as written, all in one transaction."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="digest_runs")
    day = models.DateField()
    written_at = models.DateTimeField()
    people = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-day", "authority")
        constraints: ClassVar = [models.UniqueConstraint(fields=("authority", "day"), name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"digest {self.pk}"


class ReconcileRun(models.Model):
    """Heartbeat of the nightly full count. Each deadline that it had to change reveals a bug."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    stopped = models.PositiveIntegerField(default=0)
    deadline_ids = ArrayField(models.BigIntegerField(), default=list, help_text="those it changed, up to a thousand")
    problems = models.JSONField(default=list, help_text="facts that could not be counted: kind, reason, number")

    class Meta:
        ordering = ("-started_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("-started_at",), name="reconcile_run_newest")]

    def __str__(self) -> str:
        return f"reconcile {self.pk}"

    @property
    def written(self) -> int:
        """Return how many rows it had to create, change or stop."""
        return self.created + self.changed + self.stopped
