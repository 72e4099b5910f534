"""Objections to a conference raised afterwards: dissent, complaints, comments on the minutes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.models import Conference, ConferenceChild, Participant
from conferences.models.recorded import EnteredByOne, entered_by_one
from reports.enums import CommentOutcome, DissentChoice, PrintedFor
from reports.models.papers import Document

PRINTED_FOR = "who reads it with the minutes"


@tracked
class LodgedDissent(EnteredByOne):
    """A dissent lodged after the meeting, or the choice to leave it at the minutes. Answered once.

    Dissent expressed in the meeting itself is ``conferences.models.Dissent``. ``lodged_at`` is when it was
    received, ``recorded_at`` when it was entered here. ``printed_for`` is who reads it and its answer with the minutes.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="lodged_dissents")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="lodged_dissents")
    choice = models.CharField(max_length=8, choices=DissentChoice.choices, default=DissentChoice.LODGED)
    children = models.ManyToManyField(
        ConferenceChild, related_name="lodged_dissents", help_text="about whom the decision was"
    )
    text = models.TextField("what they do not agree with, and why", blank=True)
    lodged_at = models.DateTimeField("when it came in")
    recorded_at = models.DateTimeField()
    printed_for = models.CharField(
        PRINTED_FOR, max_length=13, choices=PrintedFor.choices, default=PrintedFor.OWN, db_default=PrintedFor.OWN
    )
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("lodged_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            entered_by_one("lodged_dissent"),
            models.CheckConstraint(
                condition=~Q(choice=DissentChoice.LODGED) | Q(text__regex=r"\S"),
                name="lodged_dissent_says_why",
                violation_error_message="Write what this person disagrees with.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(choice=DissentChoice.LODGED, answered_by__isnull=False, answer__regex=r"\S"),
                name="dissent_answer_says_something",
                violation_error_message="Write the answer.",
            ),
            models.CheckConstraint(
                condition=Q(lodged_at__lte=F("recorded_at")), name="dissent_lodged_before_it_is_recorded"
            ),
        ]

    def __str__(self) -> str:
        return f"lodged dissent {self.pk}"


@tracked_links
class LodgedDissentChild(LodgedDissent.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class Complaint(models.Model):
    """A complaint about how a conference was run. It never reverses a decision; complainants are told so."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="complaints")
    received_on = models.DateField()
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="complaints", null=True, blank=True
    )
    described = models.CharField("from whom, where not on the list", max_length=200, blank=True)
    about = models.TextField("what it is about")
    told_on = models.DateField("when they were told that it does not reverse the decision", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    answer_recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("received_on", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(about__regex=r"\S"),
                name="complaint_says_what",
                violation_error_message="Write what the complaint is about.",
            ),
            models.CheckConstraint(
                condition=Q(participant__isnull=False, described="")
                | Q(participant__isnull=True, described__regex=r"\S"),
                name="complaint_says_from_whom",
                violation_error_message="Say who is complaining.",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answered_by__isnull=True)
                | Q(
                    answered_by__isnull=False,
                    answered_on__gte=F("received_on"),
                    told_on__isnull=False,
                    answer__regex=r"\S",
                ),
                name="complaint_answer_says_something",
                violation_error_message="Write the answer.",
            ),
            models.CheckConstraint(
                condition=Q(told_on__isnull=True) | Q(told_on__gte=F("received_on")),
                name="complainant_told_after_complaining",
                violation_error_message="This is before the complaint came in.",
            ),
        ]

    def __str__(self) -> str:
        return f"complaint {self.pk}"


@tracked
class MinutesComment(EnteredByOne):
    """What one recipient says is wrong in the minutes, and the outcome.

    ``quoted`` holds the words of the minutes it is about, as the person gave them. ``children`` and ``printed_for`` say
    who reads it, and the answer, with the minutes: as recorded when it was settled.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="comments")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="minutes_comments")
    received_on = models.DateField()
    quoted = models.TextField("the words it is about", blank=True, default="", db_default="")
    text = models.TextField("what they say is wrong")
    recorded_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=CommentOutcome.choices, blank=True)
    settled_because = models.TextField("what was made of it, and why", blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    children = models.ManyToManyField(ConferenceChild, related_name="minutes_comments", help_text="whom it is about")
    printed_for = models.CharField(
        PRINTED_FOR, max_length=13, choices=PrintedFor.choices, default=PrintedFor.OWN, db_default=PrintedFor.OWN
    )

    class Meta:
        ordering = ("received_on", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            entered_by_one("minutes_comment"),
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="record_comment_says_something",
                violation_error_message="Write what they say is wrong.",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | Q(
                    outcome__in=CommentOutcome.values,
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                    settled_because__regex=r"\S",
                ),
                name="settled_comment_says_why",
                violation_error_message="Write what was made of it.",
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None


@tracked_links
class MinutesCommentChild(MinutesComment.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
