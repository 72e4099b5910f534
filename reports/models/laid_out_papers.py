"""Files of copies: laid out once by a worker, stored encrypted, and served from there."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted
from conferences.models import Participant
from core_groups.models import CoreGroupMember
from families.models import Person
from reports.enums import PaperFailure, PaperRetired, PaperState
from reports.models.papers import Document, for_one


class LaidOutPaper(models.Model):
    """The file of one recipient's copy of one version; of each print, ordinary and large, at most one is not retired.

    ``made_from`` is the checksum of the composed copy and its stamp, empty until it is composed. The bytes are
    stored encrypted under ``stored_as``, in state READY only; ``sha256`` and ``size`` are those of the file as
    it is given out. ``take_after`` is the moment from which a worker may take it: at once, after the pause that
    follows a failed attempt, or when the worker that has it must be dead.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="laid_out_papers")
    recipient = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    is_large = models.BooleanField("in large print", default=False, db_default=False)
    made_from = models.CharField("SHA-256 of what it is made from", max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=PaperState.choices, default=PaperState.WAITING)
    stored_as = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    size = models.PositiveIntegerField("bytes", null=True, blank=True)
    sha256 = models.CharField("SHA-256 of the file", max_length=64, blank=True)
    requested_at = models.DateTimeField()
    take_after = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    laid_out_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failed_because = models.CharField(max_length=8, choices=PaperFailure.choices, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_because = models.CharField(max_length=8, choices=PaperRetired.choices, blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            never_deleted,
            pgtrigger.ReadOnly(
                name="frozen", fields=["document", "recipient", "member", "person", "is_large", "stored_as"]
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("document", "recipient", "is_large"),
                condition=~Q(state=PaperState.RETIRED),
                name="one_file_of_a_copy",
            ),
            models.UniqueConstraint(
                fields=("document", "member", "is_large"),
                condition=~Q(state=PaperState.RETIRED),
                name="one_file_of_a_members_copy",
            ),
            models.UniqueConstraint(
                fields=("document", "person", "is_large"),
                condition=~Q(state=PaperState.RETIRED),
                name="one_file_of_a_persons_copy",
            ),
            models.CheckConstraint(condition=for_one(), name="paper_for_one"),
            models.CheckConstraint(
                condition=~Q(state=PaperState.READY)
                | Q(laid_out_at__isnull=False, size__isnull=False) & ~Q(sha256="") & ~Q(made_from=""),
                name="ready_paper_says_what_it_is",
            ),
            models.CheckConstraint(
                condition=~Q(state=PaperState.FAILED) | Q(failed_at__isnull=False) & ~Q(failed_because=""),
                name="failed_paper_says_why",
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_because="") & ~Q(state=PaperState.RETIRED)
                | Q(retired_at__isnull=False, state=PaperState.RETIRED) & ~Q(retired_because=""),
                name="retired_paper_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("take_after",), condition=Q(state=PaperState.WAITING), name="paper_waits_for_layout")
        ]

    def __str__(self) -> str:
        return f"laid out paper {self.pk}"

    @property
    def for_whom(self) -> int:
        """Return the id of the recipient in its document's content."""
        return self.recipient_id or self.member_id or self.person_id or 0

    @property
    def is_ready(self) -> bool:
        return self.state == PaperState.READY

    @property
    def is_failed(self) -> bool:
        return self.state == PaperState.FAILED
