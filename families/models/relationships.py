from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import tracked, tracked_links
from accounts.models import User
from families.enums import Answer, Certainty, RelationshipKind, ResponsibilitySource, ResponsibilityStatus, RiskGround
from families.models.children import Child
from families.models.dated import Dated, DatedQuerySet
from families.models.persons import Person


@tracked
class Relationship(Dated):
    """What an adult (or another child) is to one child; per child, because half-siblings differ."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="relationships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships")
    kind = models.CharField(max_length=20, choices=RelationshipKind.choices)
    certainty = models.CharField(max_length=10, choices=Certainty.choices, default=Certainty.KNOWN)
    parent_comfortable = models.CharField(
        "parent comfortable with their hearing it", max_length=15, choices=Answer.choices, default=Answer.NOT_ASKED
    )

    class Meta(Dated.Meta):
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=("child", "person", "kind"),
                condition=Q(ends_on__isnull=True),
                name="relationship_once",
                violation_error_message="This relationship is already recorded.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of child {self.child_id}"


@tracked
class ParentalResponsibility(Dated):
    """Whether an adult, or the council, may decide for one child. An invitation does not depend on it."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="responsibilities")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="responsibilities", null=True, blank=True)
    held_by_council = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=ResponsibilityStatus.choices, default=ResponsibilityStatus.UNKNOWN)
    basis = models.CharField(
        max_length=12, choices=ResponsibilitySource.choices, default=ResponsibilitySource.NOT_KNOWN
    )

    class Meta(Dated.Meta):
        verbose_name_plural = "parental responsibilities"
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(person__isnull=False, held_by_council=False) | Q(person__isnull=True, held_by_council=True),
                name="responsibility_of_one_holder",
                violation_error_message="Parental responsibility belongs to a person or to the council.",
            ),
        ]

    def __str__(self) -> str:
        return f"parental responsibility {self.pk}"


class ContactRiskQuerySet(DatedQuerySet["ContactRisk"]):
    pass


@tracked
class ContactRisk(Dated):
    """A reason why contact with this person may be dangerous for the named children or adults.

    While one is in force nothing about a conference goes to the person before the chair decides.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_risks")
    children = models.ManyToManyField(Child, related_name="contact_risks", blank=True)
    protects = models.ManyToManyField(Person, related_name="+", blank=True)
    ground = models.CharField(max_length=12, choices=RiskGround.choices)
    detail = models.TextField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_because = models.TextField(blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects: ClassVar = ContactRiskQuerySet.as_manager()

    class Meta(Dated.Meta):
        pass

    def __str__(self) -> str:
        return f"contact risk {self.pk}"


@tracked_links
class ContactRiskChild(ContactRisk.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class ContactRiskProtects(ContactRisk.protects.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
