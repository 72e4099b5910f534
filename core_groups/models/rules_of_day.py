"""What is kept of the rules of the day: who was there without being a member, statements, breaks, answers on observers.

``sitting`` is the sitting or call of someone's own in which it was; none means the meeting of the others.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.enums import Capacity
from conferences.models.recorded import Attended, attendance_checks
from core_groups.models.apart import SeparateSitting
from core_groups.models.groups import CoreGroupMember
from core_groups.models.meetings import CoreGroupMeeting
from families.models import Person, Post
from meetings.models.bases import Pause, ReadOut, SaysWhetherObserved, break_checks


@tracked
class AlsoThere(Attended):
    """Someone who came to one meeting without being a member: a deputy, an observer, or who came with a member.

    They give no score, and nothing of the record is theirs to read.
    """

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="also_there")
    sitting = models.ForeignKey(SeparateSitting, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="also_at_core_groups")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    capacity = models.CharField(max_length=20, choices=Capacity.choices)
    acts_for = models.ForeignKey(
        CoreGroupMember, on_delete=models.PROTECT, related_name="accompanied_by", null=True, blank=True
    )
    reason = models.TextField("why they came")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "also there"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            *attendance_checks("core_group_also_leaves_after_arriving"),
            models.UniqueConstraint(
                fields=("meeting", "sitting", "person"),
                nulls_distinct=False,
                name="core_group_also_there_once",
                violation_error_message="This person is already recorded.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} also at a core group"

    @property
    def is_deputy(self) -> bool:
        return self.capacity == Capacity.PROFESSIONAL and self.acts_for_id is not None


@tracked
class MeetingStatement(ReadOut):
    """One of the council's statements was read out in one sitting, in these words."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="statements_read")
    sitting = models.ForeignKey(SeparateSitting, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("read_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("meeting", "sitting", "statement"), nulls_distinct=False, name="core_group_statement_read_once"
            )
        ]

    def __str__(self) -> str:
        return f"statement {self.pk} read out at a core group"


@tracked
class MeetingBreak(Pause):
    """A break in one sitting."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="breaks")
    sitting = models.ForeignKey(SeparateSitting, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("began_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = break_checks("core_group_", "meeting", "sitting")

    def __str__(self) -> str:
        return f"break {self.pk} of a core group"


@tracked
class AnswerAboutObserver(SaysWhetherObserved):
    """Whether a member of the family agrees that an observer sits in."""

    observer = models.ForeignKey(AlsoThere, on_delete=models.PROTECT, related_name="answers_about")
    asked = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="answers_about_observers")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("observer", "asked"), name="core_group_observer_answer_once")
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} about an observer at a core group"
