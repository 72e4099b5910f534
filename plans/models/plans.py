"""Child protection and child in need plans: one per child, with dates, holder, actions and visits."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import Authority, User
from conferences.enums import Category
from conferences.models import Decision
from families.enums import Answer, DatePrecision
from families.models import Child, Person, Post
from meetings.models import OutlineAction
from plans.enums import COLOUR_OF_PROGRESS, EndReason, PlanKind, Progress

no_new_plan_over_18 = pgtrigger.Trigger(
    name="no_new_plan_over_18",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    func="""
        IF NEW.held_elsewhere = '' AND EXISTS (
            SELECT 1 FROM families_child c JOIN families_person p ON p.id = c.person_id
            WHERE c.id = NEW.child_id AND (p.birth_date + interval '18 years')::date
                + CASE WHEN to_char(p.birth_date, 'MMDD') = '0229' THEN 1 ELSE 0 END <= NEW.starts_on
        ) THEN
            RAISE EXCEPTION 'new plan for somebody over 18'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'no_new_plan_over_18';
        END IF;
        RETURN NULL;
    """,
)

starts_on_the_day_it_was_decided = pgtrigger.Trigger(
    name="starts_on_the_day_it_was_decided",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.After,
    func="""
        IF NEW.kind = 'cp' AND NEW.decision_id IS NOT NULL AND EXISTS (
            SELECT 1 FROM conferences_decision d JOIN conferences_sitting s ON s.id = d.sitting_id
            WHERE d.id = NEW.decision_id
              AND (coalesce(s.opened_at, s.starts_at) AT TIME ZONE 'Europe/London')::date <> NEW.starts_on
        ) THEN
            RAISE EXCEPTION 'plan does not start on the day of the sitting that decided'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'cp_plan_starts_when_decided';
        END IF;
        RETURN NULL;
    """,
)


@tracked
class Plan(models.Model):
    """A plan for one child. ``ends_on`` is its last day; a plan never lapses by itself.

    Held by this council where ``held_elsewhere`` is empty, else by the council it names (an earlier plan, or
    one of their children living here). ``visit_every_working_days`` is the initial figure; a review may change
    it from its day (``plans.selectors.frequency``).
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="plans")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(max_length=3, choices=PlanKind.choices)
    held_elsewhere = models.CharField("council that holds it, where not this one", max_length=120, blank=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="plans", null=True, blank=True)
    policy_version_id = models.BigIntegerField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    dates = models.CharField(max_length=10, choices=DatePrecision.choices, default=DatePrecision.EXACT)
    end_reason = models.CharField(max_length=20, choices=EndReason.choices, blank=True)
    end_note = models.TextField(blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    initial_category = models.CharField(max_length=3, choices=Category.choices, blank=True)
    visit_every_working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    contingency = models.TextField("what happens if this does not work", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-starts_on", "pk")
        triggers: ClassVar = [never_deleted, no_new_plan_over_18, starts_on_the_day_it_was_decided]
        indexes: ClassVar = [
            models.Index(fields=("authority", "kind"), name="open_plans", condition=Q(ends_on__isnull=True)),
            models.Index(fields=("authority", "-starts_on", "id"), name="newest_plans"),
        ]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_own_cp_plan_at_a_time",
                expressions=[
                    (Func(F("child_id"), F("child_id"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind=PlanKind.CP, held_elsewhere="") & ~Q(end_reason=EndReason.ENTERED_IN_ERROR),
                violation_error_message="This child already has a child protection plan for these dates.",
            ),
            models.UniqueConstraint(
                fields=("child",),
                condition=Q(kind=PlanKind.CIN, held_elsewhere="", ends_on__isnull=True),
                name="one_own_open_cin_plan",
                violation_error_message="This child already has a child in need plan.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlanKind.CP)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gt=F("starts_on"))
                # Nothing may stand in the way of recording a death.
                | Q(end_reason__in=[EndReason.ENTERED_IN_ERROR, EndReason.DIED, EndReason.PREGNANCY_ENDED]),
                name="cp_plan_lasts_more_than_a_day",
                violation_error_message="A child protection plan can't start and end on the same day.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="plan_ends_after_it_starts",
                violation_error_message="The plan can't end before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, end_reason="") | Q(ends_on__isnull=False) & ~Q(end_reason=""),
                name="plan_ends_with_a_reason",
                violation_error_message="Choose why the plan ends.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlanKind.CP, held_elsewhere="") | ~Q(initial_category=""),
                name="cp_plan_has_a_category",
                violation_error_message="Choose the category of harm.",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.ends_on is None

    @property
    def visits_in_words(self) -> str:
        """Return the initial visiting frequency."""
        every = self.visit_every_working_days
        return f"at least every {every} working days" if every else ""


@tracked
class PlanCategory(models.Model):
    """A plan's category from a day; the newest is the latest category for the census."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="categories")
    category = models.CharField(max_length=3, choices=Category.choices)
    also = models.CharField("other categories, by code", max_length=40, blank=True)
    starts_on = models.DateField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("starts_on", "pk")
        verbose_name_plural = "plan categories"

    def __str__(self) -> str:
        return f"{self.category} of plan {self.plan_id}"


@tracked
class KeyWorker(models.Model):
    """A plan's key worker, from a day; the manager may stand in for the interim."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="key_workers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="key_worker_of")
    is_interim = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("starts_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("plan",),
                condition=Q(ends_on__isnull=True),
                name="one_key_worker_at_a_time",
                violation_error_message="This plan already has a key worker.",
            )
        ]

    def __str__(self) -> str:
        return f"key worker {self.user_id} of plan {self.plan_id}"


@tracked
class PlanAction(models.Model):
    """One action of a plan: why, what, who, by when, and progress."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    outline = models.ForeignKey(OutlineAction, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    why = models.TextField()
    what = models.TextField()
    who_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    who_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    who_else = models.CharField(max_length=200, blank=True)
    private_to = models.ManyToManyField(Person, related_name="+", blank=True)
    by_when = models.DateField(null=True, blank=True)
    by_when_words = models.CharField(max_length=100, blank=True)
    progress = models.CharField(max_length=12, choices=Progress.choices, default=Progress.NOT_STARTED)
    progress_note = models.TextField(blank=True)
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="supersedes", null=True, blank=True
    )
    change_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("created_at", "pk")
        triggers: ClassVar = [never_deleted]

    def __str__(self) -> str:
        return f"plan action {self.pk}"

    @property
    def who_in_words(self) -> str:
        """Return everyone who carries it out; needs ``who_person`` fetched."""
        return ", ".join(filter(None, (self.who_person.full_name if self.who_person else "", self.who_else)))

    @property
    def progress_colour(self) -> str:
        return COLOUR_OF_PROGRESS[self.progress]


@tracked_links
class PlanActionPrivateTo(PlanAction.private_to.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class Consent(models.Model):
    """One person's answer about a child in need plan; parents may disagree, a young person may decide."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=15, choices=Answer.choices)
    answered_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("plan", "person"),
                condition=Q(withdrawn_on__isnull=True),
                name="one_consent_each",
                violation_error_message="This person's answer is already recorded.",
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


@tracked
class CinReview(models.Model):
    """A review of a child in need plan. Holding it starts the clock of the next."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="cin_reviews")
    held_on = models.DateField()
    note = models.TextField("what was agreed")
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
