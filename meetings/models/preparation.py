"""What the chair prepares with: own notes, when they read, and what was talked about with the family beforehand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import Conference, Participant, Sitting
from meetings.enums import TalkAnswered, TalkHow, TalkItem
from meetings.models.board import BoardEntry


@tracked
class ChairNote(models.Model):
    """One chair's own notes on a conference; no one else opens them, whoever takes over or stands in.

    They are in no paper and in no one's bundle but a court's.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="chairs_notes")
    chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("conference", "chair"), name="one_note_for_each_chair")
        ]

    def __str__(self) -> str:
        return f"chair's note {self.pk}"


@tracked
class ChairReading(models.Model):
    """A chair said that they have read everything there was at that moment."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="chairs_readings")
    chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ("-read_at", "-pk")
        triggers: ClassVar = [never_deleted]

    def __str__(self) -> str:
        return f"chair's reading {self.pk}"


@tracked
class TalkBefore(models.Model):
    """The chair's talk with one member of the family before a sitting, each apart from the others.

    ``planned_at`` is when it is to be, at the arrival or at another time; ``held_at`` when it was.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="talks_before")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="talks_before")
    planned_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField("how they talk", max_length=10, choices=TalkHow.choices, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    note = models.TextField("anything else", blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "talks before"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("sitting", "participant"), name="one_talk_before_for_each"),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, held_by__isnull=True)
                | Q(held_at__isnull=False, held_by__isnull=False),
                name="talk_held_by_someone",
                violation_error_message="Say who talked with them, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"talk before {self.pk}"


@tracked
class TalkPoint(models.Model):
    """One point of the talk: whether it is settled, and what was said about it."""

    talk = models.ForeignKey(TalkBefore, on_delete=models.PROTECT, related_name="points")
    item = models.CharField(max_length=12, choices=TalkItem.choices)
    answer = models.CharField(max_length=14, choices=TalkAnswered.choices)
    note = models.CharField("what was said about it", max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [models.UniqueConstraint(fields=("talk", "item"), name="talk_point_once")]

    def __str__(self) -> str:
        return f"talk point {self.pk}"


@tracked
class WordsBefore(models.Model):
    """Someone's own words from the talk before, put on the board because they agreed to it."""

    talk = models.ForeignKey(TalkBefore, on_delete=models.PROTECT, related_name="words")
    entry = models.OneToOneField(BoardEntry, on_delete=models.PROTECT, related_name="from_talk")
    agreed_at = models.DateTimeField("when they agreed that it goes on the board")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "words before"
        triggers: ClassVar = [never_deleted]

    def __str__(self) -> str:
        return f"words before {self.pk}"
