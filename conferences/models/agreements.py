"""Whether whoever the procedures name agrees that a conference is held."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models.conference import Conference


@tracked
class ConferenceAgreement(models.Model):
    """One question whether a conference is held, and the answer; nothing goes out while it is open or refused.

    A conference without a row was asked for when no one had to agree. Who asked may take a refusal further, once, to
    a service manager: that is another row, ``taken_further``.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="agreements")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    taken_further = models.BooleanField("asked of a service manager after a refusal", default=False)
    because = models.TextField("why the refusal is taken further", blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField("agreed that the conference is held", null=True, blank=True)
    reason = models.TextField("why not", blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference",),
                condition=Q(answered_at__isnull=True),
                name="conference_agreement_asked_once",
                violation_error_message="This is already asked.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, agreed__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, agreed__isnull=False),
                name="conference_agreement_answered_by_someone",
                violation_error_message="Say whether you agree.",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True) | Q(agreed=True) | Q(reason__regex=r"\S"),
                name="conference_refused_with_reason",
                violation_error_message="Say why you do not agree.",
            ),
            models.CheckConstraint(
                condition=Q(taken_further=False) | Q(because__regex=r"\S"),
                name="refusal_taken_further_with_reason",
                violation_error_message="Say why the conference is needed.",
            ),
        ]

    def __str__(self) -> str:
        return f"agreement to conference {self.conference_id}"
