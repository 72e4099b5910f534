from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.enums import Category, Given, Harm, Outcome, ViewStatus
from conferences.models.conference import ConferenceChild, Part, Sitting
from conferences.models.people import Participant
from families.enums import Answer
from families.models import Person


@tracked
class Score(models.Model):
    """How safe one participant thinks one child is, 0 to 10 on the scale named, with the reason.

    It informs and never decides; scores of different scales are never drawn on one line.
    """

    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="scores")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="scores")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    scale = models.CharField("scale and its version", max_length=60)
    given = models.CharField(max_length=10, choices=Given.choices, default=Given.GIVEN)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference_child", "participant"),
                name="score_once",
                violation_error_message="This person's score for the child is already recorded.",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0, value__lte=10),
                name="score_within_its_scale",
                violation_error_message="A score is a whole number from 0 to 10.",
            ),
            models.CheckConstraint(
                condition=Q(given=Given.GIVEN, value__isnull=False)
                | ~Q(given=Given.GIVEN) & Q(value__isnull=True),
                name="score_given_or_not",
                violation_error_message="Enter a score, or say why there is none.",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="score_has_a_reason",
                violation_error_message="Write the reason.",
            ),
        ]

    def __str__(self) -> str:
        return f"score {self.pk}"


@tracked
class View(models.Model):
    """What one participant thinks about one child: harm, status, category, why; or why there is no view."""

    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="views")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="views")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    given = models.CharField(max_length=10, choices=Given.choices, default=Given.GIVEN)
    harm = models.CharField(max_length=10, choices=Harm.choices, blank=True)
    status = models.CharField(max_length=10, choices=ViewStatus.choices, blank=True)
    category = models.CharField(max_length=3, choices=Category.choices, blank=True)
    reason = models.TextField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
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
                condition=Q(reason__regex=r"\S"),
                name="view_has_a_reason",
                violation_error_message="Write the reason.",
            ),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"


unalterable = pgtrigger.ReadOnly(
    name="unalterable",
    fields=[
        "conference_child",
        "sitting",
        "outcome",
        "main_category",
        "categories",
        "rationale",
        "decided_by",
        "decided_at",
        "against_majority_reason",
        "missing",
        "went_on_reason",
    ],
)


@tracked
class Decision(models.Model):
    """The chair's decision for one child. It can't be altered: a wrong one is superseded, both texts kept.

    ``missing`` lists what was not there when the chair went on with ``went_on_reason``.
    """

    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="decisions")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    main_category = models.CharField(max_length=3, choices=Category.choices, blank=True)
    categories = ArrayField(
        models.CharField(max_length=3, choices=Category.choices), default=list, blank=True
    )
    rationale = models.TextField("why")
    help_offered = models.TextField("what help is offered, by whom", blank=True)
    against_majority_reason = models.TextField(blank=True)
    missing = ArrayField(models.CharField(max_length=250), default=list, blank=True)
    went_on_reason = models.TextField("why the chair went on without", blank=True)
    key_worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    visit_every_working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    visit_reason = models.TextField("why visits are further apart than the ceiling", blank=True)
    core_group = models.ManyToManyField(Participant, related_name="core_group_of", blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField()
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="supersedes", null=True, blank=True
    )
    superseded_because = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted, unalterable]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference_child",),
                condition=Q(superseded_by__isnull=True),
                name="one_decision_per_child",
                violation_error_message="The chair has already decided for this child.",
            ),
            models.CheckConstraint(
                condition=Q(rationale__regex=r"\S"),
                name="decision_has_its_rationale",
                violation_error_message="Write why. The parents will read this.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.CP_PLAN) | ~Q(main_category=""),
                name="cp_decision_has_a_category",
                violation_error_message="Choose the main category of harm.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.CP_PLAN) | Q(visit_every_working_days__gte=1),
                name="cp_decision_has_visits",
                violation_error_message="Enter how often the child is visited.",
            ),
            models.CheckConstraint(
                condition=Q(missing=[]) | Q(went_on_reason__regex=r"\S"),
                name="going_on_without_needs_a_reason",
                violation_error_message="Say why you go on although something is missing. The record prints it.",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


@tracked_links
class DecisionCoreGroup(Decision.core_group.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class DecisionConsent(models.Model):
    """What one person said when asked to consent to a child in need plan for one child."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=15, choices=Answer.choices)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("decision", "person"), name="consent_asked_once")
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


@tracked
class Dissent(models.Model):
    """A participant who does not agree with the decision and wants that recorded."""

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
                violation_error_message="Write what this person does not agree with.",
            ),
        ]

    def __str__(self) -> str:
        return f"dissent {self.pk}"
