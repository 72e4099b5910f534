"""Restricted cases, conflicts of interest and break-glass."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from families.enums import GlassOutcome
from families.models.cases import Family
from families.models.dated import DatedQuerySet
from families.models.persons import Person


@tracked
class Restriction(models.Model):
    """Why and when a case was limited to named people, and why that ended. Keeps ``Family.restricted`` in step."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="restrictions")
    why = models.TextField()
    restricted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    restricted_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField(blank=True)

    class Meta:
        ordering = ("-restricted_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("family",),
                condition=Q(lifted_at__isnull=True),
                name="restricted_once",
                violation_error_message="This case is already restricted.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_by__isnull=False, lifted_because__regex=r"\S"),
                name="restriction_lifted_with_reason",
                violation_error_message="Say why the case is opened again.",
            ),
        ]

    def __str__(self) -> str:
        return f"restriction {self.pk}"


@tracked
class NamedForFamily(models.Model):
    """A user who may open a restricted case, from a day; ``ends_on`` is the first day they may not."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="named")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="named_for")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    why = models.TextField()
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField(blank=True)

    objects: ClassVar = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("starts_on", "pk")
        verbose_name_plural = "named for families"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("family", "user"),
                condition=Q(ends_on__isnull=True),
                name="named_once",
                violation_error_message="This person is already named for the case.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on"), ended_by__isnull=False, ended_because__regex=r"\S"),
                name="naming_ended_with_reason",
                violation_error_message="Say why this person is no longer named.",
            ),
        ]

    def __str__(self) -> str:
        return f"naming {self.pk}"


class ConflictQuerySet(models.QuerySet["ConflictOfInterest"]):
    def in_force(self) -> ConflictQuerySet:
        """Return conflicts not yet ended: each counts from the moment it is declared until it is ended."""
        return self.filter(ended_at__isnull=True)


@tracked
class ConflictOfInterest(models.Model):
    """Bars an account from a family's case, or from any case of a person, whatever else would open it.

    ``why`` is for those who declare and manage it; a user who is refused never sees it.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="conflicts", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="conflicts", null=True, blank=True)
    why = models.TextField()
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField(blank=True)

    objects: ClassVar[Any] = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "conflicts of interest"
        ordering = ("-declared_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(family__isnull=False, person__isnull=True) | Q(family__isnull=True, person__isnull=False),
                name="conflict_with_one",
                violation_error_message="Say with which case or person.",
            ),
            models.UniqueConstraint(
                fields=("user", "family"),
                condition=Q(ended_at__isnull=True, family__isnull=False),
                name="conflict_with_family_once",
            ),
            models.UniqueConstraint(
                fields=("user", "person"),
                condition=Q(ended_at__isnull=True, person__isnull=False),
                name="conflict_with_person_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_by__isnull=False, ended_because__regex=r"\S"),
                name="conflict_ended_with_reason",
                violation_error_message="Say why there is no longer a conflict.",
            ),
        ]

    def __str__(self) -> str:
        return f"conflict {self.pk}"


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def open(self, *, at: datetime.datetime) -> BreakGlassQuerySet:
        return self.filter(opened_at__lte=at, closes_at__gt=at)

    def unreviewed(self) -> BreakGlassQuerySet:
        return self.filter(reviewed_at__isnull=True)


@tracked
class BreakGlass(models.Model):
    """A user opened a case that was not theirs, for a day and for a stated reason; a service manager reviews it."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="broken_glasses")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="broken_glasses")
    reason = models.TextField()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=GlassOutcome.choices, blank=True)
    review = models.TextField(blank=True)

    objects: ClassVar[Any] = BreakGlassQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "broken glasses"
        ordering = ("-opened_at", "-pk")
        triggers: ClassVar = [never_deleted]
        indexes: ClassVar = [
            models.Index(fields=("user", "closes_at")),
            models.Index(fields=("family",), condition=Q(reviewed_at__isnull=True), name="glass_unreviewed"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="glass_says_why",
                violation_error_message="Say why you need to open the case.",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")),
                name="glass_closes_after_it_opens",
                violation_error_message="It can't close before it opens.",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, outcome="", review="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, review__regex=r"\S") & ~Q(outcome=""),
                name="glass_reviewed_with_words",
                violation_error_message="A review says who, when, the outcome and in words why.",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("user")),
                name="glass_reviewed_by_another",
                violation_error_message="Someone other than the person who opened the case has to review it.",
            ),
        ]

    def __str__(self) -> str:
        return f"break-glass {self.pk}"
