"""When: days, the councils' policies, the ledger of deadlines and who was told about them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from accounts.history import append_only, never_deleted
from accounts.models import Authority, User
from deadlines.enums import ChangeKind, DaySource, Stage, State, Unit, WhyMoved
from notifications.models import Message


class Calendar(models.Model):
    """A way of counting working days: the one for all of England, or one council's own."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    authority = models.OneToOneField(
        Authority, on_delete=models.PROTECT, related_name="working_calendar", null=True, blank=True
    )
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """One day. ``ordinal`` counts the working days of the calendar up to and including this one.

    ``last_working_day`` is the day itself where people work, else the last one before it.
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
                violation_error_message="Say why nobody works on this day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class ClosedDay(models.Model):
    """A day without work that somebody added: for all of England where it names no authority, else for one.

    It stays when it is taken back. ``CalendarDay`` follows from these, the bank holidays and the weekends.
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
                violation_error_message="Say why nobody works on this day.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_why__regex=r"\S"),
                name="day_taken_back_says_why",
                violation_error_message="Say why the day is taken back.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class PolicyVersion(models.Model):
    """One council's procedures from a day on, complete. Never changed: a change is a new version."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="policy_versions")
    preset = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    in_force_from = models.DateField()
    data = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("authority", "-in_force_from", "-number")
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("authority", "number"), name="policy_number_once"),
        ]

    def __str__(self) -> str:
        return f"policy version {self.number} of authority {self.authority_id}"


class PolicyLimit(models.Model):
    """One time limit of one version, laid out for counting in the database; written with the version.

    ``sign`` is 1 for a limit after its event, -1 for one before it. ``warn``, ``manager_after`` and
    ``service_manager_after`` are hours where the limit is in hours, else working days: how long before
    the end people are told, and how long after it it goes up the line. ``last_call`` is in hours.
    ``closures_count`` says that the council's closure days are no working days for this limit,
    ``day_zero_before`` that it runs from the working day before where its event fell on a closed day.
    A limit that the council does not count by has no row.
    """

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="limits")
    key = models.CharField(max_length=60)
    sign = models.SmallIntegerField()
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=15, choices=Unit.choices)
    warn = models.PositiveIntegerField()
    last_call = models.PositiveIntegerField(default=0)
    manager_after = models.PositiveIntegerField()
    service_manager_after = models.PositiveIntegerField()
    outer_amount = models.PositiveIntegerField(null=True)
    outer_unit = models.CharField(max_length=15, choices=Unit.choices, blank=True)
    closures_count = models.BooleanField(default=False)
    day_zero_before = models.BooleanField(default=False)

    class Meta:
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("version", "key"), name="policy_limit_once"),
            models.CheckConstraint(condition=Q(sign__in=(1, -1)), name="policy_limit_has_direction"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.version_id}"


class PolicyDraft(models.Model):
    """A council's next procedures while somebody writes them: one at a time, in the form of a preset's file.

    ``version`` counts its changes, so that two people can't overwrite each other unseen. A draft ends when
    it is put in force (``became``) or set aside.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="policy_drafts")
    text = models.TextField()
    based_on = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    became = models.OneToOneField(
        PolicyVersion,
        on_delete=models.PROTECT,
        related_name="draft",
        null=True,
        help_text="empty when set aside",
    )

    if TYPE_CHECKING:
        right: str

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority",), condition=Q(ended_at__isnull=True), name="policy_draft_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(became__isnull=True, ended_by__isnull=True),
                name="policy_draft_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"policy draft {self.pk}"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> DeadlineQuerySet:
        """Neither met nor stopped."""
        return self.filter(met_at__isnull=True, not_needed="")

    def late(self, *, now: datetime.datetime) -> DeadlineQuerySet:
        return self.open().filter(late_from__lte=now)

    def answered_by(self, user: User) -> DeadlineQuerySet:
        return self.filter(responsible_ids__contains=[user.pk])


