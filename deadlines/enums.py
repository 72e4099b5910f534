from __future__ import annotations

from django.db import models


class Unit(models.TextChoices):
    """How a limit is measured; a plain day, week or month is a calendar one."""

    HOURS = "hours", "hours"
    DAYS = "days", "days"
    WORKING_DAYS = "working days", "working days"
    WEEKS = "weeks", "weeks"
    MONTHS = "months", "months"


class Direction(models.TextChoices):
    AFTER = "after", "after"
    BEFORE = "before", "before"


class Scope(models.TextChoices):
    NATIONAL = "national", "National time limit"
    LOCAL = "local", "Local time limit"


class Stage(models.TextChoices):
    """The stages of telling people about a deadline, in order."""

    DUE_SOON = "due_soon", "Due soon"
    DUE = "due", "Due"
    LATE = "late", "Late"
    TO_MANAGER = "to_manager", "Late, passed to the manager"
    TO_SERVICE_MANAGER = "to_service", "Late, passed to the service manager"


class State(models.TextChoices):
    """The state of a deadline. Derived from its dates and the facts, never stored."""

    OPEN = "open", "Open"
    DUE_SOON = "due_soon", "Due soon"
    DUE = "due", "Due now"
    LATE = "late", "Late"
    MET = "met", "Done in time"
    MET_LATE = "met_late", "Done late"
    NOT_NEEDED = "not_needed", "No longer needed"


class DaySource(models.TextChoices):
    CALENDAR = "calendar", "From the bank holidays of England"
    ADDED = "added", "Added by hand"
    CLOSURE = "closure", "Closure day of the council"


class ChangeKind(models.TextChoices):
    MOVED = "moved", "The date moved"
    MET = "met", "Done"
    NOT_NEEDED = "not_needed", "No longer needed"
    REOPENED = "reopened", "Reopened"


class WhyMoved(models.TextChoices):
    """Why a deadline's date changed."""

    EVENT = "event", "The event it runs from moved"
    PROCEDURES = "procedures", "It is counted under another version of the procedures"
    OWN_FIGURE = "own_figure", "The plan's own figure changed"
    CALENDAR = "calendar", "The working-day calendar changed"
