"""Child protection and child in need plans: one per child, with dates, holder, actions and visits."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.history import never_deleted, tracked
from accounts.models import Authority, User
from conferences.enums import Category
from conferences.models import Decision
from families.enums import DatePrecision
from families.models import Child
from plans.enums import EndReason, PlanKind

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
    it from its day (``plans.selectors.frequency``). A child in need plan that carries on another
    (``carried_from``) keeps that plan's visits until its own are set (``visits_set_at``). What the plan says are
    the rows of ``plans.models.document``; ``contingency`` is read no longer.
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
    visits_set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    visits_set_at = models.DateTimeField(null=True, blank=True)
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="carried_on_in", null=True, blank=True
    )
    goes_on = models.TextField("what help goes on", blank=True, default="", db_default="")
    goes_on_by = models.CharField("by whom", max_length=250, blank=True, default="", db_default="")
    goes_on_until = models.CharField("until when", max_length=100, blank=True, default="", db_default="")
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
    def goes_on_in_words(self) -> str:
        """Return what help goes on after the plan, by whom and until when."""
        until = f", until {self.goes_on_until}" if self.goes_on_until else ""
        return f"{self.goes_on} ({self.goes_on_by}{until})" if self.goes_on else ""

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
    """A plan's key worker, from a day, and why the work was handed over; a manager may stand in for the interim.

    ``family_told_on`` is the day on which the family heard of it, empty while they have not.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="key_workers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="key_worker_of")
    is_interim = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    because = models.TextField("why the work was handed over", blank=True, default="", db_default="")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    family_told_on = models.DateField("when the family was told", null=True, blank=True)
    family_told_how = models.CharField("how, and by whom", max_length=250, blank=True, default="", db_default="")

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