class Deadline(models.Model):
    """One row of the ledger: a projection of facts that other apps own, written by ``reconcile`` only.

    It holds plain ids, because the facts live in apps above this one. ``due_on`` is the last day of
    the limit (a civil day in London), ``due_at`` its last moment where the limit is in hours,
    ``plan_for_on`` the last working day on or before it. ``due_on_in_england`` is the same limit
    counted without the council's closure days, ``outer_on`` the end of the national outer limit where
    there is one. Of two limits the sooner counts; ``other_limit_key``, ``other_starts_on`` and
    ``other_due_on`` keep the one that did not. ``warn_at``, ``due_from``, ``late_from``,
    ``manager_from`` and ``service_manager_from`` are the moments at which each stage begins;
    ``next_stage_at`` is the earliest one that people may not have been told of yet.
    """

    kind = models.CharField(max_length=40)
    authority_id = models.BigIntegerField()
    family_id = models.BigIntegerField()
    fact_id = models.BigIntegerField()
    child_id = models.BigIntegerField(null=True)
    conference_id = models.BigIntegerField(null=True)
    responsible_ids = ArrayField(models.BigIntegerField(), default=list)
    what = models.CharField(max_length=120, blank=True)

    starts_on = models.DateField()
    starts_at = models.DateTimeField(null=True)
    policy_version_id = models.BigIntegerField()
    limit_key = models.CharField(max_length=60)
    own_amount = models.PositiveIntegerField(null=True, help_text="a figure that replaces the policy's")
    own_unit = models.CharField(max_length=15, choices=Unit.choices, blank=True)

    due_on = models.DateField()
    due_at = models.DateTimeField(null=True)
    plan_for_on = models.DateField()
    due_on_in_england = models.DateField()
    outer_on = models.DateField(null=True)
    other_limit_key = models.CharField(max_length=60, blank=True)
    other_starts_on = models.DateField(null=True)
    other_due_on = models.DateField(null=True)
    warn_at = models.DateTimeField()
    due_from = models.DateTimeField()
    late_from = models.DateTimeField()
    manager_from = models.DateTimeField()
    service_manager_from = models.DateTimeField()

    met_at = models.DateTimeField(null=True)
    not_needed = models.CharField(max_length=200, blank=True, help_text="why it stopped; empty while it runs")

    next_stage_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar = DeadlineQuerySet.as_manager()

    if TYPE_CHECKING:
        right: str

    class Meta:
        ordering = ("plan_for_on", "due_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("kind", "fact_id"), name="deadline_once_per_fact"),
            models.CheckConstraint(
                condition=Q(plan_for_on__lte=F("due_on")), name="deadline_planned_in_time"
            ),
            models.CheckConstraint(
                condition=Q(own_amount__isnull=True, own_unit="")
                | Q(own_amount__isnull=False, own_unit__in=Unit.values),
                name="deadline_own_figure_has_unit",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("family_id", "plan_for_on"), name="deadline_of_family"),
            models.Index(
                fields=("conference_id", "plan_for_on"),
                condition=Q(conference_id__isnull=False),
                name="deadline_of_conference",
            ),
            models.Index(
                fields=("next_stage_at",),
                condition=Q(next_stage_at__isnull=False),
                name="deadline_next_stage",
            ),
            models.Index(fields=("authority_id", "kind", "due_on"), name="deadline_of_authority"),
            # What is late now is a small part of what a council ever had.
            models.Index(
                fields=("authority_id", "late_from"),
                condition=Q(met_at__isnull=True, not_needed=""),
                name="open_deadline_of_authority",
            ),
            GinIndex(
                fields=("responsible_ids",),
                condition=Q(met_at__isnull=True, not_needed=""),
                name="deadline_answered_by",
            ),
        ]

    def __str__(self) -> str:
        return f"deadline {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.met_at is None and not self.not_needed

    def state(self, now: datetime.datetime) -> State:
        """How it stands at ``now``."""
        if self.not_needed:
            return State.NOT_NEEDED
        if self.met_at is not None:
            return State.MET if self.met_at < self.late_from else State.MET_LATE
        if now >= self.late_from:
            return State.LATE
        stage = self.stage(now)
        return State(stage.value) if stage else State.OPEN

    def stage(self, now: datetime.datetime) -> Stage | None:
        """The furthest stage that has begun by ``now``, whoever was told."""
        if now >= self.service_manager_from:
            return Stage.TO_SERVICE_MANAGER
        if now >= self.manager_from:
            return Stage.TO_MANAGER
        if now >= self.late_from:
            return Stage.LATE
        if now >= self.due_from:
            return Stage.DUE
        if now >= self.warn_at:
            return Stage.DUE_SOON
        return None


