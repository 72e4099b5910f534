"""What a plan says: its versions, needs, outcomes, actions and their progress (ADR 20).

Nothing that was agreed is written over. A change makes a new version and new rows; the old ones keep the version in
which they were last in force.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, Self, TypeVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.history import append_only, never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.models import Decision
from families.models import Person, Post
from meetings.models import OutlineAction
from plans.enums import COLOUR_OF_PROGRESS, Occasion, PlanEntryKind, Progress, WhyChanged
from plans.models.cin import CinReview
from plans.models.plans import Plan


class PlanVersion(models.Model):
    """A numbered version of a plan: who made it, when, at which meeting, and why. Never changed or removed.

    Which core group meeting made it is told by ``plans.occasions``. A plan that began before versions were kept has
    one of the occasion ``START``, made by nobody.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    occasion = models.CharField(max_length=12, choices=Occasion.choices)
    because = models.CharField(max_length=15, choices=WhyChanged.choices, blank=True)
    reason = models.TextField(blank=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    review = models.ForeignKey(CinReview, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    guest_session_id = models.BigIntegerField("stay of the guest who made it", null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("plan", "number"),
                name="plan_version_number_once",
                violation_error_message="Someone changed this plan at the same time. Look at it again.",
            ),
            models.CheckConstraint(
                condition=Q(occasion=Occasion.START)
                | Q(made_by__isnull=False, guest_session_id__isnull=True)
                | Q(made_by__isnull=True, guest_session_id__isnull=False),
                name="plan_version_made_by_one",
            ),
            models.CheckConstraint(
                condition=Q(number=1)
                | ~Q(occasion__in=[Occasion.CORE_GROUP, Occasion.CIN_REVIEW, Occasion.BETWEEN])
                | ~Q(because="") & Q(reason__regex=r"\S"),
                name="plan_version_says_why",
                violation_error_message="Say why the plan is changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of plan {self.plan_id}"


S = TypeVar("S", bound="Statement")


class StatementQuerySet(models.QuerySet[S]):
    def standing(self) -> Self:
        """Return what the plan says now."""
        return self.filter(until__isnull=True)

    def in_version(self, number: int) -> Self:
        """Return what a plan's version of this number said. Rows of the beginning may have no ``since``."""
        begun = Q(since__isnull=True) | Q(since__number__lte=number)
        return self.filter(begun, Q(until__isnull=True) | Q(until__number__gt=number))


class Statement(models.Model):
    """One thing that a plan says, in force from the version ``since`` up to, and without, the version ``until``.

    ``thread`` is the same in all versions of it, in the plans of brothers and sisters for whom it was written
    together, and in a plan that carries it on. ``under`` is the thread of the need or the outcome it belongs to.
    """

    thread = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    under = models.UUIDField(null=True, blank=True, editable=False)
    since = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    until = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    who_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    who_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    who_else = models.CharField(max_length=200, blank=True)
    private_to = models.ManyToManyField(Person, related_name="+", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class PlanActionQuerySet(StatementQuerySet["PlanAction"]):
    pass


class PlanEntryQuerySet(StatementQuerySet["PlanEntry"]):
    pass


@tracked
class PlanAction(Statement):
    """One action of a plan: why, what, who, by when, how we shall know, and how far it has come.

    ``who_person`` is named first; whoever shares the action is in ``sharers``. ``superseded_by`` is the same action
    in the words of a later version. ``progress`` is the newest of ``progress_rows``.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    outline = models.ForeignKey(OutlineAction, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    why = models.TextField()
    what = models.TextField()
    by_when = models.DateField(null=True, blank=True)
    by_when_words = models.CharField(max_length=100, blank=True)
    how_known = models.TextField("how we shall know", blank=True, default="", db_default="")
    progress = models.CharField(max_length=12, choices=Progress.choices, default=Progress.NOT_STARTED)
    progress_note = models.TextField(blank=True)
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="supersedes", null=True, blank=True
    )
    change_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = PlanActionQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("plan", "thread"), condition=Q(until__isnull=True), name="one_standing_action_each"
            )
        ]

    def __str__(self) -> str:
        return f"plan action {self.pk}"

    @property
    def said(self) -> str:
        return self.what

    @property
    def who_in_words(self) -> str:
        """Return everyone who carries it out; needs ``who_person`` and the sharers' persons fetched."""
        people = [self.who_person, *(row.person for row in self.sharers.all())]
        return ", ".join(filter(None, [*(person.full_name for person in people if person), self.who_else]))

    @property
    def progress_colour(self) -> str:
        return COLOUR_OF_PROGRESS[self.progress]


@tracked_links
class PlanActionPrivateTo(PlanAction.private_to.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class ActionSharer(models.Model):
    """Someone who shares an action with the person named first."""

    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="sharers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("action", "person"),
                name="shares_an_action_once",
                violation_error_message="This person is named twice.",
            )
        ]

    def __str__(self) -> str:
        return f"sharer {self.pk}"


def carried_out_by(persons: object) -> Q:
    """Match actions that one of these persons carries out, alone or with others."""
    shared = ActionSharer.objects.filter(action=OuterRef("pk")).filter(
        Q(person__in=persons) | Q(post__person__in=persons)
    )
    return Q(who_person__in=persons) | Q(who_post__person__in=persons) | Q(Exists(shared))


class ActionProgress(models.Model):
    """How far an action had come, as someone recorded it; the newest counts. Never changed or removed.

    Entered by a user or by a guest; ``said_by`` is the person whose word it is, where another typed it. ``is_own``
    is what one who carries it out says of it themselves: it is read beside the action and never counts as its
    progress. ``carried_over`` marks what was recorded before these rows were kept.
    """

    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="progress_rows")
    progress = models.CharField(max_length=12, choices=Progress.choices)
    note = models.TextField(blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    guest_session_id = models.BigIntegerField("stay of the guest who entered it", null=True, blank=True)
    at = models.DateTimeField()
    is_own = models.BooleanField(default=False, db_default=False)
    carried_over = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ("at", "pk")
        verbose_name_plural = "progress of actions"
        triggers: ClassVar = [append_only]
        indexes: ClassVar = [models.Index(fields=("action", "at"), name="progress_of_action")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(carried_over=True, guest_session_id__isnull=True)
                | Q(entered_by__isnull=False, guest_session_id__isnull=True)
                | Q(entered_by__isnull=True, guest_session_id__isnull=False),
                name="progress_entered_by_one",
            ),
            models.CheckConstraint(
                condition=Q(carried_over=True)
                | ~Q(progress__in=[Progress.NOT_DONE, Progress.GIVEN_UP])
                | Q(note__regex=r"\S"),
                name="progress_says_why_not",
                violation_error_message="Say why it was not done, or given up.",
            ),
        ]

    def __str__(self) -> str:
        return f"progress {self.pk}"


@tracked
class PlanEntry(Statement):
    """A need, an outcome, the child's wishes, who visits, a role, or what we do if something happens.

    ``text`` is a need, an outcome, the child's wishes, what we fear, what has to be seen, a role, what a visit is for,
    or what might happen. ``services`` meet a need; ``we_do`` answers what might happen, and who acts is in
    ``who_person``, ``who_post`` and ``who_else``, as is who visits and who has a role. A plan has one standing entry
    each of wishes, danger and goal.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=PlanEntryKind.choices)
    text = models.TextField()
    services = models.TextField("services that meet it", blank=True)
    we_do = models.TextField("what we do then", blank=True)
    how_often = models.CharField(max_length=120, blank=True)
    from_when = models.DateField(null=True, blank=True)

    objects: ClassVar = PlanEntryQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")
        verbose_name_plural = "plan entries"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("plan", "thread"), condition=Q(until__isnull=True), name="one_standing_entry_each"
            ),
            models.UniqueConstraint(
                fields=("plan", "kind"),
                condition=Q(
                    until__isnull=True, kind__in=[PlanEntryKind.DANGER, PlanEntryKind.GOAL, PlanEntryKind.WISHES]
                ),
                name="one_of_these_in_a_plan",
                violation_error_message="The plan already says this. Change those words.",
            ),
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"), name="entry_says_something", violation_error_message="Write something."
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlanEntryKind.CONTINGENCY) | Q(we_do__regex=r"\S"),
                name="contingency_says_what_then",
                violation_error_message="Say what we do then.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[PlanEntryKind.VISITING, PlanEntryKind.ROLE])
                | Q(who_person__isnull=False)
                | ~Q(who_else=""),
                name="entry_says_who",
                violation_error_message="Say who.",
            ),
        ]

    def __str__(self) -> str:
        return f"plan entry {self.pk}"

    @property
    def said(self) -> str:
        return self.text

    @property
    def who_in_words(self) -> str:
        """Return who it is; needs ``who_person`` fetched."""
        return ", ".join(filter(None, (self.who_person.full_name if self.who_person else "", self.who_else)))


@tracked_links
class PlanEntryPrivateTo(PlanEntry.private_to.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
