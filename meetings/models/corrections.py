"""Open corrections of a wrong decision or of an entry about the wrong child. Both texts are kept."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.enums import AlsoAdvised, Category, EndsBecause, Outcome, StillHarm
from conferences.models.conference import Conference
from conferences.models.decisions import Decision
from conferences.models.people import Participant
from families.models import Child, Family
from meetings.enums import EntryKind


@tracked
class DecisionCorrection(models.Model):
    """A claim that a decision was entered wrongly, with what the chair had decided.

    It takes effect when two people, the chair and a manager, have agreed: a new decision then replaces the
    wrong one. ``effects`` are sentences that say what happened to the plans.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="corrections")
    reason = models.TextField("what is wrong, and what shows it")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    main_category = models.CharField(max_length=3, choices=Category.choices, blank=True)
    categories = ArrayField(models.CharField(max_length=3, choices=Category.choices), default=list, blank=True)
    rationale = models.TextField("why")
    help_offered = models.TextField("what help is offered, by whom", blank=True)
    against_majority_reason = models.TextField(blank=True)
    key_worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    visit_every_working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    visit_reason = models.TextField("why visits are further apart than the ceiling", blank=True)
    core_group = models.ManyToManyField(Participant, related_name="+", blank=True)
    still_harm = models.CharField(
        "whether the child still suffers or is likely to suffer significant harm",
        max_length=3,
        choices=StillHarm.choices,
        blank=True,
        db_default="",
    )
    refusal_changes = models.CharField(
        "whether the refusal of a child in need plan changes that answer",
        max_length=3,
        choices=StillHarm.choices,
        blank=True,
        db_default="",
    )
    ends_because = models.CharField(
        "why the plan ends or is lowered", max_length=12, choices=EndsBecause.choices, blank=True, db_default=""
    )
    also_advised = ArrayField(
        models.CharField(max_length=16, choices=AlsoAdvised.choices), default=list, db_default=[], blank=True
    )
    consents = models.JSONField("who said what about consent", default=list, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    chair_agreed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="chair who agreed"
    )
    chair_agreed_at = models.DateTimeField(null=True, blank=True)
    manager_agreed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="manager who agreed"
    )
    manager_agreed_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_because = models.TextField(blank=True)
    made = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="correction", null=True, blank=True)
    made_at = models.DateTimeField("corrected", null=True, blank=True)
    effects = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("decision",),
                condition=Q(made_at__isnull=True, refused_at__isnull=True),
                name="one_open_correction_per_decision",
                violation_error_message="Someone has already asked to correct this decision.",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S", rationale__regex=r"\S"),
                name="correction_says_why",
                violation_error_message="Say what is wrong, and what the evidence is.",
            ),
            models.CheckConstraint(
                condition=Q(chair_agreed_by__isnull=True)
                | Q(manager_agreed_by__isnull=True)
                | ~Q(chair_agreed_by=F("manager_agreed_by")),
                name="correction_agreed_by_two_people",
                violation_error_message=(
                    "You have already agreed in your other role. Someone else has to agree as well."
                ),
            ),
            models.CheckConstraint(
                condition=Q(made__isnull=True, made_at__isnull=True)
                | Q(
                    made__isnull=False,
                    made_at__isnull=False,
                    chair_agreed_by__isnull=False,
                    manager_agreed_by__isnull=False,
                    refused_at__isnull=True,
                ),
                name="correction_made_when_both_agreed",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True) | Q(refused_by__isnull=False, refused_because__regex=r"\S"),
                name="correction_refused_with_reason",
                violation_error_message="Say why it is not corrected.",
            ),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.made_at is None and self.refused_at is None


@tracked_links
class DecisionCorrectionCoreGroup(DecisionCorrection.core_group.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class EntryMove(models.Model):
    """The move of an entry from the wrong child to the right one; its own history keeps where it was.

    If the entry was part of something already released, a second person has to agree before it moves.
    ``entry_id`` is the row's id in the table that ``kind`` names.
    """

    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    entry_id = models.BigIntegerField()
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="entry_moves")
    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, related_name="entry_moves", null=True, blank=True
    )
    from_child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="entries_moved_away")
    to_child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="entries_moved_here")
    from_record = models.BigIntegerField(help_text="id of the plan or of the child's row in the conference")
    reason = models.TextField("what shows that it concerns another child")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    needs_agreement = models.BooleanField("what it stands in was already released", default=False)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_because = models.TextField(blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        triggers: ClassVar = [never_deleted]
        indexes: ClassVar = [models.Index(fields=("kind", "entry_id"))]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("kind", "entry_id"),
                condition=Q(moved_at__isnull=True, refused_at__isnull=True),
                name="one_open_move_per_entry",
                violation_error_message="This entry is already waiting to be moved.",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="move_says_why",
                violation_error_message="Say what shows that it is about another child.",
            ),
            models.CheckConstraint(
                condition=~Q(from_child=F("to_child")),
                name="move_goes_to_another_child",
                violation_error_message="Choose another child.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("asked_by")),
                name="move_agreed_by_a_second_person",
                violation_error_message="Someone other than the person who asked has to agree.",
            ),
            models.CheckConstraint(
                condition=Q(moved_at__isnull=True)
                | Q(needs_agreement=False)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="released_entry_moves_when_agreed",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True) | Q(refused_by__isnull=False, refused_because__regex=r"\S"),
                name="move_refused_with_reason",
                violation_error_message="Say why it stays where it is.",
            ),
        ]

    def __str__(self) -> str:
        return f"move {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.moved_at is None and self.refused_at is None
