"""The ledger of deadlines, its history, and recounts."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from accounts.history import append_only
from accounts.models import Authority, User
from deadlines.enums import ChangeKind, Stage, State, Unit, WhyMoved
from deadlines.models.procedures import PolicyVersion


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> DeadlineQuerySet:
        """Return deadlines neither met nor stopped."""
        return self.filter(met_at__isnull=True, not_needed="")

    def late(self, *, now: datetime.datetime) -> DeadlineQuerySet:
        return self.open().filter(late_from__lte=now)

    def answered_by(self, user: User) -> DeadlineQuerySet:
        return self.filter(responsible_ids__contains=[user.pk])


class Deadline(models.Model):
    """One row of the ledger: a projection of facts owned by other apps, written only by ``reconcile``.

    It holds plain ids, because the facts live in apps above this one. ``due_on`` is the last day of the limit
    (a civil day in London), ``due_at`` its last moment where the limit is in hours, ``plan_for_on`` the last
    working day on or before it. ``due_on_in_england`` is the same limit counted without the council's closure
    days, ``outer_on`` the end of the national outer limit where there is one. Of two limits the earlier counts;
    ``other_limit_key``, ``other_starts_on`` and ``other_due_on`` keep the later one. ``warn_at``, ``due_from``,
    ``late_from``, ``manager_from`` and ``service_manager_from`` are the moments at which each stage begins;
    ``next_stage_at`` is the earliest stage that people may not have been told of yet.
    """

    kind = models.CharField(max_length=40)
    authority_id = models.BigIntegerField()
    family_id = models.BigIntegerField()
    fact_id = models.BigIntegerField()
    child_id = models.BigIntegerField(null=True)
    conference_id = models.BigIntegerField(null=True)
    responsible_ids = ArrayField(models.BigIntegerField(), default=list)
    what = models.CharField(max_length=120, blank=True)

    starts_on = models.DateField()
    starts_at = models.DateTimeField(null=True)
    policy_version_id = models.BigIntegerField()
    limit_key = models.CharField(max_length=60)
    own_amount = models.PositiveIntegerField(null=True, help_text="a figure that replaces the policy's")
    own_unit = models.CharField(max_length=15, choices=Unit.choices, blank=True)

    due_on = models.DateField()
    due_at = models.DateTimeField(null=True)
    plan_for_on = models.DateField()
    due_on_in_england = models.DateField()
    outer_on = models.DateField(null=True)
    other_limit_key = models.CharField(max_length=60, blank=True)
    other_starts_on = models.DateField(null=True)
    other_due_on = models.DateField(null=True)
    warn_at = models.DateTimeField()
    due_from = models.DateTimeField()
    late_from = models.DateTimeField()
    manager_from = models.DateTimeField()
    service_manager_from = models.DateTimeField()

    met_at = models.DateTimeField(null=True)
    not_needed = models.CharField(max_length=200, blank=True, help_text="why it stopped; empty while it runs")

    next_stage_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar = DeadlineQuerySet.as_manager()

    if TYPE_CHECKING:
        right: str

    class Meta:
        ordering = ("plan_for_on", "due_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("kind", "fact_id"), name="deadline_once_per_fact"),
            models.CheckConstraint(condition=Q(plan_for_on__lte=F("due_on")), name="deadline_planned_in_time"),
            models.CheckConstraint(
                condition=Q(own_amount__isnull=True, own_unit="")
                | Q(own_amount__isnull=False, own_unit__in=Unit.values),
                name="deadline_own_figure_has_unit",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("family_id", "plan_for_on"), name="deadline_of_family"),
            models.Index(
                fields=("conference_id", "plan_for_on"),
                condition=Q(conference_id__isnull=False),
                name="deadline_of_conference",
            ),
            models.Index(
                fields=("next_stage_at",), condition=Q(next_stage_at__isnull=False), name="deadline_next_stage"
            ),
            models.Index(fields=("authority_id", "kind", "due_on"), name="deadline_of_authority"),
            # What is late now is a small part of all that a council ever had.
            models.Index(
                fields=("authority_id", "late_from"),
                condition=Q(met_at__isnull=True, not_needed=""),
                name="open_deadline_of_authority",
            ),
            GinIndex(
                fields=("responsible_ids",),
                condition=Q(met_at__isnull=True, not_needed=""),
                name="deadline_answered_by",
            ),
            # Of what was done late people are asked why.
            GinIndex(
                fields=("responsible_ids",), condition=Q(met_at__gte=F("late_from")), name="deadline_done_late_by"
            ),
            models.Index(
                fields=("authority_id", "met_at"), condition=Q(met_at__gte=F("late_from")), name="deadline_done_late_in"
            ),
        ]

    def __str__(self) -> str:
        return f"deadline {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.met_at is None and not self.not_needed

    def state(self, now: datetime.datetime) -> State:
        """Return the state at ``now``."""
        if self.not_needed:
            return State.NOT_NEEDED
        if self.met_at is not None:
            return State.MET if self.met_at < self.late_from else State.MET_LATE
        if now >= self.late_from:
            return State.LATE
        stage = self.stage(now)
        return State(stage.value) if stage else State.OPEN

    def stage(self, now: datetime.datetime) -> Stage | None:
        """Return the furthest stage that has begun by ``now``, whoever has been told."""
        if now >= self.service_manager_from:
            return Stage.TO_SERVICE_MANAGER
        if now >= self.manager_from:
            return Stage.TO_MANAGER
        if now >= self.late_from:
            return Stage.LATE
        if now >= self.due_from:
            return Stage.DUE
        if now >= self.warn_at:
            return Stage.DUE_SOON
        return None


class DeadlineChange(models.Model):
    """A change to a deadline after it was first counted."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    due_on_before = models.DateField()
    due_on_after = models.DateField()
    starts_on_before = models.DateField(null=True)
    starts_on_after = models.DateField(null=True)
    why_moved = models.CharField(max_length=12, choices=WhyMoved.choices, blank=True)
    reason = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"change {self.pk} of deadline {self.deadline_id}"


class Recount(models.Model):
    """A user recounted open deadlines of an authority under another version, after previewing each."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="recounts")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="recounts")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ("-at", "-pk")
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="recount_says_why",
                violation_error_message="Say why you are counting these deadlines again.",
            )
        ]

    def __str__(self) -> str:
        return f"recount {self.pk}"


class RecountedDeadline(models.Model):
    """One deadline that has counted under the recount's version since then."""

    recount = models.ForeignKey(Recount, on_delete=models.PROTECT, related_name="deadlines")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="recounts")
    due_on_before = models.DateField()
    due_on_after = models.DateField()

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("recount", "deadline"), name="recounted_once_per_recount")
        ]

    def __str__(self) -> str:
        return f"recounted deadline {self.deadline_id}"
