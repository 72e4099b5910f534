from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import Decision, Participant
from families.enums import Answer
from families.models import Person


@tracked
class DecisionConsent(models.Model):
    """One person's answer when asked to consent to a child in need plan for one child."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=15, choices=Answer.choices)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("decision", "person"), name="consent_asked_once")]

    def __str__(self) -> str:
        return f"consent {self.pk}"


@tracked
class Dissent(models.Model):
    """A participant's disagreement with the decision, recorded at their wish."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="dissents")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="dissents")
    text = models.TextField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="dissent_says_why",
                violation_error_message="Write what this person disagrees with.",
            )
        ]

    def __str__(self) -> str:
        return f"dissent {self.pk}"
