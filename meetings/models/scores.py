from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from conferences.enums import Category
from conferences.models import ConferenceChild, Part, Participant
from conferences.models.recorded import EnteredByOne, Scored, entered_by_one, score_checks
from meetings.enums import Given, Harm, HarmAnswer, ViewStatus
from meetings.models.bases import SaysWhoEntered
from meetings.models.rounds import TabletTurn


class Answered(SaysWhoEntered, EnteredByOne):
    """An answer about a child: who entered it, and in which turn at the tablet, where it was given there."""

    turn = models.ForeignKey(TabletTurn, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        abstract = True


@tracked
class Score(Scored, Answered):
    """How safe one participant of a conference thinks one child is.

    ``shown_in`` are the parts of the meeting in which it was shown; in none of them it is still hidden.
    ``may_be_shown`` is what someone of the family answered when asked whether the others may see it.
    """

    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="scores")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="scores")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    may_be_shown = models.BooleanField(null=True, blank=True)
    shown_in = models.ManyToManyField(Part, related_name="scores_shown", blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference_child", "participant"),
                name="score_once",
                violation_error_message="This person's score for the child is already recorded.",
            ),
            *score_checks("score"),
            entered_by_one("score"),
        ]

    def __str__(self) -> str:
        return f"score {self.pk}"


@tracked_links
class ScoreShownIn(Score.shown_in.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class View(Answered):
    """One participant's view about one child: harm, status, category and why; or why there is no view.

    ``still_harm`` is the answer at a review, asked before anything else; ``harm`` that at any other conference.
    """

    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="views")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="views")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    given = models.CharField(max_length=10, choices=Given.choices, default=Given.GIVEN)
    harm = models.CharField(max_length=10, choices=Harm.choices, blank=True)
    still_harm = models.CharField(
        "whether the child still suffers or is likely to suffer significant harm",
        max_length=10,
        choices=HarmAnswer.choices,
        blank=True,
        default="",
        db_default="",
    )
    status = models.CharField(max_length=10, choices=ViewStatus.choices, blank=True)
    category = models.CharField(max_length=3, choices=Category.choices, blank=True)
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference_child", "participant"),
                name="view_once",
                violation_error_message="This person's view about the child is already recorded.",
            ),
            models.CheckConstraint(
                condition=~Q(given=Given.GIVEN) | ~Q(status=""),
                name="view_given_names_a_status",
                violation_error_message="Choose the status this person recommends, or say why there is no view.",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="view_has_a_reason", violation_error_message="Write the reason."
            ),
            entered_by_one("view"),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"
