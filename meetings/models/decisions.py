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


@tracked
class Explanation(models.Model):
    """Someone explained a decision to someone of the family, who said in their own words what they understood.

    Never changed: a wrong entry is taken back with the reason.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="explanations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    told_by_other = models.CharField("who, where without an account", max_length=120, blank=True)
    told_on = models.DateField("when")
    understood = models.TextField("how they said it in their own words")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_because = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("told_on", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(understood__regex=r"\S"),
                name="explanation_says_what_they_understood",
                violation_error_message="Write what they said, in their own words.",
            ),
            models.CheckConstraint(
                condition=Q(told_by__isnull=False, told_by_other="")
                | Q(told_by__isnull=True, told_by_other__regex=r"\S"),
                name="explained_by_one_person",
                violation_error_message="Say who explained it.",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True, taken_back_because="")
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False, taken_back_because__regex=r"\S"),
                name="explanation_taken_back_with_reason",
                violation_error_message="Say why this entry is wrong.",
            ),
        ]

    def __str__(self) -> str:
        return f"explanation {self.pk}"

    @property
    def told_by_words(self) -> str:
        return self.told_by.name if self.told_by else self.told_by_other
