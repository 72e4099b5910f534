from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from accounts.history import append_only, never_deleted, tracked
from accounts.models import Authority, Team, User
from families.enums import ClosureReason, EnquiryOutcome, LegalStatusKind, PrimaryNeed, ReferralSource, TransferState
from families.models.children import Child
from families.models.dated import Dated, asked
from families.models.persons import Person
from families.name_keys import FAMILY_KEYS


@tracked
class Family(models.Model):
    """A grouping of people for finding and scheduling. It never owns a child's records."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="families")
    case_number = models.CharField(max_length=20)
    name = models.CharField("family name", max_length=120)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="families")
    restricted = models.BooleanField(default=False)
    closed_on = models.DateField(null=True, blank=True)
    disposed_at = models.DateTimeField("when its records were disposed of", null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(null=True, unique=True, editable=False, help_text="makes a form sent twice harmless")

    class Meta:
        ordering = ("name", "case_number")
        verbose_name_plural = "families"
        triggers: ClassVar = [never_deleted]
        indexes: ClassVar = [
            # Lists and counts exclude restricted cases; there are few, so the index finds them without a scan.
            models.Index(fields=("id",), condition=Q(restricted=True), name="restricted_family"),
            models.Index(fields=("id",), condition=Q(disposed_at__isnull=False), name="disposed_family"),
            GinIndex(FAMILY_KEYS, name="family_by_name_keys"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority", "case_number"),
                name="case_number_once",
                violation_error_message="This case number is taken.",
            )
        ]

    def __str__(self) -> str:
        return self.case_number


@tracked
class FamilyMember(Dated):
    """A person in a family; a risk itself is a ContactRisk, ``risk_asked`` tells "none" from "not asked yet"."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    risk_asked = asked("whether contact with them could be dangerous")

    class Meta(Dated.Meta):
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=("family", "person"),
                condition=Q(ends_on__isnull=True),
                name="family_member_once",
                violation_error_message="This person is already in the family.",
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


@tracked
class Allocation(Dated):
    """The social worker who holds a family's case, from a given day."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="allocations")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="allocations")

    class Meta(Dated.Meta):
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=("family", "user"),
                condition=Q(ends_on__isnull=True),
                name="allocated_once",
                violation_error_message="This social worker already holds the case.",
            ),
        ]

    def __str__(self) -> str:
        return f"allocation {self.pk}"


class WhereaboutsReveal(models.Model):
    """A user viewed a family's confidential whereabouts, and why. Never changed or removed."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="reveals")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ("-at", "-pk")
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"reveal {self.pk}"


@tracked
class Referral(models.Model):
    """One episode of need for one child, as the yearly census counts it."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="referrals")
    referred_on = models.DateField()
    referral_source = models.CharField(max_length=2, choices=ReferralSource.choices, default=ReferralSource.S10)
    primary_need = models.CharField(max_length=2, choices=PrimaryNeed.choices, default=PrimaryNeed.N0)
    closed_on = models.DateField(null=True, blank=True)
    closure_reason = models.CharField(max_length=3, choices=ClosureReason.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closure_reason="")
                | Q(closed_on__isnull=False) & ~Q(closure_reason=""),
                name="referral_closes_with_reason",
                violation_error_message="A closed case needs its date and its reason.",
            )
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"


@tracked
class StrategyDiscussion(models.Model):
    """The discussion that decides whether to start section 47 enquiries, for one or more children.

    ``held_at`` is aware; its civil day in London starts the clock of the initial conference.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="strategy_discussions")
    held_at = models.DateTimeField()
    agencies_present = models.TextField(blank=True)
    reason = models.TextField("why enquiries were started")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-held_at",)
        triggers: ClassVar = [never_deleted]

    def __str__(self) -> str:
        return f"strategy discussion {self.pk}"


