"""The councils' procedures: versions, their limits as rows for counting, and drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.history import append_only
from accounts.models import Authority, User
from deadlines.enums import Unit


class PolicyVersion(models.Model):
    """One council's complete procedures from a given day. Immutable: a change is a new version."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="policy_versions")
    preset = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    in_force_from = models.DateField()
    data = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("authority", "-in_force_from", "-number")
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [models.UniqueConstraint(fields=("authority", "number"), name="policy_number_once")]

    def __str__(self) -> str:
        return f"policy version {self.number} of authority {self.authority_id}"


class PolicyLimit(models.Model):
    """One time limit of one version as a row, for counting in the database; written with the version.

    ``sign`` is 1 for a limit after its event, -1 for one before it. ``warn``, ``manager_after`` and
    ``service_manager_after`` are hours where the limit is in hours, else working days: how long before the end
    people are told, and how long after it it is escalated. ``last_call`` is in hours. ``closures_count`` says
    that the council's closure days are not working days for this limit, ``day_zero_before`` that it runs from
    the previous working day where its event fell on a closed day. ``sooner_with`` is the limit that the council
    chose to end it sooner, "" for none, null where the council has no choice or had none when the version was
    written. A limit that the council does not use has no row.
    """

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="limits")
    key = models.CharField(max_length=60)
    sign = models.SmallIntegerField()
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=15, choices=Unit.choices)
    warn = models.PositiveIntegerField()
    last_call = models.PositiveIntegerField(default=0)
    manager_after = models.PositiveIntegerField()
    service_manager_after = models.PositiveIntegerField()
    outer_amount = models.PositiveIntegerField(null=True)
    outer_unit = models.CharField(max_length=15, choices=Unit.choices, blank=True)
    closures_count = models.BooleanField(default=False)
    day_zero_before = models.BooleanField(default=False)
    sooner_with = models.CharField(max_length=60, null=True, blank=True)

    class Meta:
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("version", "key"), name="policy_limit_once"),
            models.CheckConstraint(condition=Q(sign__in=(1, -1)), name="policy_limit_has_direction"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.version_id}"


class PolicyDraft(models.Model):
    """A council's next procedures while being written, one draft at a time, in the format of a preset's file.

    ``version`` counts its changes, so that two users can't unknowingly overwrite each other. ``writer_ids`` are the
    users who wrote in it: none of them puts it in force. A finished draft is proposed, from a day on, for a second
    person; a change takes the proposal back. A draft ends when it is put in force (``became``) or set aside.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="policy_drafts")
    text = models.TextField()
    based_on = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    writer_ids = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    proposed_from = models.DateField(null=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    became = models.OneToOneField(
        PolicyVersion, on_delete=models.PROTECT, related_name="draft", null=True, help_text="empty when set aside"
    )

    if TYPE_CHECKING:
        right: str

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority",), condition=Q(ended_at__isnull=True), name="policy_draft_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(became__isnull=True, ended_by__isnull=True),
                name="policy_draft_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"policy draft {self.pk}"

    @property
    def written_by(self) -> set[int]:
        """Return the ids of everyone who wrote in it."""
        return {*self.writer_ids, self.created_by_id, self.changed_by_id}
