"""Objections to a conference raised afterwards: dissent, complaints, comments on the minutes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.models import Conference, ConferenceChild, Participant
from conferences.models.recorded import EnteredByOne, entered_by_one
from reports.enums import CommentOutcome, ComplaintOutcome, DissentChoice, PrintedFor
from reports.models.papers import Document

PRINTED_FOR = "who reads it with the minutes"
REVIEW, PANEL = 2, 3
LATER_STAGES = [(REVIEW, "Manager who had no part in it"), (PANEL, "Panel of partner agencies")]


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
            CheckConstraint(
                condition=~Q(choice=DissentChoice.LODGED) | Q(text__regex=r"\S"),
                name="lodged_dissent_says_why",
                violation_error_message="Write what this person disagrees with.",
            ),
            CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(choice=DissentChoice.LODGED, answered_by__isnull=False, answer__regex=r"\S"),
                name="dissent_answer_says_something",
                violation_error_message="Write the answer.",
            ),
            CheckConstraint(condition=Q(lodged_at__lte=F("recorded_at")), name="dissent_lodged_before_it_is_recorded"),
        ]

    def __str__(self) -> str:
        return f"lodged dissent {self.pk}"


@tracked_links
class LodgedDissentChild(LodgedDissent.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


class Answered(models.Model):
    """The answer to a complaint at one stage: what became of it, in words for whoever complained, sent on what day."""

    answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=ComplaintOutcome.choices, blank=True, default="", db_default="")
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    answer_recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def may_go_further(self) -> bool:
        """Return whether whoever complained can still want more: it is answered, and not because they withdrew."""
        return self.answered_on is not None and self.outcome != ComplaintOutcome.WITHDRAWN


def _answer_says_something(name: str, *, since: str, **needed: Any) -> CheckConstraint:
    complete = Q(answered_by__isnull=False, answered_on__gte=F(since), answer__regex=r"\S", **needed)
    return CheckConstraint(
        condition=Q(answered_on__isnull=True, answered_by__isnull=True) | complete,
        name=name,
        violation_error_message="Write the answer.",
    )


@tracked
class Complaint(EnteredByOne, Answered):
    """A complaint about how a conference was run. It never reverses a decision; complainants are told so.

    The answer is that of the first stage; a ``ComplaintStage`` stands for each later one.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="complaints")
    received_on = models.DateField()
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="complaints", null=True, blank=True
    )
    described = models.CharField("from whom, where not on the list", max_length=200, blank=True)
    about = models.TextField("what it is about")
    told_on = models.DateField("when they were told that it does not reverse the decision", null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("received_on", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            entered_by_one("complaint"),
            CheckConstraint(
                condition=Q(about__regex=r"\S"),
                name="complaint_says_what",
                violation_error_message="Write what the complaint is about.",
            ),
            CheckConstraint(
                condition=Q(participant__isnull=False, described="")
                | Q(participant__isnull=True, described__regex=r"\S"),
                name="complaint_says_from_whom",
                violation_error_message="Say who is complaining.",
            ),
            _answer_says_something("complaint_answer_says_something", since="received_on", told_on__isnull=False),
            CheckConstraint(
                condition=Q(told_on__isnull=True) | Q(told_on__gte=F("received_on")),
                name="complainant_told_after_complaining",
                violation_error_message="This is before the complaint came in.",
            ),
        ]

    def __str__(self) -> str:
        return f"complaint {self.pk}"

    @property
    def latest(self) -> Complaint | ComplaintStage:
        """Return the stage that counts now: a later one, or the complaint itself."""
        stages = list(self.stages.all())
        return stages[-1] if stages else self


@tracked
class ComplaintStage(EnteredByOne, Answered):
    """A complaint taken further: to a manager who had no part in it (2), then to a panel of partner agencies (3).

    ``because`` is what the answer before leaves open, in the words of whoever complained. ``looked_at_by`` names who
    looked at it and decided, with their posts.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="stages")
    number = models.PositiveSmallIntegerField(choices=LATER_STAGES)
    asked_on = models.DateField("when they asked for it")
    because = models.TextField("why the answer does not satisfy them")
    recorded_at = models.DateTimeField()
    looked_at_by = models.CharField("who looked at it", max_length=500, blank=True)

    class Meta:
        ordering = ("number",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            entered_by_one("complaint_stage"),
            models.UniqueConstraint(fields=["complaint", "number"], name="complaint_has_each_stage_once"),
            CheckConstraint(condition=Q(number__in=[REVIEW, PANEL]), name="complaint_stage_is_a_later_one"),
            CheckConstraint(
                condition=Q(because__regex=r"\S"),
                name="complaint_stage_says_why",
                violation_error_message="Write what is still wrong.",
            ),
            _answer_says_something(
                "complaint_stage_answer_says_something", since="asked_on", looked_at_by__regex=r"\S"
            ),
        ]

    def __str__(self) -> str:
        return f"stage {self.number} of complaint {self.complaint_id}"

    @property
    def answered_before(self) -> set[int | None]:
        """Return who answered the complaint at an earlier stage."""
        later = self.complaint.stages.all()
        return {self.complaint.answered_by_id, *(row.answered_by_id for row in later if row.number < self.number)}


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
            CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="record_comment_says_something",
                violation_error_message="Write what they say is wrong.",
            ),
            CheckConstraint(
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
