"""For which child a held meeting counts, and who carried it for the council."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from core_groups.enums import LedBy
from core_groups.models.groups import CoreGroupMember
from core_groups.models.meetings import CoreGroupMeeting
from plans.models import Plan


@tracked
class HeldForChild(models.Model):
    """Whether a held meeting counts for one plan: its key worker or a stand-in, and enough of its members, were there.

    Who stood in is a worker of the council or a member. A meeting recorded before this was has no rows: it counts for
    each of its plans as ``CoreGroupMeeting.counts`` says.
    """

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="held_for")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="core_groups_held")
    led_by = models.CharField("key worker there", max_length=12, choices=LedBy.choices)
    stood_in_worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    stood_in_member = models.ForeignKey(
        CoreGroupMember, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    counts = models.BooleanField("counts as held")

    class Meta:
        ordering = ("plan",)
        verbose_name_plural = "held for children"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("meeting", "plan"), name="core_group_held_once_for_a_child"),
            models.CheckConstraint(
                condition=Q(stood_in_worker__isnull=True, stood_in_member__isnull=True)
                | Q(led_by=LedBy.STAND_IN) & (Q(stood_in_worker__isnull=True) | Q(stood_in_member__isnull=True)),
                name="core_group_one_stand_in",
                violation_error_message="Only one person stands in for a key worker who is not there.",
            ),
        ]

    def __str__(self) -> str:
        return f"core group meeting {self.meeting_id} for plan {self.plan_id}"

    @property
    def stood_in(self) -> str:
        """Return the name of who stood in; "" where no one did."""
        if self.stood_in_member is not None:
            return self.stood_in_member.person.full_name
        return self.stood_in_worker.name if self.stood_in_worker is not None else ""
