"""Files that belong to a report: what an agency sent, stored unchanged."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.models import ConferenceChild
from conferences.models.recorded import entered_by_one
from reports.enums import FileProposal, Scan
from reports.models.reports import Report
from reports.uploads.file_types import KINDS, FileKind


@tracked
class StoredFile(models.Model):
    """One file as it was received, stored under ``stored_as``; its original name is never used as a path."""

    stored_as = models.UUIDField(unique=True)
    original_name = models.CharField("what it was called", max_length=120)
    kind = models.CharField(max_length=8, choices=[(kind.key, kind.words) for kind in KINDS.values()])
    size = models.PositiveIntegerField("bytes")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    guest_session_id = models.BigIntegerField("stay of the guest who sent it", null=True, blank=True)
    uploaded_at = models.DateTimeField()
    scan = models.CharField(max_length=12, choices=Scan.choices)
    scanned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers: ClassVar = [
            never_deleted,
            pgtrigger.ReadOnly(
                name="kept_as_it_came",
                fields=[
                    "stored_as",
                    "original_name",
                    "kind",
                    "size",
                    "sha256",
                    "uploaded_by",
                    "guest_session_id",
                    "uploaded_at",
                ],
            ),
        ]
        constraints: ClassVar = [entered_by_one("file", by="uploaded_by")]
        indexes: ClassVar = [
            models.Index(fields=("uploaded_at",), condition=Q(scan=Scan.WAITING), name="file_waits_for_scan")
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def file_kind(self) -> FileKind:
        return KINDS[self.kind]

    @property
    def opens(self) -> bool:
        """Return whether it may be opened: it was scanned, or no scanner is configured."""
        return Scan(self.scan).opens


@tracked
class Attachment(models.Model):
    """A file in one version of a report, and the children it is about; none named: all of the author's."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    children = models.ManyToManyField(ConferenceChild, related_name="+", blank=True)
    proposal = models.CharField(
        "what its author says about showing it to the family",
        max_length=8,
        choices=FileProposal.choices,
        blank=True,
        default="",
        db_default="",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_guest_session_id = models.BigIntegerField("stay of the guest who took it out", null=True, blank=True)
    withdrawn_because = models.TextField("why it was taken out", blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("report", "file"), name="file_once_in_a_report"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_because__regex=r"\S")
                & (Q(withdrawn_by__isnull=False) | Q(withdrawn_guest_session_id__isnull=False)),
                name="withdrawn_file_says_why",
                violation_error_message="Say why the file is taken out.",
            ),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"


@tracked_links
class AttachmentChild(Attachment.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