@tracked
class Enquiry(models.Model):
    """A section 47 enquiry about one child. One discussion may start several; a child may have several.

    ``discussion`` started the enquiry. ``started_on`` is the civil day of the discussion that starts the clock,
    which may be a later one that a manager chose (see StartingDiscussion). ``policy_version_id`` is the
    council's policy in force on that day, stored so that recounting gives the same due date.
    ``to_conference_at`` is when ``to_conference_by`` decided that a conference is needed.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="enquiries")
    discussion = models.ForeignKey(StrategyDiscussion, on_delete=models.PROTECT, related_name="enquiries")
    started_on = models.DateField()
    policy_version_id = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=12, choices=EnquiryOutcome.choices, default=EnquiryOutcome.UNDER_WAY)
    outcome_reason = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True)
    to_conference_at = models.DateTimeField(null=True, blank=True)
    to_conference_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name_plural = "enquiries"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("child", "discussion"),
                name="enquiry_once_per_discussion",
                violation_error_message="This discussion already started an enquiry for the child.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=EnquiryOutcome.CONFERENCE)
                | Q(to_conference_at__isnull=False, to_conference_by__isnull=False),
                name="going_to_conference_says_who_and_when",
                violation_error_message="Say who decided that a conference is needed, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"enquiry {self.pk}"


@tracked
class FurtherDiscussion(models.Model):
    """A later strategy discussion while an enquiry was already under way; it starts no second enquiry."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="further")
    discussion = models.ForeignKey(StrategyDiscussion, on_delete=models.PROTECT, related_name="continued")

    class Meta:
        ordering = ("discussion__held_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("enquiry", "discussion"), name="further_discussion_once")
        ]

    def __str__(self) -> str:
        return f"further discussion {self.pk}"


class StartingDiscussion(models.Model):
    """A manager's choice of which discussion starts an enquiry's clock; the newest counts."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="starting_choices")
    discussion = models.ForeignKey(StrategyDiscussion, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ("-chosen_at", "-pk")
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="starting_discussion_says_why",
                violation_error_message="Say why this discussion starts the time limit.",
            )
        ]

    def __str__(self) -> str:
        return f"starting discussion {self.pk}"


@tracked
class TransferIn(models.Model):
    """Notification that a child with another council's plan has moved here.

    ``notified_on`` is the day on which this council was told and the conference clock starts;
    ``policy_version_id`` is the policy then in force. Until the other council has ended its plan in writing
    (``ended_there_on``), the child stays on our list with that plan.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="transfers_in")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="transfers_in")
    notified_on = models.DateField()
    policy_version_id = models.BigIntegerField()
    from_authority = models.CharField("council that has the plan", max_length=120)
    told_by = models.CharField("who told us", max_length=200)
    plan_there = models.TextField("the plan there", blank=True)
    state = models.CharField(max_length=10, choices=TransferState.choices, default=TransferState.TOLD)
    state_reason = models.TextField(blank=True)
    state_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    state_at = models.DateTimeField(null=True, blank=True)
    ended_there_on = models.DateField("when the other council ended its plan, in writing", null=True, blank=True)
    ended_there_letter = models.CharField("where its letter is kept", max_length=250, blank=True, db_default="")
    ended_there_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_there_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "transfers in"
        ordering = ("notified_on", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=TransferState.TOLD)
                | Q(state_by__isnull=False, state_at__isnull=False, state_reason__regex=r"\S"),
                name="transfer_settled_with_reason",
                violation_error_message="Say what this is based on.",
            ),
            models.CheckConstraint(
                condition=Q(ended_there_on__isnull=True)
                | Q(ended_there_by__isnull=False, ended_there_at__isnull=False, ended_there_letter__regex=r"\S"),
                name="plan_there_ends_in_writing",
                violation_error_message="Say where the other council’s letter is kept.",
            ),
        ]

    def __str__(self) -> str:
        return f"transfer in {self.pk}"


@tracked
class LegalStatus(Dated):
    """A legal status alongside any plan; it never ends a plan by itself."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="legal_statuses")
    status = models.CharField(max_length=30, choices=LegalStatusKind.choices)

    class Meta(Dated.Meta):
        verbose_name_plural = "legal statuses"

    def __str__(self) -> str:
        return f"{self.status} ({self.pk})"
