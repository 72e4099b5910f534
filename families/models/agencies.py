from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import Authority, User
from families.enums import GROUP_OF_AGENCY, AgencyGroup, AgencyKind
from families.models.cases import Family
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
    changed_because = models.CharField("why it was last changed", max_length=250, blank=True, db_default="")
    ends_on = models.DateField("not in the directory from", null=True, blank=True)
    ended_because = models.CharField("why it left the directory", max_length=250, blank=True, db_default="")
    version = models.PositiveIntegerField(db_default=1, default=1)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "agencies"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority", "kind", "name"),
                name="agency_once",
                violation_error_message="This agency is already in the directory.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ended_because__regex=r"\S"),
                name="agency_ended_with_reason",
                violation_error_message="Say why the agency leaves the directory.",
            ),
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
    is_named_lead = models.BooleanField(
        "named lead for child protection at the agency", default=False, db_default=False
    )
    changed_because = models.CharField("why it was last changed", max_length=250, blank=True, db_default="")
    ended_because = models.CharField("why they left", max_length=250, blank=True, db_default="")
    followed_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="follows", null=True, blank=True, verbose_name="who took over"
    )
    version = models.PositiveIntegerField(db_default=1, default=1)

    class Meta(Dated.Meta):
        indexes: ClassVar = [models.Index(Upper("email"), name="post_by_email")]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


@tracked
class WorkOfPost(models.Model):
    """What the holder of a post was still to do in a case when the post ended, and who does it now.

    ``row_id`` is the row of ``kind`` (``families.post_work``) in which they were to do it. Until it is settled, the
    case's page asks who takes over.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="work_left")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="work_left")
    kind = models.CharField(max_length=20)
    row_id = models.PositiveBigIntegerField()
    what = models.CharField(max_length=200)
    left_at = models.DateTimeField()
    left_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_to = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="work_taken", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_because = models.CharField("why no one is needed", max_length=250, blank=True)

    class Meta:
        ordering = ("left_at", "pk")
        verbose_name_plural = "work of posts"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("post", "kind", "row_id"), name="work_of_post_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_by__isnull=False) & (Q(given_to__isnull=False) | Q(settled_because__regex=r"\S")),
                name="work_of_post_settled_says_how",
                violation_error_message="Choose who takes over, or say why no one is needed.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("family",), condition=Q(settled_at__isnull=True), name="open_work_of_post")
        ]

    def __str__(self) -> str:
        return f"work {self.pk} of post {self.post_id}"


@tracked
class AgencyInvolvement(Dated, Whereabouts):
    """An agency that knows a child, and through which post. Marked confidential, name, place and people are hidden."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="involvements")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="involvements")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="involvements", null=True, blank=True)
    direct_contact = models.BooleanField("in direct contact with the child", default=True)
    # Where the directory has another, and whoever typed it may not be asked which is right.
    address_given = models.TextField("address given for the child", blank=True, db_default="", default="")
    phone_given = models.CharField("phone given for the child", max_length=40, blank=True, db_default="", default="")

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
