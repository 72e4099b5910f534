"""What conferences and core groups keep in the same way of how people answer, and of a stop for safety.

``meetings`` and ``core_groups`` have tables of their own on these bases; each says of whom and of which occasion.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from accounts.models import EnrolledDevice, User
from conferences.models.recorded import entered_by_one
from families.enums import Answer
from meetings.enums import Statement, StopGround


class SaysWhoEntered:
    """Tells of an answer whether the person entered it themselves; nobody heard it then.

    Of one given in a turn at a tablet ``recorded_by`` is who opened the turn.
    """

    @property
    def is_own(self) -> bool:
        row: Any = self
        user: int | None = row.participant.person.user_id
        return row.recorded_by_id is None or row.turn_id is not None or row.recorded_by_id == user


class RoundEnd(models.Model):
    """The end of asking about one child. No row while people are still asked.

    ``ended_by`` is empty where the last answer ended it.
    """

    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        abstract = True


class AskedByDecision(models.Model):
    """Whoever leads the meeting decides that a child who takes part is asked for a score."""

    reason = models.TextField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Turn(models.Model):
    """One person's turn at a tablet that is passed round: a code that works once.

    The device that typed the code keeps a secret of its own (``token_hash``); no other device can go on with the turn.
    """

    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64)
    ends_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    has_answered = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True


class ReadOut(models.Model):
    """One of the council's statements was read out, in these words."""

    statement = models.CharField(max_length=16, choices=Statement.choices)
    words = ArrayField(models.TextField(), verbose_name="what was read out")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        abstract = True


class Pause(models.Model):
    """A break in a meeting; ``ended_at`` is empty while it lasts."""

    reason = models.CharField("why there was a break", max_length=250, blank=True)
    began_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        abstract = True


class SaysWhetherObserved(models.Model):
    """Whether someone of the family agrees that an observer sits in."""

    answer = models.CharField(max_length=16, choices=Answer.choices)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class ArrivedLate(models.Model):
    """One entry that waited in an enrolled browser; ``once_key`` is the page's own, so that it counts once."""

    once_key = models.CharField(max_length=36)
    device = models.ForeignKey(EnrolledDevice, on_delete=models.PROTECT, related_name="+")
    typed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    typed_at = models.DateTimeField("when it was typed, as the device counted")
    arrived_at = models.DateTimeField()
    seen_key = models.CharField("key of the page it was typed on", max_length=32, blank=True)

    class Meta:
        abstract = True


class Stop(models.Model):
    """A child is not safe tonight. Showing scores and going on wait until what is done now is recorded."""

    ground = models.CharField(max_length=8, choices=StopGround.choices)
    said = models.TextField(blank=True)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    guest_session_id = models.BigIntegerField("stay of the guest who raised it", null=True, blank=True)
    raised_at = models.DateTimeField()
    break_at = models.DateTimeField("when the chair called a break", null=True, blank=True)
    action = models.TextField("what is done now", blank=True)
    action_by = models.CharField("by whom", max_length=200, blank=True)
    action_when = models.CharField("when", max_length=200, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def asked_checks(prefix: str, whose: str) -> list[Any]:
    """Return the checks of a table of children who are asked; ``whose`` is the column that names the child."""
    return [
        UniqueConstraint(fields=(whose,), condition=Q(ended_at__isnull=True), name=f"{prefix}child_asked_once"),
        CheckConstraint(
            condition=Q(reason__regex=r"\S"), name=f"{prefix}asked_child_says_why", violation_error_message="Say why."
        ),
    ]


def turn_checks(prefix: str, whose: str) -> list[Any]:
    """Return the checks of a table of turns; ``whose`` is the column that names the person."""
    return [
        UniqueConstraint(fields=("code_hash",), name=f"{prefix}turn_code_is_its_own"),
        UniqueConstraint(fields=("token_hash",), condition=~Q(token_hash=""), name=f"{prefix}turn_token_is_its_own"),
        UniqueConstraint(fields=(whose,), condition=Q(ended_at__isnull=True), name=f"{prefix}one_turn_at_a_time"),
        CheckConstraint(condition=Q(ends_at__gt=F("opened_at")), name=f"{prefix}turn_ends_after_it_starts"),
    ]


def break_checks(prefix: str, *of: str) -> list[Any]:
    """Return the checks of a table of breaks; one at a time for the columns ``of``."""
    return [
        UniqueConstraint(
            fields=of,
            condition=Q(ended_at__isnull=True),
            name=f"{prefix}one_break_at_a_time",
            nulls_distinct=False if len(of) > 1 else None,
        ),
        CheckConstraint(
            condition=Q(ended_at__isnull=True, ended_by__isnull=True)
            | Q(ended_at__gte=F("began_at"), ended_by__isnull=False),
            name=f"{prefix}break_ends_after_it_begins",
            violation_error_message="A break can’t end before it began.",
        ),
    ]


def stop_checks(prefix: str) -> list[Any]:
    """Return the checks of a table of stops for safety."""
    return [
        entered_by_one(f"{prefix}stop", by="raised_by"),
        CheckConstraint(
            condition=Q(settled_at__isnull=True)
            | Q(action__regex=r"\S", action_by__regex=r"\S", action_when__regex=r"\S", settled_by__isnull=False),
            name=f"{prefix}stop_settled_by_what_is_done",
            violation_error_message="Write what is being done now, by whom and when.",
        ),
    ]
