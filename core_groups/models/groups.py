"""Core groups and their members."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import Authority
from conferences.models import Conference
from families.models import Family, Person, Post
from families.models.dated import Dated
from govuk.words import listed
from plans.models import Plan


@tracked
class CoreGroup(models.Model):
    """One core group for the plans of brothers and sisters, carried on from review to review.

    It goes on while any of its plans is open. ``conference`` formed it; reviews change its plans and members.
    ``goes_on_in`` is the group that one formed anew by a review became part of; such a row is only history.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="core_groups")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="core_groups")
    conference = models.OneToOneField(Conference, on_delete=models.PROTECT, related_name="core_group")
    plans = models.ManyToManyField(Plan, related_name="core_groups")
    formed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    goes_on_in = models.ForeignKey("self", on_delete=models.PROTECT, related_name="formed_anew", null=True, blank=True)

    class Meta:
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(goes_on_in__isnull=True) | Q(ended_on__isnull=False) & ~Q(goes_on_in=F("id")),
                name="group_that_goes_on_elsewhere_has_ended",
            )
        ]

    def __str__(self) -> str:
        return f"core group {self.pk}"


@tracked_links
class CoreGroupPlan(CoreGroup.plans.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class CoreGroupMember(Dated):
    """A person in a core group, for some of its plans.

    Who leaves for one child only stays in this row for the others; a second, ended row says since when, until
    when and why they were in it for that child.
    """

    core_group = models.ForeignKey(CoreGroup, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="core_groups")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    plans = models.ManyToManyField(Plan, related_name="+", blank=True)
    joined_because = models.CharField("why they joined", max_length=250, blank=True, db_default="")
    left_because = models.CharField("why they left", max_length=250, blank=True)

    class Meta(Dated.Meta):
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=("core_group", "person", "post"),
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="core_group_member_once",
                violation_error_message="This person is already a member.",
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"

    @property
    def is_family(self) -> bool:
        return self.post_id is None

    @property
    def for_children(self) -> str:
        """Return what the children are called that they are in it for; needs the plans' children fetched."""
        return listed([plan.child.person.short_name for plan in self.plans.all()])


@tracked_links
class CoreGroupMemberPlan(CoreGroupMember.plans.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
