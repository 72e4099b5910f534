"""Adoptions: an act of its own that seals the child's record, or, within the family, seals it only by decision."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from families.enums import AdoptedBy
from families.models.persons import Person


@tracked
class Adoption(models.Model):
    """That a court made an adoption order about a person. One entered in error stays, with who says so.

    ``may_see`` are those who may still open the page about the order; it names no one. ``sealed_at`` is when the
    record was sealed: at once, or once nothing open stood in the way; within the family only by decision.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="adoptions")
    adopted_by = models.CharField("by whom", max_length=10, choices=AdoptedBy.choices)
    ordered_on = models.DateField("day of the order")
    court = models.CharField("court, and its reference", max_length=200)
    source = models.CharField("who says so", max_length=250)
    may_see = models.ManyToManyField(User, related_name="+", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sealed_because = models.CharField("why the record is sealed", max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_because = models.CharField("why it was an error", max_length=500, blank=True)

    class Meta:
        ordering = ("-recorded_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(withdrawn_at__isnull=True),
                name="one_adoption_each",
                violation_error_message="This adoption is recorded already.",
            ),
            models.CheckConstraint(
                condition=Q(court__regex=r"\S") & Q(source__regex=r"\S"),
                name="adoption_says_which_order",
                violation_error_message="Say which court made the order, and who told you.",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True) | Q(sealed_by__isnull=False, sealed_because__regex=r"\S"),
                name="adoption_sealed_with_reason",
                violation_error_message="Say why the record is sealed.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_by__isnull=False, withdrawn_because__regex=r"\S"),
                name="adoption_withdrawn_with_reason",
                violation_error_message="Say why it was entered in error.",
            ),
        ]

    def __str__(self) -> str:
        return f"adoption {self.pk}"


@tracked_links
class AdoptionMaySee(Adoption.may_see.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
