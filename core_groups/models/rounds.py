"""How members are asked for scores, turns at a tablet, and stops for safety; separate sittings stand apart."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.history import never_deleted, tracked
from core_groups.models.apart import SeparateSitting
from core_groups.models.groups import CoreGroupMember
from core_groups.models.meetings import CoreGroupMeeting
from families.models import Child
from meetings.models.bases import AskedByDecision, RoundEnd, Stop, Turn, asked_checks, stop_checks, turn_checks


@tracked
class MeetingRound(RoundEnd):
    """The end of asking for scores about one child in one sitting; no sitting means the meeting of the others."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="rounds")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    sitting = models.ForeignKey(SeparateSitting, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    explored = models.TextField("what explains that scores are far apart", blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("meeting", "child", "sitting"), nulls_distinct=False, name="core_group_round_ends_once"
            )
        ]

    def __str__(self) -> str:
        return f"round {self.pk} of a core group"


@tracked
class AskedMember(AskedByDecision):
    """The key worker decides that a child who is a member is asked for a score, until it is taken back."""

    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="asked_as_child")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = asked_checks("core_group_", "member")

    def __str__(self) -> str:
        return f"asked member {self.pk}"


class MemberTurn(Turn):
    """One member's turn at a tablet that is passed round, in the sitting in which they are."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="turns")
    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="turns")
    sitting = models.ForeignKey(SeparateSitting, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = turn_checks("core_group_", "member")

    def __str__(self) -> str:
        return f"turn {self.pk} of a core group"


@tracked
class MeetingStop(Stop):
    """At a core group a child is not safe tonight. Showing scores waits until what is done now is recorded."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="stops")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    sitting = models.ForeignKey(SeparateSitting, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    said_by = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("raised_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = stop_checks("core_group_")

    def __str__(self) -> str:
        return f"stop {self.pk} of a core group"
