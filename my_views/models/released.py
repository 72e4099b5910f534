from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import Part, Participant
from my_views.enums import Ended
from my_views.models.forms import Answer


@tracked
class ReleasedPassage(models.Model):
    """Words of an answer, as they were said, that the chair released to one recipient or to one part of the meeting.

    Nothing else of a form ever reaches a copy, a screen, minutes or a core group.
    """

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="released")
    text = models.TextField("words as they were said")
    recipient = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="views_released_to", null=True, blank=True
    )
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="views_released", null=True, blank=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_because = models.CharField(max_length=10, choices=Ended.choices, blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, part__isnull=True) | Q(recipient__isnull=True, part__isnull=False),
                name="released_to_one",
            ),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="released_says_something"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="") | Q(ended_at__isnull=False) & ~Q(ended_because=""),
                name="release_ended_says_why",
            ),
            models.UniqueConstraint(
                fields=("answer", "text", "recipient", "part"),
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="released_once",
            ),
        ]

    def __str__(self) -> str:
        return f"released passage {self.pk}"
