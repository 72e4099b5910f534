"""How a paper says what was recorded: mended wording, order, and discussion written under a heading."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.models import Conference
from core_groups.models import CoreGroupMeeting
from families.models import Child, Person
from plans.models import Plan


@tracked
class PaperWording(models.Model):
    """One text of a paper in the words in which it goes out; what was recorded stays as it is.

    ``entry`` is the key of the recorded text, such as ``board:12:text``, and ``recorded`` what that said when it was
    mended: where the record says something else since, the mended words count no more. A discussion has no recorded
    text; its ``heading``, ``part``, ``children`` and ``private_to`` say who may read it, as those of a note do. For a
    mended text they are copied from the record, and say whose it is. An empty ``text`` leaves the words and moves them
    only; without a ``place`` either it leaves a paragraph of a report out. ``place`` is the place among the notes of a
    heading, from 1.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="paper_wording")
    core_group_meeting = models.ForeignKey(
        CoreGroupMeeting, on_delete=models.PROTECT, related_name="paper_wording", null=True, blank=True
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="paper_wording", null=True, blank=True)
    kind = models.CharField(max_length=20, help_text="the paper, as in Document.kind")
    entry = models.CharField(max_length=60)
    heading = models.CharField(max_length=40, blank=True)
    part = models.BigIntegerField("id of the part in the paper's content", null=True, blank=True)
    children = models.ManyToManyField(Child, related_name="+", blank=True)
    private_to = models.ManyToManyField(Person, related_name="+", blank=True)
    recorded = models.TextField("recorded text", blank=True)
    text = models.TextField("as the paper says it", blank=True)
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField("taken back", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "paper wording"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference", "kind", "core_group_meeting", "plan", "entry"),
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="one_wording_of_an_entry",
                violation_error_message="Someone else has just mended this. Open it again.",
            ),
            models.CheckConstraint(
                condition=~Q(recorded="") | Q(text__regex=r"\S"),
                name="discussion_says_something",
                violation_error_message="Write what was discussed.",
            ),
        ]

    def __str__(self) -> str:
        return f"wording {self.pk}"

    @property
    def is_discussion(self) -> bool:
        return self.entry.startswith("discussion:")

    @property
    def leaves_out(self) -> bool:
        """Return whether the paper comes without this paragraph of a report."""
        return self.entry.startswith("report-section:") and not self.text and self.place is None


@tracked_links
class PaperWordingChild(PaperWording.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class PaperWordingPrivateTo(PaperWording.private_to.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
