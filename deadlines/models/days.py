"""Calendars: which days are worked, where, and why not."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted
from accounts.models import Authority, User
from deadlines.enums import DaySource


class Calendar(models.Model):
    """A calendar of working days: England's, or one council's own."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    authority = models.OneToOneField(
        Authority, on_delete=models.PROTECT, related_name="working_calendar", null=True, blank=True
    )
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """One day. ``ordinal`` counts the calendar's working days up to and including it.

    ``last_working_day`` is the day itself if it is worked, else the last working day before it.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    ordinal = models.IntegerField()
    last_working_day = models.DateField(null=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=100, blank=True, help_text="why it is not a working day")
    source = models.CharField(max_length=10, choices=DaySource.choices, default=DaySource.CALENDAR)

    class Meta:
        ordering = ("day",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("calendar", "day"), name="calendar_day_once"),
            models.UniqueConstraint(
                fields=("calendar", "ordinal"), condition=Q(is_working=True), name="working_day_number_once"
            ),
            models.CheckConstraint(
                condition=Q(is_working=True) | ~Q(name=""),
                name="closed_day_says_why",
                violation_error_message="Say why this is not a working day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class ClosedDay(models.Model):
    """A non-working day added by hand: for all of England where it names no authority, else for one.

    The row stays when the day is withdrawn. ``CalendarDay`` is derived from these, the bank holidays and the
    weekends.
    """

    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, related_name="closed_days", null=True, blank=True
    )
    day = models.DateField()
    name = models.CharField(max_length=100)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_why = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("day", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority", "day"),
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="closed_day_once",
                violation_error_message="This day is in the calendar already.",
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"\S"),
                name="added_day_says_why",
                violation_error_message="Say why this is not a working day.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_why__regex=r"\S"),
                name="day_taken_back_says_why",
                violation_error_message="Say why you are undoing this.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"
