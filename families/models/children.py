from __future__ import annotations

import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import Authority, User
from families.enums import Disability, PregnancyOutcome
from families.models.persons import Person
from families.validators import validate_council_child_id, validate_upn


@tracked
class Pregnancy(models.Model):
    """A pregnancy: mother, expected date (history in ExpectedDate), number of babies expected, and outcome."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    mother = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pregnancies")
    expected_on = models.DateField("expected date of delivery")
    number_expected = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=12, choices=PregnancyOutcome.choices, default=PregnancyOutcome.EXPECTING)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=[PregnancyOutcome.EXPECTING, PregnancyOutcome.UNKNOWN])
                | Q(ended_on__isnull=False),
                name="pregnancy_end_has_a_date",
                violation_error_message="Enter the date on which the pregnancy ended.",
            ),
            models.CheckConstraint(
                condition=Q(number_expected__gte=1),
                name="pregnancy_expects_somebody",
                violation_error_message="Enter how many babies are expected, 1 or more.",
            ),
        ]

    def __str__(self) -> str:
        return f"pregnancy {self.pk}"


@tracked
class ExpectedDate(models.Model):
    """One recorded due date, kept when a later scan changes it."""

    pregnancy = models.ForeignKey(Pregnancy, on_delete=models.PROTECT, related_name="expected_dates")
    expected_on = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("recorded_at", "pk")

    def __str__(self) -> str:
        return f"expected date {self.pk}"


class ChildQuerySet(models.QuerySet["Child"]):
    def findable(self) -> ChildQuerySet:
        return self.filter(person__sealed_at__isnull=True, person__merged_into__isnull=True)


@tracked
class Child(models.Model):
    """A person's role as a child known to the council.

    An unborn child has a row, reference and plans before birth and keeps them afterwards; over-18s keep their
    history.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="child")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="children")
    council_child_id = models.CharField("council's child ID", max_length=20, validators=[validate_council_child_id])
    upn = models.CharField("unique pupil number (UPN)", max_length=13, blank=True, validators=[validate_upn])
    disabilities = ArrayField(models.CharField(max_length=4, choices=Disability.choices), default=list, blank=True)
    pregnancy = models.ForeignKey(Pregnancy, on_delete=models.PROTECT, related_name="children", null=True, blank=True)
    born_order = models.PositiveSmallIntegerField("place among twins", null=True, blank=True)
    previous_plans_elsewhere = models.PositiveSmallIntegerField(
        "number of earlier child protection plans not held by this council", default=0
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = ChildQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = [never_deleted]
        ordering = ("person__birth_date", "pk")
        verbose_name_plural = "children"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority", "council_child_id"),
                name="council_child_id_once",
                violation_error_message="Another child already has this council's child ID.",
            )
        ]

    def __str__(self) -> str:
        return self.council_child_id

    @property
    def is_unborn(self) -> bool:
        return (
            self.pregnancy is not None
            and self.person.birth_date is None
            and self.person.death_date is None
            and self.pregnancy.outcome == PregnancyOutcome.EXPECTING
        )

    @property
    def expected_on(self) -> datetime.date | None:
        return self.pregnancy.expected_on if self.pregnancy else None

    def age(self, on: datetime.date) -> int | None:
        return self.person.age(on)
