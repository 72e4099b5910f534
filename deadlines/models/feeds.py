"""Subscriptions to dates from people's own calendars."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import User


class CalendarFeed(models.Model):
    """A secret URL at which a calendar program reads the dates one user is responsible for.

    Only the hash of the secret is stored, so that no URL can be read out of the database.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calendar_feeds")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField("last read", null=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("user",), condition=Q(revoked_at__isnull=True), name="one_calendar_feed_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"calendar feed {self.pk}"
