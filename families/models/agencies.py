from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from accounts.history import tracked, tracked_links
from accounts.models import Authority
from families.enums import GROUP_OF_AGENCY, AgencyGroup, AgencyKind
from families.models.children import Child
from families.models.dated import Dated, Whereabouts
from families.models.persons import Person


@tracked
class Agency(models.Model):
    """An organisation that works with children: a school, a surgery, a police unit."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="agencies")
    kind = models.CharField(max_length=20, choices=AgencyKind.choices)
    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "agencies"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority", "kind", "name"),
                name="agency_once",
                violation_error_message="This agency is already in the directory.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def group(self) -> AgencyGroup:
        return GROUP_OF_AGENCY.get(self.kind, AgencyGroup.OTHER)


@tracked
class Post(Dated):
    """A dated post that a person holds at an agency; leaving it ends its rights the same day."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField("job title", max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta(Dated.Meta):
        indexes: ClassVar = [models.Index(Upper("email"), name="post_by_email")]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


@tracked
class AgencyInvolvement(Dated, Whereabouts):
    """An agency that knows a child, and through which post. Marked confidential, name, place and people are hidden."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="involvements")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="involvements")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="involvements", null=True, blank=True)
    direct_contact = models.BooleanField("in direct contact with the child", default=True)

    class Meta(Dated.Meta):
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=("child", "agency", "post"),
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="involvement_once",
                violation_error_message="This agency is already recorded for the child.",
            ),
        ]

    def __str__(self) -> str:
        return f"involvement {self.pk}"


@tracked_links
class AgencyInvolvementHiddenFrom(AgencyInvolvement.hidden_from.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
