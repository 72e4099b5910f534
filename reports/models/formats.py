"""Papers in another format or language: asked for, ordered, due, sent."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import Participant
from core_groups.models import CoreGroupMember
from families.enums import PaperFormat
from families.models import Person
from reports.models.files import StoredFile
from reports.models.papers import Document, for_one


@tracked
class FormatAsked(models.Model):
    """One format in which one recipient of one version of a paper is to have it.

    ``file`` is what was made of it, such as a translation. It belongs to exactly this version and copy: ``made_from``
    is the checksum of the composed copy that it says, and where today's copy is another one the file is not given out.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="formats_asked")
    recipient = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    format = models.CharField(max_length=12, choices=PaperFormat.choices)
    language = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField("asked for")
    due_on = models.DateField("due")
    provider = models.CharField("who makes it", max_length=120, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    made_from = models.CharField("SHA-256 of the copy it says", max_length=64, blank=True)
    sent_at = models.DateTimeField("sent", null=True, blank=True)
    sent_how = models.CharField("how it was sent", max_length=200, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("asked_at", "pk")
        triggers: ClassVar = [
            never_deleted,
            pgtrigger.ReadOnly(
                name="asked_once", fields=["document", "recipient", "member", "person", "format", "asked_at"]
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("document", "recipient", "member", "person", "format"),
                nulls_distinct=False,
                name="format_asked_once",
            ),
            models.CheckConstraint(condition=for_one(), name="format_for_one"),
            models.CheckConstraint(
                condition=Q(file__isnull=True, made_from="") | Q(file__isnull=False) & ~Q(made_from=""),
                name="file_says_what_it_is_made_from",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(sent_how__regex=r"\S"),
                name="sent_format_says_how",
                violation_error_message="Say how it was sent.",
            ),
        ]

    def __str__(self) -> str:
        return f"format {self.pk} of {self.document_id}"

    @property
    def for_whom(self) -> int:
        """Return the id of the recipient in its document's content."""
        return self.recipient_id or self.member_id or self.person_id or 0

    @property
    def words(self) -> str:
        """Return the format in words, such as "translated into Polish"."""
        if self.format == PaperFormat.TRANSLATED and self.language:
            return f"Translated into {self.language}"
        return PaperFormat(self.format).label

    @property
    def is_of_this_version(self) -> bool:
        return self.document.is_released
