from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.enums import AnswerEnded, Reply
from conferences.models.people import Participant


@tracked
class EarlierAnswer(models.Model):
    """An answer to a day or time that the conference no longer has; the person stands as not having answered.

    ``expected_at`` is when they were expected then. ``stands_again_at`` is set where the conference was moved back
    before they had heard of any other date: their answer is then the current one again.
    """

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="earlier_answers")
    reply = models.CharField("answer", max_length=12, choices=Reply.choices)
    replied_at = models.DateTimeField(null=True, blank=True)
    expected_at = models.DateTimeField("when they were expected")
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_because = models.CharField(max_length=10, choices=AnswerEnded.choices)
    stands_again_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-ended_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reply=Reply.NONE), name="earlier_answer_says_something")
        ]

    def __str__(self) -> str:
        return f"earlier answer {self.pk}"