class DeadlineChange(models.Model):
    """What happened to a deadline after it was first counted."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    due_on_before = models.DateField()
    due_on_after = models.DateField()
    starts_on_before = models.DateField(null=True)
    starts_on_after = models.DateField(null=True)
    why_moved = models.CharField(max_length=12, choices=WhyMoved.choices, blank=True)
    reason = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"change {self.pk} of deadline {self.deadline_id}"


class Recount(models.Model):
    """Somebody counted open deadlines of an authority again under another version, after looking at each."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="recounts")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="recounts")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ("-at", "-pk")
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="recount_says_why",
                violation_error_message="Say why these deadlines are counted again.",
            ),
        ]

    def __str__(self) -> str:
        return f"recount {self.pk}"


class RecountedDeadline(models.Model):
    """One deadline that from then on counts under the version of the recount."""

    recount = models.ForeignKey(Recount, on_delete=models.PROTECT, related_name="deadlines")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="recounts")
    due_on_before = models.DateField()
    due_on_after = models.DateField()

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("recount", "deadline"), name="recounted_once_per_recount"),
        ]

    def __str__(self) -> str:
        return f"recounted deadline {self.deadline_id}"


class DeadlineNotice(models.Model):
    """One person was told once of one stage of a deadline.

    ``late_from`` is part of the key: when a deadline moves to another day its stages begin anew.
    ``digest`` is the e-mail of a morning that listed it.
    """

    # The unique constraint below begins with the deadline, so its key needs no index of its own.
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="notices", db_index=False)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deadline_notices", db_index=False)
    late_from = models.DateTimeField()
    raised_at = models.DateTimeField()
    digest = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta:
        ordering = ("-raised_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("deadline", "stage", "user", "late_from"), name="deadline_notice_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=("user", "stage"), condition=Q(digest__isnull=True), name="deadline_notice_of_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} notice {self.pk}"


class SweepRun(models.Model):
    """Heartbeat of the sweep: when it ran, how long it took, how far behind it was."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    raised = models.PositiveIntegerField(default=0)
    behind = models.DurationField(null=True, help_text="age of the oldest stage that it found waiting")
    untold_ids = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="deadlines with nobody who could be told, up to a thousand; tried again an hour later",
    )

    class Meta:
        ordering = ("-started_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("-started_at",), name="sweep_run_newest")]

    def __str__(self) -> str:
        return f"sweep {self.pk}"

    @property
    def took(self) -> datetime.timedelta | None:
        return self.ended_at - self.started_at if self.ended_at else None


class DigestRun(models.Model):
    """The digests of one council's people on one morning were written, all in one transaction."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="digest_runs")
    day = models.DateField()
    written_at = models.DateTimeField()
    people = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-day", "authority")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("authority", "day"), name="digest_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"digest {self.pk}"


class ReconcileRun(models.Model):
    """Heartbeat of the nightly count over everything. Each deadline that it had to change is a bug found."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    stopped = models.PositiveIntegerField(default=0)
    deadline_ids = ArrayField(
        models.BigIntegerField(), default=list, help_text="those it changed, up to a thousand"
    )
    problems = models.JSONField(
        default=list, help_text="facts that could not be counted: kind, reason, number"
    )

    class Meta:
        ordering = ("-started_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("-started_at",), name="reconcile_run_newest")]

    def __str__(self) -> str:
        return f"reconcile {self.pk}"

    @property
    def written(self) -> int:
        """How many rows it had to make, change or stop."""
        return self.created + self.changed + self.stopped


class CalendarFeed(models.Model):
    """A secret address at which a calendar program reads the days that one person answers for.

    Only the hash of the secret is kept, so that nobody can read an address out of the database.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calendar_feeds")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField("last read", null=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("user",), condition=Q(revoked_at__isnull=True), name="one_calendar_feed_per_user"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar feed {self.pk}"
