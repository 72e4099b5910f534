from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.enums import Category
from conferences.models import ConferenceChild, Part, Participant
from meetings.enums import Given, Harm, ViewStatus


@tracked
class Score(models.Model):
    """How safe one participant thinks one child is, 0 to 10 on the named scale, with the reason.

    It informs and never decides. Scores on different scales are never drawn on one line.
    """

    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="scores")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="scores")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    scale = models.CharField("scale and its version", max_length=60)
    given = models.CharField(max_length=10, choices=Given.choices, default=Given.GIVEN)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference_child", "participant"),
                name="score_once",
                violation_error_message="This person's score for the child is already recorded.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0, value__lte=10),
                name="score_within_its_scale",
                violation_error_message="A score is a whole number from 0 to 10.",
            ),
            models.CheckConstraint(
                condition=Q(given=Given.GIVEN, value__isnull=False) | ~Q(given=Given.GIVEN) & Q(value__isnull=True),
                name="score_given_or_not",
                violation_error_message="Enter a score, or say why there is none.",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="score_has_a_reason", violation_error_message="Write the reason."
            ),
        ]

    def __str__(self) -> str:
        return f"score {self.pk}"


@tracked
class View(models.Model):
    """One participant's view about one child: harm, status, category and why; or why there is no view."""

    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="views")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="views")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    given = models.CharField(max_length=10, choices=Given.choices, default=Given.GIVEN)
    harm = models.CharField(max_length=10, choices=Harm.choices, blank=True)
    status = models.CharField(max_length=10, choices=ViewStatus.choices, blank=True)
    category = models.CharField(max_length=3, choices=Category.choices, blank=True)
    reason = models.TextField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference_child", "participant"),
                name="view_once",
                violation_error_message="This person's view about the child is already recorded.",
            ),
            models.CheckConstraint(
                condition=~Q(given=Given.GIVEN) | ~Q(status=""),
                name="view_given_names_a_status",
                violation_error_message="Choose the status this person recommends, or say why there is no view.",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="view_has_a_reason", violation_error_message="Write the reason."
            ),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"
