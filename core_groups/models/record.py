"""What is recorded of a core group meeting: who came, how each action goes, what was said, scores, own words.

Each row says of whom or for whom it is, and who entered it. ``sitting`` is the sitting or call of their own in which
it was said or given; none means the meeting of the others.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from conferences.models.recorded import (
    Attended,
    Entered,
    Noted,
    Scored,
    attendance_checks,
    entered_checks,
    note_checks,
    once_each,
    score_checks,
)
from core_groups.models.apart import SeparateSitting
from core_groups.models.groups import CoreGroupMember
from core_groups.models.meetings import CoreGroupMeeting
from core_groups.models.rounds import MemberTurn
from families.models import Child, Person
from meetings.models.bases import SaysWhoEntered
from plans.enums import COLOUR_OF_PROGRESS
from plans.models import ActionProgress, PlanAction


@tracked
class MeetingAttendance(Attended, Entered):
    """Whether a member came to a meeting, or to one sitting of it; a worker may come to several.

    ``CoreGroupMeeting.present`` holds those who sat together, because the database keeps people apart there.
    """

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="attendances")
    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="attendances")
    sitting = models.ForeignKey(
        SeparateSitting, on_delete=models.PROTECT, related_name="attendances", null=True, blank=True
    )

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            *entered_checks("core_group_attendance", "meeting", "member", "sitting"),
            *attendance_checks("core_group_leaves_after_arriving"),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk} of a core group"


@tracked
class ProgressAtMeeting(models.Model):
    """At which meeting the progress of an action was recorded; how far it had come says ``recorded``.

    With ``member`` it is what that member says themselves; without, what the meeting recorded. ``superseded_at`` is
    when a later entry for the same action, member and meeting took its place; both are kept.
    """

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="progress")
    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="progress_at_meetings")
    member = models.ForeignKey(
        CoreGroupMember, on_delete=models.PROTECT, related_name="own_progress", null=True, blank=True
    )
    sitting = models.ForeignKey(SeparateSitting, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    recorded = models.OneToOneField(ActionProgress, on_delete=models.PROTECT, related_name="at_meeting")
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "progress at meetings"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [once_each("core_group_progress", "meeting", "action", "member")]

    def __str__(self) -> str:
        return f"progress {self.recorded_id} at a meeting"

    @property
    def progress(self) -> str:
        return self.recorded.progress

    @property
    def said(self) -> str:
        return self.recorded.note

    @property
    def progress_words(self) -> str:
        return str(self.recorded.get_progress_display())

    @property
    def progress_colour(self) -> str:
        return COLOUR_OF_PROGRESS[self.recorded.progress]


@tracked
class MeetingNote(Noted, Entered):
    """One thing said at a core group meeting, about these children (none named: all), by a member."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="notes")
    sitting = models.ForeignKey(SeparateSitting, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    speaker = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="said", null=True, blank=True)
    children = models.ManyToManyField(Child, related_name="core_group_notes", blank=True)
    private_to = models.ManyToManyField(Person, related_name="+", blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [*note_checks("core_group_note"), *entered_checks("core_group_note")]

    def __str__(self) -> str:
        return f"note {self.pk} of a core group"


@tracked_links
class MeetingNoteChild(MeetingNote.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class MeetingNotePrivateTo(MeetingNote.private_to.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class MeetingScore(SaysWhoEntered, Scored, Entered):
    """How safe one member thinks one child is at a core group meeting.

    Without ``shown_at`` it is still hidden from everybody. ``may_be_shown`` is what someone of the family answered when
    asked whether the others may see it.
    """

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="scores")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="core_group_scores")
    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="scores")
    sitting = models.ForeignKey(SeparateSitting, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    turn = models.ForeignKey(MemberTurn, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    may_be_shown = models.BooleanField(null=True, blank=True)
    shown_at = models.DateTimeField("when it was shown", null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            *score_checks("core_group_score"),
            *entered_checks("core_group_score", "meeting", "child", "member"),
        ]

    def __str__(self) -> str:
        return f"score {self.pk} of a core group"

    @property
    def participant(self) -> CoreGroupMember:
        """Return whose it is, by the name that pages of a conference use."""
        return self.member


@tracked
class OwnWords(Entered):
    """What a member says about a child before or at a meeting, in their own words."""

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="own_words")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="core_group_words")
    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="own_words")
    text = models.TextField()

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "own words"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="core_group_words_say_something",
                violation_error_message="Write what you want to say.",
            ),
            *entered_checks("core_group_words", "meeting", "child", "member"),
        ]

    def __str__(self) -> str:
        return f"own words {self.pk}"
