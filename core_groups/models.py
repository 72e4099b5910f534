"""Core groups: the family and professionals who carry out a plan between conferences."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from accounts.history import append_only, never_deleted, tracked, tracked_links
from accounts.models import Authority, User
from conferences.models import Conference
from core_groups.enums import COLOUR_OF_STATE, HowToMeet, LedBy, MeetingState
from families.models import Family, Person, Post
from families.models.dated import Dated
from govuk.words import listed
from plans.models import Plan, PlanVersion

# The rule of ``core_groups.selectors.apart``, for what is decided or recorded as a contact risk.
never_together = pgtrigger.Trigger(
    name="never_together",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    func="""
        IF EXISTS (
            SELECT FROM core_groups_coregroupmeeting met
            JOIN core_groups_coregroupmeeting_present seat ON seat.coregroupmeeting_id = met.id
            JOIN core_groups_coregroupmember one ON one.id = NEW.coregroupmember_id
            JOIN core_groups_coregroupmember other ON other.id = seat.coregroupmember_id
            CROSS JOIN LATERAL (VALUES
                (one.person_id, other.person_id, other.post_id), (other.person_id, one.person_id, one.post_id)
            ) AS pair (kept, from_person, from_post)
            LEFT JOIN LATERAL (
                SELECT how, decided_at FROM core_groups_apartdecision
                WHERE core_group_id = met.core_group_id AND person_id = pair.kept
                ORDER BY decided_at DESC, id DESC LIMIT 1
            ) AS decided ON true
            WHERE met.id = NEW.coregroupmeeting_id AND one.person_id <> other.person_id
              AND (
                decided.how IN ('own_sitting', 'call') AND pair.from_post IS NULL
                OR EXISTS (
                    SELECT FROM families_contactrisk risk
                    WHERE risk.person_id = pair.kept
                      AND (risk.starts_on IS NULL OR risk.starts_on <= (met.held_at AT TIME ZONE 'Europe/London')::date)
                      AND (risk.ends_on IS NULL OR risk.ends_on > (met.held_at AT TIME ZONE 'Europe/London')::date)
                      AND (decided.how IS DISTINCT FROM 'together' OR decided.decided_at < risk.recorded_at)
                      AND (pair.from_post IS NULL OR EXISTS (
                            SELECT FROM families_contactrisk_protects safe
                            WHERE safe.contactrisk_id = risk.id AND safe.person_id = pair.from_person
                      ))
                )
              )
        ) THEN
            RAISE EXCEPTION 'people who must not meet in one sitting'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'core_group_keeps_people_apart';
        END IF;
        RETURN NULL;
    """,
)


@tracked
class CoreGroup(models.Model):
    """One core group for the plans of brothers and sisters, carried on from review to review.

    It goes on while any of its plans is open. ``conference`` formed it; reviews change its plans and members.
    ``goes_on_in`` is the group that one formed anew by a review became part of; such a row is only history.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="core_groups")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="core_groups")
    conference = models.OneToOneField(Conference, on_delete=models.PROTECT, related_name="core_group")
    plans = models.ManyToManyField(Plan, related_name="core_groups")
    formed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    goes_on_in = models.ForeignKey("self", on_delete=models.PROTECT, related_name="formed_anew", null=True, blank=True)

    class Meta:
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(goes_on_in__isnull=True) | Q(ended_on__isnull=False) & ~Q(goes_on_in=F("id")),
                name="group_that_goes_on_elsewhere_has_ended",
            )
        ]

    def __str__(self) -> str:
        return f"core group {self.pk}"


@tracked_links
class CoreGroupPlan(CoreGroup.plans.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class CoreGroupMember(Dated):
    """A person in a core group, for some of its plans.

    Who leaves for one child only stays in this row for the others; a second, ended row says since when, until
    when and why they were in it for that child.
    """

    core_group = models.ForeignKey(CoreGroup, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="core_groups")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    plans = models.ManyToManyField(Plan, related_name="+", blank=True)
    joined_because = models.CharField("why they joined", max_length=250, blank=True, db_default="")
    left_because = models.CharField("why they left", max_length=250, blank=True)

    class Meta(Dated.Meta):
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=("core_group", "person", "post"),
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="core_group_member_once",
                violation_error_message="This person is already a member.",
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"

    @property
    def for_children(self) -> str:
        """Return what the children are called that they are in it for; needs the plans' children fetched."""
        return listed([plan.child.person.short_name for plan in self.plans.all()])


@tracked_links
class CoreGroupMemberPlan(CoreGroupMember.plans.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class CoreGroupMeeting(models.Model):
    core_group = models.ForeignKey(CoreGroup, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)
    planned_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    present = models.ManyToManyField(CoreGroupMember, related_name="meetings", blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.TextField(blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    led_by = models.CharField("key worker there", max_length=12, choices=LedBy.choices, blank=True, db_default="")
    # Held without the key worker or a stand-in, or with too few others, it meets no deadline.
    counts = models.BooleanField("counts as held", default=True, db_default=True)
    change_reason = models.TextField("why it was moved or cancelled", blank=True, db_default="")

    class Meta:
        ordering = ("number",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("core_group", "number"), name="core_group_meeting_number_once"),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.HELD) | Q(held_at__isnull=False),
                name="held_meeting_has_a_time",
                violation_error_message="Enter when the core group met.",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CANCELLED) | Q(change_reason__regex=r"\S"),
                name="core_group_meeting_cancelled_with_reason",
                violation_error_message="Say why the meeting is cancelled.",
            ),
        ]

    def __str__(self) -> str:
        return f"core group meeting {self.pk}"

    @property
    def state_colour(self) -> str:
        return COLOUR_OF_STATE[MeetingState(self.state)]


@tracked_links
class CoreGroupMeetingPresent(CoreGroupMeeting.present.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
        triggers: ClassVar = [never_together]


@tracked
class ApartDecision(models.Model):
    """How someone takes part who must not meet another member; the newest one about a person stands.

    The chair decides it at a conference (``conference``), a manager between conferences.
    """

    core_group = models.ForeignKey(CoreGroup, on_delete=models.PROTECT, related_name="apart_decisions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=12, choices=HowToMeet.choices)
    reason = models.TextField()
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("decided_at", "pk")
        triggers: ClassVar = [never_deleted]
        indexes: ClassVar = [models.Index(fields=("core_group", "person", "-decided_at"), name="apart_decisions")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="apart_decision_says_why",
                violation_error_message="Say why you decide this.",
            )
        ]

    def __str__(self) -> str:
        return f"apart decision {self.pk}"


@tracked
class SeparateSitting(models.Model):
    """A person's own sitting, or call, of a core group meeting; both together count as one meeting."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="separate_sittings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=12, choices=HowToMeet.choices)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("starts_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("meeting", "person"),
                name="one_separate_sitting_each",
                violation_error_message="This person already has a sitting of their own.",
            ),
            models.CheckConstraint(condition=~Q(how=HowToMeet.TOGETHER), name="separate_sitting_is_separate"),
        ]

    def __str__(self) -> str:
        return f"separate sitting {self.pk}"


@tracked
class ChangeAtMeeting(models.Model):
    """At which meeting a version of a plan was made."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="changes")
    plan_version = models.OneToOneField(PlanVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "changes at meetings"
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"change {self.pk}"
