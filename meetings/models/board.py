from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.models.children import ConferenceChild
from conferences.models.conference import Conference, Part
from conferences.models.people import Participant
from conferences.models.recorded import Noted, entered_by_one, note_checks
from families.models import Person
from meetings.enums import OutlineKind
from meetings.models.bases import Stop, stop_checks


@tracked
class AgendaItem(models.Model):
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("conference", "position"), name="agenda_position_once")
        ]

    def __str__(self) -> str:
        return f"agenda item {self.position} of {self.conference_id}"


@tracked
class BoardEntry(Noted):
    """One thing said at a conference.

    It records which children it concerns (none named: all), whose private information it holds, and in which
    part it was said (none: before the meeting opened). Documents are composed from these entries.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="board")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="board", null=True, blank=True)
    speaker = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="said", null=True, blank=True)
    children = models.ManyToManyField(ConferenceChild, related_name="board", blank=True)
    private_to = models.ManyToManyField(Person, related_name="+", blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    guest_session_id = models.BigIntegerField("stay of the guest who entered it", null=True, blank=True)
    created_at = models.DateTimeField()
    # Whatever is typed anew has to be shown anew.
    shown_version = models.PositiveIntegerField(
        "version that a recorder put on the shared screen", null=True, blank=True
    )

    class Meta:
        ordering = ("created_at", "pk")
        verbose_name_plural = "board entries"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [*note_checks("board_entry"), entered_by_one("board_entry", by="created_by")]

    def __str__(self) -> str:
        return f"board entry {self.pk}"

    @property
    def is_shown(self) -> bool:
        """Return whether a recorder put it on the shared screen as it reads now."""
        return self.shown_version == self.version


@tracked_links
class BoardEntryChild(BoardEntry.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class BoardEntryPrivateTo(BoardEntry.private_to.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class OutlineAction(models.Model):
    """An action of the outline plan, agreed before the status is decided: why, what, who, by when."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="outline")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    children = models.ManyToManyField(ConferenceChild, related_name="outline", blank=True)
    private_to = models.ManyToManyField(Person, related_name="+", blank=True)
    why = models.TextField()
    what = models.TextField()
    who = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="actions", null=True, blank=True)
    who_else = models.CharField(max_length=200, blank=True)
    by_when = models.DateField(null=True, blank=True)
    by_when_words = models.CharField(max_length=100, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("created_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(why__regex=r"\S", what__regex=r"\S"),
                name="action_says_why_and_what",
                violation_error_message="Write why and what.",
            ),
            models.CheckConstraint(
                condition=Q(who__isnull=False) | ~Q(who_else=""),
                name="action_says_who",
                violation_error_message="Choose who does this.",
            ),
            models.CheckConstraint(
                condition=Q(by_when__isnull=False) | ~Q(by_when_words=""),
                name="action_says_by_when",
                violation_error_message="Enter when this will be done by.",
            ),
        ]

    def __str__(self) -> str:
        return f"outline action {self.pk}"


@tracked_links
class OutlineActionChild(OutlineAction.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class OutlineActionPrivateTo(OutlineAction.private_to.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class OutlineEntry(models.Model):
    """What has to be different for these children (none named: all), or what is done if something happens.

    It is agreed in the meeting with the actions and goes into the plans that the chair decides on.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="outline_entries")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    children = models.ManyToManyField(ConferenceChild, related_name="outline_entries", blank=True)
    kind = models.CharField(max_length=12, choices=OutlineKind.choices)
    text = models.TextField("what has to be different, or what might happen")
    we_do = models.TextField("what we do then", blank=True)
    who = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    who_else = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("created_at", "pk")
        verbose_name_plural = "outline entries"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="outline_entry_says_something",
                violation_error_message="Write something.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OutlineKind.CONTINGENCY) | Q(we_do__regex=r"\S"),
                name="outline_contingency_says_what_then",
                violation_error_message="Say what we do then.",
            ),
        ]

    def __str__(self) -> str:
        return f"outline entry {self.pk}"


@tracked_links
class OutlineEntryChild(OutlineEntry.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class SafetyStop(Stop):
    """A child is not safe tonight. Showing scores, deciding and closing wait until what is done now is recorded."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="safety_stops")
    conference_child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="safety_stops")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    said_by = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("raised_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = stop_checks("")

    def __str__(self) -> str:
        return f"safety stop {self.pk}"
