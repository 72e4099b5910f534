from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.enums import AlsoAdvised, Category, EndsBecause, Outcome, PlanEffect, StillHarm
from conferences.models.children import ConferenceChild
from conferences.models.conference import Sitting
from conferences.models.people import Participant

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
        "still_harm",
        "refusal_changes",
        "on_plan",
        "quorate",
        "ends_because",
        "also_advised",
    ],
)

# Whatever the application asks: no conference but a review ends or lowers a plan.
ends_only_at_a_review = pgtrigger.Trigger(
    name="ends_only_at_a_review",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    condition=pgtrigger.Q(new__on_plan__in=["lowered", "ends"]),
    func="""
    IF EXISTS (
        SELECT FROM conferences_conferencechild listed
        WHERE listed.id = NEW.conference_child_id AND listed.kind <> 'review'
    ) THEN
        RAISE EXCEPTION 'a plan ends only at a review'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_ends_only_at_a_review';
    END IF;
    RETURN NULL;
    """,
)


@tracked
class Decision(models.Model):
    """The chair's decision for one child. It can't be altered: a wrong one is superseded, keeping both texts.

    ``missing`` lists what was lacking when the chair went ahead with ``went_on_reason``. ``still_harm``, ``on_plan``
    and ``quorate`` (whether there was a quorum for this child at that moment) are empty where no child protection
    plan was in force, and for decisions from before they were recorded.
    """

    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="decisions")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    main_category = models.CharField(max_length=3, choices=Category.choices, blank=True)
    categories = ArrayField(models.CharField(max_length=3, choices=Category.choices), default=list, blank=True)
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
    on_plan = models.CharField(
        "what becomes of the plan in force", max_length=8, choices=PlanEffect.choices, blank=True, db_default=""
    )
    quorate = models.BooleanField("quorum for this child", null=True, blank=True)
    ends_because = models.CharField(
        "why the plan ends or is lowered", max_length=12, choices=EndsBecause.choices, blank=True, db_default=""
    )
    also_advised = ArrayField(
        models.CharField(max_length=16, choices=AlsoAdvised.choices), default=list, db_default=[], blank=True
    )
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="supersedes", null=True, blank=True
    )
    superseded_because = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted, unalterable, ends_only_at_a_review]
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
                violation_error_message="Say why you go on although something is missing. The minutes will say so.",
            ),
            models.CheckConstraint(
                condition=~Q(on_plan__in=[PlanEffect.LOWERED, PlanEffect.ENDS])
                | Q(still_harm=StillHarm.NO, quorate__isnull=False, quorate=True),
                name="plan_ends_after_no_with_a_quorum",
                violation_error_message="The plan can’t end or be lowered without a quorum, or with harm still likely.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.PLAN_ENDS) | Q(on_plan=PlanEffect.ENDS, help_offered__regex=r"\S"),
                name="ending_a_plan_says_what_help_goes_on",
                violation_error_message="Write what help goes on, by whom and until when.",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"

    @property
    def leaves_a_plan(self) -> bool:
        """Return whether a child protection plan starts with this decision or stays in force after it."""
        return self.outcome == Outcome.CP_PLAN or self.on_plan == PlanEffect.GOES_ON


@tracked_links
class DecisionCoreGroup(Decision.core_group.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
