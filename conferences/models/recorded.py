"""What is recorded of a meeting in the same way in a conference and in a core group: who came, notes and scores.

``meetings`` and ``core_groups`` have tables of their own on these bases; each says of whom and of which occasion.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import User
from conferences.enums import Given, Mode, Nature, Presence

LOWEST_SCORE, HIGHEST_SCORE = 0, 10


class Attended(models.Model):
    """Whether someone came, how, and from when to when (aware times)."""

    presence = models.CharField(max_length=10, choices=Presence.choices)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        abstract = True


class Noted(models.Model):
    """One thing said, under a heading of the council's framework, as a fact or as an opinion with what it rests on."""

    heading = models.CharField(max_length=40, help_text="key of the framework's heading")
    text = models.TextField()
    nature = models.CharField(max_length=8, choices=Nature.choices)
    evidence = models.TextField("what the opinion is based on", blank=True)
    seen_differently = models.TextField("who sees it differently, and how", blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Scored(models.Model):
    """How safe someone thinks a child is, 0 to 10 on the named scale, with the reason; or why there is no score.

    It informs and never decides. Scores on different scales are never drawn on one line.
    """

    scale = models.CharField("scale and its version", max_length=60)
    given = models.CharField(max_length=10, choices=Given.choices, default=Given.GIVEN)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class EnteredByOne(models.Model):
    """Who entered it: a member of staff or a guest during one stay, exactly one of them.

    For whom it was entered is a column of the table.
    """

    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    guest_session_id = models.BigIntegerField("stay of the guest who entered it", null=True, blank=True)

    class Meta:
        abstract = True


class Entered(EnteredByOne):
    """Who entered it and when; ``superseded_at`` is when a later entry for the same person and occasion took its place.

    Both are kept.
    """

    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def attendance_checks(leaves: str) -> list[Any]:
    """Return the checks of a table of who came."""
    return [
        CheckConstraint(
            condition=Q(left_at__isnull=True) | Q(arrived_at__isnull=False, left_at__gte=F("arrived_at")),
            name=leaves,
            violation_error_message="No one leaves before they arrive. Check the two times.",
        )
    ]


def note_checks(prefix: str) -> list[Any]:
    """Return the checks of a table of notes; their names begin with ``prefix``."""
    return [
        CheckConstraint(
            condition=Q(text__regex=r"\S"),
            name=f"{prefix}_says_something",
            violation_error_message="Write what was said.",
        ),
        CheckConstraint(
            condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_because=""),
            name=f"{prefix}_withdrawn_with_reason",
            violation_error_message="Say why this note is withdrawn.",
        ),
    ]


def score_checks(prefix: str) -> list[Any]:
    """Return the checks of a table of scores; their names begin with ``prefix``."""
    return [
        CheckConstraint(
            condition=Q(value__isnull=True) | Q(value__gte=LOWEST_SCORE, value__lte=HIGHEST_SCORE),
            name=f"{prefix}_within_its_scale",
            violation_error_message="A score is a whole number from 0 to 10.",
        ),
        CheckConstraint(
            condition=Q(given=Given.GIVEN, value__isnull=False) | ~Q(given=Given.GIVEN) & Q(value__isnull=True),
            name=f"{prefix}_given_or_not",
            violation_error_message="Enter a score, or say why there is none.",
        ),
        CheckConstraint(
            condition=Q(reason__regex=r"\S"), name=f"{prefix}_has_a_reason", violation_error_message="Write the reason."
        ),
    ]


def entered_by_one(prefix: str, by: str = "recorded_by", stay: str = "guest_session_id") -> CheckConstraint:
    """Return the check that exactly one person entered a row: the staff user ``by``, or a guest during ``stay``."""
    is_staff, is_guest = f"{by}__isnull", f"{stay}__isnull"
    return CheckConstraint(
        condition=Q(**{is_staff: False, is_guest: True}) | Q(**{is_staff: True, is_guest: False}),
        name=f"{prefix}_entered_by_one",
    )


def entered_checks(prefix: str, *once: str) -> list[Any]:
    """Return the check that exactly one person entered a row, and that ``once`` names one current row."""
    return [entered_by_one(prefix), *([once_each(prefix, *once)] if once else [])]


def once_each(prefix: str, *once: str) -> UniqueConstraint:
    """Return the check that these columns name one current row."""
    return UniqueConstraint(
        fields=once,
        condition=Q(superseded_at__isnull=True),
        nulls_distinct=False,
        name=f"{prefix}_once",
        violation_error_message="Someone else has just recorded this. Reload the page and read theirs.",
    )
