"""What the family asked for and was answered, who will not be there, paper only, and what they thought afterwards."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import append_only, never_deleted, tracked
from accounts.models import Authority, User
from conferences.models.guests import SaidByGuest
from conferences.models.people import ExclusionRequest, Participant
from families.models import Person


@tracked
class AnswerToGuest(models.Model):
    """What someone who asked for something on their own page is answered there. The newest counts."""

    said = models.ForeignKey(SaidByGuest, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField("answer")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-answered_at", "-pk")
        verbose_name_plural = "answers to guests"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("said",), condition=Q(superseded_at__isnull=True), name="one_answer_to_a_guest_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="answer_to_guest_says_something",
                violation_error_message="Write the answer.",
            ),
        ]

    def __str__(self) -> str:
        return f"answer to a guest {self.pk}"


@tracked
class AbsenceTold(models.Model):
    """A sentence of the chair's about someone who is kept out or apart, released to one member of the family."""

    request = models.ForeignKey(ExclusionRequest, on_delete=models.PROTECT, related_name="absences_told")
    reader = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="told_who_is_absent")
    text = models.TextField("what the reader is told")
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-told_at", "-pk")
        verbose_name_plural = "absences told"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("request", "reader"), condition=Q(ended_at__isnull=True), name="absence_told_once"
            ),
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="absence_told_in_words",
                violation_error_message="Write what they are told.",
            ),
        ]

    def __str__(self) -> str:
        return f"absence told {self.pk}"


@tracked
class PaperOnly(models.Model):
    """A person who wants everything on paper and nothing online: while it stands no e-mail and no link goes to them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="paper_only")
    chosen_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    guest_session_id = models.BigIntegerField("stay of the guest who chose it", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_because = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("-chosen_at", "-pk")
        verbose_name_plural = "people with paper only"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("person",), condition=Q(ended_at__isnull=True), name="paper_only_once_per_person"
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False) | Q(guest_session_id__isnull=False),
                name="paper_only_chosen_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_because__regex=r"\S", ended_at__gte=F("chosen_at")),
                name="paper_only_ends_with_reason",
                violation_error_message="Say why.",
            ),
        ]

    def __str__(self) -> str:
        return f"paper only {self.pk}"


class FamilyFeedback(models.Model):
    """What someone of a family thought of a meeting, apart from the record: it names no case, no person and no day.

    ``month`` is the first of the month. ``answers`` holds each question as it was asked, with its answer.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="family_feedback")
    month = models.DateField("month in which it was given")
    answers = models.JSONField(default=list)
    text = models.TextField("in their own words", blank=True)

    class Meta:
        ordering = ("-month", "-pk")
        verbose_name_plural = "family feedback"
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"family feedback {self.pk}"
