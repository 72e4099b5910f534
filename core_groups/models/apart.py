"""How those take part who must not meet others of the group."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import Conference
from core_groups.enums import HowToMeet
from core_groups.models.groups import CoreGroup
from core_groups.models.meetings import CoreGroupMeeting
from families.models import Person


@tracked
class ApartDecision(models.Model):
    """How someone takes part who must not meet another member; the newest one about a person stands.

    The chair decides it at a conference (``conference``), a manager between conferences.
    """

    core_group = models.ForeignKey(CoreGroup, on_delete=models.PROTECT, related_name="apart_decisions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=12, choices=HowToMeet.choices)
    reason = models.TextField()
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("decided_at", "pk")
        triggers: ClassVar = [never_deleted]
        indexes: ClassVar = [models.Index(fields=("core_group", "person", "-decided_at"), name="apart_decisions")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="apart_decision_says_why",
                violation_error_message="Say why you decide this.",
            )
        ]

    def __str__(self) -> str:
        return f"apart decision {self.pk}"


@tracked
class SeparateSitting(models.Model):
    """A person's own sitting, or call, of a core group meeting; both together count as one meeting."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="separate_sittings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=12, choices=HowToMeet.choices)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("starts_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("meeting", "person"),
                name="one_separate_sitting_each",
                violation_error_message="This person already has a sitting of their own.",
            ),
            models.CheckConstraint(condition=~Q(how=HowToMeet.TOGETHER), name="separate_sitting_is_separate"),
        ]

    def __str__(self) -> str:
        return f"separate sitting {self.pk}"
