"""Whether the chair went on without reports, and how far each report has got."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import append_only, tracked, tracked_links
from accounts.models import User
from conferences.models import Conference, Participant


@tracked
class GoneOnWithout(models.Model):
    """The chair's decision to go on without missing reports: which, when and why."""

    conference = models.OneToOneField(Conference, on_delete=models.PROTECT, related_name="gone_on_without")
    missing = models.ManyToManyField(Participant, related_name="+")
    reason = models.TextField("why the chair goes on without")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="gone_on_without_says_why",
                violation_error_message="Say why the conference can go ahead without these reports.",
            )
        ]

    def __str__(self) -> str:
        return f"gone on without reports to {self.conference_id}"


@tracked_links
class GoneOnWithoutMissing(GoneOnWithout.missing.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


class PaperProgress(models.Model):
    """How far one person's report has got, for the clocks to read.

    A projection written only by ``note_progress``. ``received_at`` is when the first version was complete;
    ``shared_at`` when everyone due the version in force had an outcome; ``nobody_due`` says that no one is due
    it. ``file_waits_for_worker`` and ``file_waits_for_coordinator`` say that a file of the version in force still
    waits for their look, for somebody who could have it.
    """

    participant = models.OneToOneField(
        Participant, on_delete=models.PROTECT, related_name="paper_progress", primary_key=True
    )
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="paper_progress")
    received_at = models.DateTimeField(null=True)
    shared_at = models.DateTimeField(null=True)
    nobody_due = models.BooleanField(default=False)
    file_waits_for_worker = models.BooleanField(default=False, db_default=False)
    file_waits_for_coordinator = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"progress of {self.participant_id}"
