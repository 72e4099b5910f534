"""What a child has been told, which is all that their letter may say, and how the letter reached them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import ConferenceChild
from reports.enums import HandedOver, LetterPart, ToldState
from reports.models.papers import Document


@tracked
class ChildTold(models.Model):
    """One talk in which a child was told what happened at the meeting, by whom and how it went. The newest counts.

    ``not_yet`` is for staff: what must not be said yet, and why. It stands in no letter.
    """

    child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="told")
    told_by = models.CharField("who told the child", max_length=200)
    told_on = models.DateField("when the child was told")
    how_it_went = models.TextField("how it went", blank=True)
    not_yet = models.TextField("what must not be said yet, and why", blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-recorded_at", "-pk")
        verbose_name_plural = "children told"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("child",), condition=Q(superseded_at__isnull=True), name="child_told_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(told_by__regex=r"\S"),
                name="child_told_by_somebody",
                violation_error_message="Say who told the child.",
            ),
        ]

    def __str__(self) -> str:
        return f"child told {self.pk}"


@tracked
class ToldPassage(models.Model):
    """One thing that the child was told, in the words in which it was told, or that must not be said yet.

    ``entry`` names what was recorded, ``recorded`` is how that read then: once it reads otherwise, the child has not
    been told it.
    """

    told = models.ForeignKey(ChildTold, on_delete=models.PROTECT, related_name="passages")
    entry = models.CharField(max_length=60)
    part = models.CharField(max_length=8, choices=LetterPart.choices)
    state = models.CharField(max_length=8, choices=ToldState.choices)
    recorded = models.TextField("as it is recorded", blank=True)
    words = models.TextField("as the child was told", blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("told", "entry"), name="passage_told_once"),
            models.CheckConstraint(
                condition=~Q(state=ToldState.TOLD) | Q(words__regex=r"\S"),
                name="told_in_words",
                violation_error_message="Write it as the child was told.",
            ),
        ]

    def __str__(self) -> str:
        return f"passage told {self.pk}"


@tracked
class LetterHandover(models.Model):
    """How a released letter reaches its child, as the chair decided, and how it did."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="handover")
    how = models.CharField(max_length=14, choices=HandedOver.choices)
    where = models.CharField("where it is handed over", max_length=200)
    by_whom = models.CharField("who hands it over", max_length=200)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()
    handed_at = models.DateTimeField("when it was handed over", null=True, blank=True)
    handed_how = models.CharField("how it was handed over", max_length=14, choices=HandedOver.choices, blank=True)
    handed_by = models.CharField("who handed it over", max_length=200, blank=True)
    handed_where = models.CharField("where it was handed over", max_length=200, blank=True)
    how_it_went = models.TextField("how it went", blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(handed_at__isnull=True, recorded_by__isnull=True, recorded_at__isnull=True)
                | Q(
                    handed_at__isnull=False,
                    recorded_by__isnull=False,
                    recorded_at__isnull=False,
                    handed_by__regex=r"\S",
                    handed_where__regex=r"\S",
                    how_it_went__regex=r"\S",
                )
                & ~Q(handed_how=""),
                name="handed_over_by_whom_where_and_how",
                violation_error_message="Say who handed it over, where, and how it went.",
            )
        ]

    def __str__(self) -> str:
        return f"handing over {self.pk}"
