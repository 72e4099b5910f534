"""Where somebody is, and was, signed in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q

from accounts.enums import SessionEnd
from accounts.history import never_deleted
from accounts.models.people import User


class UserSession(models.Model):
    """One time that somebody was signed in, from the first page to the last.

    ``session`` is the browser's session while it lives. ``last_seen_at`` is at most a minute old; a browser
    that was closed leaves no sign, so a session that nobody used for the idle limit is over without ``ended_at``.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions")
    session = models.OneToOneField(
        Session, on_delete=models.SET_NULL, related_name="+", null=True, db_constraint=False
    )
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=80, help_text="browser and system in words")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=10, choices=SessionEnd.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="ended_session_says_why",
            ),
            models.CheckConstraint(
                condition=Q(ended_why="") | Q(ended_why__in=SessionEnd.values), name="session_end_is_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("user", "-started_at"), name="sessions_of_user")]
        triggers: ClassVar = [never_deleted]

    def __str__(self) -> str:
        return f"session {self.pk}"
