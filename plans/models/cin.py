"""Child in need plans: who consents, who takes part, and their reviews."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from families.enums import Answer
from families.models import Person, Post
from plans.enums import CinMemberState, ConsentMatterKind, ConsentMatterOutcome
from plans.models.plans import Plan


@tracked
class Consent(models.Model):
    """One person's answer about a child in need plan; parents may disagree, a young person may decide.

    ``note`` is in their own words, and shown to no one else in the family. Of who was not asked,
    ``not_asked_because`` says why.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=15, choices=Answer.choices)
    answered_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=500, blank=True, default="", db_default="")
    note = models.CharField(max_length=250, blank=True)
    not_asked_because = models.CharField(max_length=250, blank=True, default="", db_default="")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    # A later answer of the same person took its place.
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("plan", "person"),
                condition=Q(withdrawn_on__isnull=True, replaced_at__isnull=True),
                name="one_consent_each",
                violation_error_message="This person's answer is already recorded.",
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


@tracked
class ConsentMatter(models.Model):
    """A disagreement, refusal or withdrawal, and what a manager decided about it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="consent_matters")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="matters")
    kind = models.CharField(max_length=10, choices=ConsentMatterKind.choices)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=ConsentMatterOutcome.choices, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("raised_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("consent", "kind"),
                condition=Q(decided_at__isnull=True),
                name="one_open_matter_of_a_consent",
                violation_error_message="This is with a manager already.",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, reason__regex=r"\S") & ~Q(outcome=""),
                name="consent_matter_decided_with_reason",
                violation_error_message="Say what happens, and why.",
            ),
        ]

    def __str__(self) -> str:
        return f"consent matter {self.pk}"


@tracked
class CinReview(models.Model):
    """A review meeting of a child in need plan. Holding it starts the clock of the next."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="cin_reviews")
    held_on = models.DateField()
    note = models.TextField("what was agreed")
    progress = models.TextField("how far the plan has come", blank=True, default="", db_default="")
    next_on = models.DateField("day of the next review", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-held_on", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("plan", "held_on"),
                name="cin_review_once_a_day",
                violation_error_message="A review of this plan on that day is already recorded.",
            )
        ]

    def __str__(self) -> str:
        return f"review of plan {self.plan_id}"

    @property
    def there(self) -> str:
        """Return who came; needs the attendance fetched with its persons."""
        return ", ".join(row.person.full_name for row in self.attendance.all() if row.came)

    @property
    def not_there(self) -> str:
        """Return who did not come; needs the attendance fetched with its persons."""
        return ", ".join(row.person.full_name for row in self.attendance.all() if not row.came)


@tracked
class CinMember(models.Model):
    """Someone who helps with a child in need plan, or was proposed for it from the core group before.

    Nobody is in it before they were checked again and the family was asked; ``because`` says why someone was left
    out, or why they are in it although the family does not agree.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="cin_members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=10, choices=CinMemberState.choices, default=CinMemberState.PROPOSED)
    family_agrees = models.CharField(max_length=15, choices=Answer.choices, default=Answer.NOT_ASKED)
    because = models.CharField(max_length=250, blank=True)
    # Empty where the core group before proposed them.
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    proposed_because = models.CharField(max_length=250, blank=True, default="", db_default="")
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("proposed_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("plan", "person", "post"),
                nulls_distinct=False,
                name="cin_member_once",
                violation_error_message="This person is already named.",
            ),
            models.CheckConstraint(
                condition=Q(state=CinMemberState.PROPOSED) ^ Q(settled_at__isnull=False, settled_by__isnull=False),
                name="cin_member_settled_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"member of plan {self.plan_id}"

    @property
    def colour(self) -> str:
        return {CinMemberState.PROPOSED: "yellow", CinMemberState.IN: "green"}.get(CinMemberState(self.state), "grey")

    @property
    def what_to_do(self) -> str:
        return "Check and ask the family" if self.state == CinMemberState.PROPOSED else "Change"


@tracked
class CinReviewAttendance(models.Model):
    """Whether someone came to a review of a child in need plan."""

    review = models.ForeignKey(CinReview, on_delete=models.PROTECT, related_name="attendance")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    came = models.BooleanField()

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "attendance at reviews of plans"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [models.UniqueConstraint(fields=("review", "person"), name="cin_review_attended_once")]

    def __str__(self) -> str:
        return f"attendance {self.pk}"
