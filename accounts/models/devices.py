"""Devices of a council on which staff may go on recording without a network."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked
from accounts.models.people import Authority, User


@tracked
class EnrolledDevice(models.Model):
    """A browser that an administrator lets keep what is typed without a network, for hours, until it can be sent.

    The administrator makes a code that works once (``code_hash``); staff who are signed in on the device enter it,
    and the browser then holds a secret of its own (``token_hash``). Both are kept as keyed hashes.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(max_length=80)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64)
    code_until = models.DateTimeField()
    taken_up_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    ends_at = models.DateTimeField("enrolled until")
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("code_hash",), name="device_code_is_its_own"),
            models.UniqueConstraint(
                fields=("token_hash",), condition=~Q(token_hash=""), name="device_token_is_its_own"
            ),
            models.UniqueConstraint(
                fields=("authority", "name"),
                condition=Q(revoked_at__isnull=True),
                name="device_name_once",
                violation_error_message="A device of this name is enrolled already. Choose another name.",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="device_ends_after_it_was_made"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="device_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"device {self.pk}"
