"""What is written when a sitting goes on without a quorum."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models import Sitting
from meetings.enums import AgreesWithoutQuorum


@tracked
class WithoutQuorum(models.Model):
    """Why the chair goes on with a sitting that has no quorum, as the council's procedures ask it.

    ``condition`` is the chosen condition in words. ``asked`` holds what the procedures ask to be written, ``written``
    the text for each, in the same order. ``party`` is whoever else has to agree; empty where the chair decides.
    """

    sitting = models.OneToOneField(Sitting, on_delete=models.PROTECT, related_name="without_quorum")
    condition = models.CharField("condition under which it goes on", max_length=250)
    asked = ArrayField(models.CharField(max_length=250), verbose_name="what the procedures ask for")
    written = ArrayField(models.TextField(), verbose_name="what was written")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    party = models.CharField("who else has to agree", max_length=16, choices=AgreesWithoutQuorum.choices, blank=True)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="without_quorum_agreed_by_one_person",
                violation_error_message="Say who agreed, and when.",
            ),
            models.CheckConstraint(
                condition=Q(condition__regex=r"\S"),
                name="without_quorum_says_why",
                violation_error_message="Choose why the meeting can go on without a quorum.",
            ),
        ]

    def __str__(self) -> str:
        return f"without quorum {self.pk}"

    @property
    def is_agreed(self) -> bool:
        """Return whether it may go on: the chair decides alone, or whoever else has to agree has agreed."""
        return not self.party or self.agreed_at is not None

    @property
    def words(self) -> str:
        """Return what was chosen, written and agreed, as the minutes print it."""
        said = [self.condition, *(f"{asked.capitalize()}: {text}" for asked, text in self.answers)]
        if self.agreed_by is not None:
            said.append(f"Agreed by {self.agreed_by.name}, {self.get_party_display().lower()}")
        elif self.party:
            said.append(f"Not agreed by the {self.get_party_display().lower()} when the meeting closed")
        return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in said)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Return each thing that the procedures ask for, with what was written."""
        return list(zip(self.asked, self.written, strict=False))
