"""Stand-ins for the chair of a conference."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.models.conference import Conference, range_of
from families.models.dated import DatedQuerySet


@tracked
class StandIn(models.Model):
    """Another chair of the council who acts as chair for one conference.

    ``ends_on`` is the first day they no longer do. A stand-in ended early ends that day, and the row says by
    whom and why.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="stand_ins")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("first day without")
    why = models.TextField()
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField(blank=True)

    objects: ClassVar = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")) | Q(ends_on__gte=F("starts_on"), ended_at__isnull=False),
                name="stand_in_ends_after_it_starts",
                violation_error_message="The last day can't be before the first.",
            ),
            models.CheckConstraint(
                condition=Q(why__regex=r"\S"),
                name="stand_in_says_why",
                violation_error_message="Say why the chair needs a stand-in.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_because="")
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_because__regex=r"\S"),
                name="stand_in_ended_with_reason",
                violation_error_message="Say why this person no longer stands in.",
            ),
            ExclusionConstraint(
                name="one_stand_in_at_a_time",
                expressions=[
                    (range_of("conference_id", "conference_id", "int8range", "[]"), RangeOperators.OVERLAPS),
                    (range_of("starts_on", "ends_on", "daterange", "[)"), RangeOperators.OVERLAPS),
                ],
                # Checked after each statement: a disposal shifts the days of all rows at once.
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message="Another person already stands in on some of these days. End that first.",
            ),
        ]

    def __str__(self) -> str:
        return f"stand-in {self.pk}"

    @property
    def last_day(self) -> datetime.date:
        return self.ends_on - datetime.timedelta(days=1)
