"""Visits under a plan, and the failed ones: each child's own answers, corrected in the open."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from families.enums import Answer
from families.models import Post
from plans.enums import WhyNotSeen
from plans.models.plans import Plan


class VisitQuerySet(models.QuerySet["Visit"]):
    def standing(self) -> VisitQuerySet:
        """Return visits that were not corrected or taken out since."""
        return self.filter(corrected_at__isnull=True)

    def of_social_care(self) -> VisitQuerySet:
        """Return standing visits by the council's own workers; those of other professionals move no clock."""
        return self.standing().filter(by_post__isnull=True)


@tracked
class Visit(models.Model):
    """A visit under a plan. Only one at which a worker saw the child (unborn: the mother) moves the clock.

    Made by a worker of the council (``made_by``) or by another professional in a post (``by_post``). One entered
    wrongly stays, with who corrected it and why; ``superseded_by`` is the right one, if there was a visit at all.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="visits")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    announced = models.CharField(
        max_length=15, choices=Answer.choices, default=Answer.NOT_ASKED, db_default=Answer.NOT_ASKED
    )
    where = models.CharField("where it took place", max_length=250, blank=True, default="", db_default="")
    where_hidden = models.BooleanField("the place is confidential", default=False, db_default=False)
    who_else = models.CharField("who else was there", max_length=500, blank=True, default="", db_default="")

    child_seen = models.BooleanField()
    seen_alone = models.CharField(max_length=15, choices=Answer.choices, default=Answer.NOT_ASKED)
    bedroom_seen = models.CharField(max_length=15, choices=Answer.choices, default=Answer.NOT_ASKED)
    childs_words = models.TextField("the child’s own words", blank=True, default="", db_default="")
    note = models.TextField("what was noticed", blank=True)
    not_seen_because = models.CharField(
        "why the child was not seen", max_length=12, choices=WhyNotSeen.choices, blank=True, default="", db_default=""
    )
    next_try_on = models.DateField("day of the next try", null=True, blank=True)

    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="supersedes", null=True, blank=True
    )
    corrected_at = models.DateTimeField(null=True, blank=True)
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    corrected_because = models.CharField("what was wrong", max_length=500, blank=True, default="", db_default="")

    objects: ClassVar = VisitQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(made_by__isnull=False) ^ Q(by_post__isnull=False),
                name="visit_made_by_one",
                violation_error_message="Choose who made the visit.",
            ),
            models.CheckConstraint(
                condition=Q(child_seen=True) | ~Q(seen_alone=Answer.YES),
                name="visit_alone_only_if_seen",
                violation_error_message="A child who was not seen was not seen alone.",
            ),
            models.CheckConstraint(
                condition=~Q(not_seen_because=WhyNotSeen.NO_ANSWER) | ~Q(bedroom_seen=Answer.YES),
                name="visit_bedroom_only_inside",
                violation_error_message="If no one answered, the bedroom was not seen.",
            ),
            models.CheckConstraint(
                condition=Q(child_seen=False) | Q(not_seen_because="", next_try_on__isnull=True),
                name="visit_seen_needs_no_next_try",
                violation_error_message="If the child was seen, there is no reason why not, and no next try.",
            ),
            models.CheckConstraint(
                condition=Q(corrected_at__isnull=True, corrected_by__isnull=True, superseded_by__isnull=True)
                | Q(corrected_at__isnull=False, corrected_by__isnull=False, corrected_because__regex=r"\S"),
                name="visit_corrected_with_reason",
                violation_error_message="Say what was wrong.",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("pk")),
                name="visit_not_superseded_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"
