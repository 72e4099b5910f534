"""What comes back about a report: a manager's comments on it, and what a family member read, disputes or asks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import append_only, never_deleted, tracked
from accounts.models import User
from conferences.models import Participant
from reports.enums import RemarkKind
from reports.models.reports import Report, ReportSection


@tracked
class PassageComment(models.Model):
    """What a manager says about one passage of a report, which its author reads beside it."""

    section = models.ForeignKey(ReportSection, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="passage_comment_says_something")
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


@tracked
class ReadReceipt(models.Model):
    """A family member says on their own page that they have read a report, or its short report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="receipts")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="receipts")
    is_short = models.BooleanField("the short report")
    guest_session_id = models.BigIntegerField("stay of the guest who said so")
    read_at = models.DateTimeField("said that it is read")

    class Meta:
        ordering = ("read_at", "pk")
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("report", "participant", "is_short"), name="read_receipt_once")
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk}"


@tracked
class Remark(models.Model):
    """What a family member says is wrong in one sentence, or asks; its author and the chair read it, nobody else.

    It stands beside the report, which stays as it is.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="remarks")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="remarks")
    kind = models.CharField(max_length=8, choices=RemarkKind.choices)
    section = models.ForeignKey(ReportSection, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sentence = models.TextField("the sentence it is about", blank=True)
    text = models.TextField("what they say")
    guest_session_id = models.BigIntegerField("stay of the guest who wrote it")
    said_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("said_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="remark_says_something",
                violation_error_message="Write what you want to say.",
            ),
            models.CheckConstraint(
                condition=Q(kind=RemarkKind.QUESTION) | Q(section__isnull=False, sentence__regex=r"\S"),
                name="disputed_sentence_is_named",
                violation_error_message="Choose the sentence that is wrong.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, answer__regex=r"\S"),
                name="answered_remark_says_what",
                violation_error_message="Write an answer.",
            ),
        ]

    def __str__(self) -> str:
        return f"remark {self.pk}"
