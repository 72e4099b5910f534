"""Meetings of core groups, and who was together in one."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from core_groups.enums import COLOUR_OF_STATE, LedBy, MeetingState
from core_groups.models.groups import CoreGroup, CoreGroupMember

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
    version = models.PositiveIntegerField(default=1, db_default=1)

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
