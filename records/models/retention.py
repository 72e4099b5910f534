"""Retention of a case: legal holds, decisions to keep it longer, and its disposal by two people."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import append_only, never_deleted, tracked
from accounts.models import User
from families.models import Child, Family
from records.enums import DisposalState, HoldGround


@tracked
class LegalHold(models.Model):
    """While in force, nothing of the case may be disposed of. ``child`` where it is about one of them.

    A hold about a child covers every case that the child belongs to.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="legal_holds")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="legal_holds", null=True, blank=True)
    ground = models.CharField(max_length=10, choices=HoldGround.choices)
    why = models.TextField()
    reference = models.CharField("order, inquest or inquiry", max_length=120, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField(blank=True)

    class Meta:
        ordering = ("-set_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(why__regex=r"\S"), name="hold_says_why", violation_error_message="Say why."
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, lifted_because__regex=r"\S"),
                name="hold_lifted_with_reason",
                violation_error_message="Say why you are lifting the hold.",
            ),
            models.UniqueConstraint(
                fields=("family", "child", "ground"),
                condition=Q(lifted_at__isnull=True, ground__in=[HoldGround.DEATH, HoldGround.PREGNANCY]),
                nulls_distinct=False,
                name="hold_by_itself_once",
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"


@tracked
class KeepLonger(models.Model):
    """A decision, on reviewing a case due for disposal, to keep it until another day. The latest day counts."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="kept_longer")
    until = models.DateField()
    why = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name_plural = "kept longer"
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(why__regex=r"\S"), name="kept_longer_says_why", violation_error_message="Say why."
            )
        ]

    def __str__(self) -> str:
        return f"kept longer {self.pk}"


@tracked
class Disposal(models.Model):
    """One case disposed of, or proposed to be: who proposed, who agreed, by which rule, and what is left.

    ``kept_until`` is the day up to which ``rule`` of the procedures keeps the case. ``stub`` and ``counts`` are
    all that is left of it in words: years, kinds of plans, how many rows. ``case_mark`` is a keyed hash of the
    case number, so that anyone with the number can find the certificate but no one can recover the number.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="disposals")
    state = models.CharField(max_length=10, choices=DisposalState.choices, default=DisposalState.PROPOSED)
    rule = models.CharField(max_length=60)
    kept_until = models.DateField()
    policy_version_id = models.BigIntegerField()
    policy_number = models.PositiveIntegerField()
    why = models.TextField("why it need not be kept")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    refused_because = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    number = models.CharField("number of the certificate", max_length=20, unique=True, null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    stub = models.JSONField(default=dict, blank=True)
    case_mark = models.CharField(max_length=64, blank=True)
    stored_as = models.UUIDField("where the certificate lies", null=True, blank=True)
    sha256 = models.CharField("SHA-256 of the certificate", max_length=64, blank=True)

    class Meta:
        ordering = ("-proposed_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("family",),
                condition=~Q(state=DisposalState.REFUSED),
                name="disposal_once",
                violation_error_message="Someone has already proposed disposing of this case.",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | Q(state=DisposalState.REFUSED) | ~Q(settled_by=F("proposed_by")),
                name="disposal_by_two",
                violation_error_message="Someone other than the person who proposed it has to agree.",
            ),
            models.CheckConstraint(
                condition=Q(state=DisposalState.PROPOSED, settled_by__isnull=True, settled_at__isnull=True)
                | ~Q(state=DisposalState.PROPOSED) & Q(settled_by__isnull=False, settled_at__isnull=False),
                name="disposal_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=DisposalState.DONE) | Q(done_at__isnull=False, number__isnull=False),
                name="disposal_done_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=DisposalState.REFUSED) | Q(refused_because__regex=r"\S"),
                name="disposal_refused_with_reason",
                violation_error_message="Say why the case has to be kept.",
            ),
            models.CheckConstraint(
                condition=Q(why__regex=r"\S"),
                name="disposal_says_why",
                violation_error_message="Say why the case need not be kept.",
            ),
        ]

    def __str__(self) -> str:
        return f"disposal {self.pk}"
