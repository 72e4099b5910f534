"""The short report: one page made from sentences of the social work report."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from conferences.models import ConferenceChild
from families.models import Person
from reports.enums import ShortPart
from reports.models.reports import Report, ReportSection


@tracked
class ShortPassage(models.Model):
    """One sentence or more of the short report. Who reads it follows the paragraph that it was taken from."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="short_passages")
    part = models.CharField(max_length=12, choices=ShortPart.choices)
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    taken_from = models.ForeignKey(ReportSection, on_delete=models.PROTECT, related_name="+")
    children = models.ManyToManyField(ConferenceChild, related_name="+", blank=True)
    private_to = models.ManyToManyField(Person, related_name="+", blank=True)
    kept_from = models.ManyToManyField(Person, related_name="+", blank=True, verbose_name="whom it must not reach")
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("position", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="short_passage_says_something",
                violation_error_message="Write something, or take it out.",
            )
        ]

    def __str__(self) -> str:
        return f"short passage {self.pk}"

    @property
    def evidence(self) -> str:
        """Return nothing: the short report leaves out what an opinion is based on."""
        return ""


@tracked_links
class ShortPassageChild(ShortPassage.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class ShortPassageKeptFrom(ShortPassage.kept_from.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class ShortPassagePrivateTo(ShortPassage.private_to.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
