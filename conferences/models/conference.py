from __future__ import annotations

import datetime
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from accounts.history import never_deleted, tracked, tracked_except
from accounts.models import Authority, User
from conferences.enums import ConferenceStatus, Mode, PartKind, Party, SittingState
from families.models import Family

# How a sitting ends that another has to follow.
BROKEN_OFF = (SittingState.ADJOURNED, SittingState.INQUORATE)
# Date rules enforced by the database, whichever way a change comes. conferences.constraint_errors maps the names to
# messages.
_BEFORE_DISCUSSION = """
    IF EXISTS (
        SELECT 1 FROM conferences_conferencechild cc
        JOIN conferences_sitting s ON s.conference_id = cc.conference_id
        JOIN families_enquiry e ON e.id = cc.enquiry_id
        JOIN families_strategydiscussion d ON d.id = e.discussion_id
        WHERE cc.conference_id = NEW.conference_id AND cc.withdrawn_at IS NULL
          AND s.state <> 'cancelled' AND s.starts_at < d.held_at
    ) THEN
        RAISE EXCEPTION 'conference before its strategy discussion'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'conference_not_before_discussion';
    END IF;
"""
_INITIAL_ON_WEEKEND = """
    IF EXISTS (
        SELECT 1 FROM conferences_conferencechild cc
        JOIN conferences_sitting s ON s.conference_id = cc.conference_id
        WHERE cc.conference_id = NEW.conference_id AND cc.withdrawn_at IS NULL
          AND cc.kind IN ('initial', 'pre_birth', 'transfer_in') AND s.state <> 'cancelled'
          AND extract(isodow FROM s.starts_at AT TIME ZONE 'Europe/London') > 5
    ) THEN
        RAISE EXCEPTION 'initial conference on a weekend'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'initial_conference_on_no_weekend';
    END IF;
"""
# When a conference meets follows from its sittings; it is kept beside them so that an index can sort by it.
meets_with_its_sitting = pgtrigger.Trigger(
    name="meets_with_its_sitting",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("meets_at"),
    when=pgtrigger.Before,
    func="""
    NEW.meets_at := (
        SELECT s.starts_at FROM conferences_sitting s
        WHERE s.conference_id = NEW.id AND s.state <> 'cancelled' ORDER BY s.number DESC LIMIT 1
    );
    RETURN NEW;
    """,
)
moves_its_conference = pgtrigger.Trigger(
    name="moves_its_conference",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("starts_at", "state", "number"),
    when=pgtrigger.After,
    func="""
    UPDATE conferences_conference SET meets_at = NULL WHERE id = NEW.conference_id;
    RETURN NULL;
    """,
)
date_rules = pgtrigger.Trigger(
    name="date_rules",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.After,
    func=_BEFORE_DISCUSSION + _INITIAL_ON_WEEKEND + "    RETURN NULL;",
)


@tracked
class Room(models.Model):
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    directions = models.TextField("how the family gets there", blank=True, db_default="")
    seats = models.PositiveSmallIntegerField(default=16)
    two_entrances = models.BooleanField(default=False)
    is_open = models.BooleanField("can be booked", default=True)

    class Meta:
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority", "name"),
                name="room_once",
                violation_error_message="This council already has a room of that name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked_except("meets_at")
class Conference(models.Model):
    """A child protection conference about the children named in ConferenceChild.

    ``policy_version_id`` is the council's policy under which it is held: board headings, scale, who is asked.
    ``status`` changes only through ``conferences.services``, along CONFERENCE_TRANSITIONS. ``opened_at`` and
    ``ended_at`` are the actual times; ``ended_at`` is the end of the last part. ``meets_at`` is the start of the
    newest sitting that was not cancelled; the database keeps it up to date. ``review_at`` and the columns after it
    are the review agreed in the room; closing the meeting makes it a conference that ``follows`` this one.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="conferences")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="conferences")
    reference = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=ConferenceStatus.choices, default=ConferenceStatus.REQUESTED)
    reason = models.TextField("why the conference is held", blank=True)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    link = models.URLField("link for those online", blank=True, max_length=500)
    chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="chaired", null=True, blank=True)
    coordinator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="coordinated", null=True, blank=True)
    policy_version_id = models.BigIntegerField()
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    scheduled_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField("first invitations sent", null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    late_reason = models.TextField("why it is held after the limit", blank=True)
    late_cause = models.CharField(max_length=30, blank=True)
    short_notice_reason = models.TextField(blank=True)
    cancelled_because = models.TextField(blank=True)
    quorate = models.BooleanField(null=True, blank=True)
    inquorate_reason = models.TextField("why the chair went on without a quorum", blank=True)
    first_core_group_at = models.DateTimeField(null=True, blank=True)
    first_core_group_place = models.CharField(max_length=200, blank=True)
    review_at = models.DateTimeField("agreed review conference", null=True, blank=True)
    review_mode = models.CharField(
        "how people meet at the agreed review", max_length=10, choices=Mode.choices, blank=True, db_default=""
    )
    review_room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    review_chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="followed_by",
        null=True,
        blank=True,
        verbose_name="conference at which its date was agreed",
    )
    meets_at = models.DateTimeField("meets on", null=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-requested_at", "-pk")
        triggers: ClassVar = [never_deleted, meets_with_its_sitting]
        indexes: ClassVar = [
            models.Index(fields=("authority", "status")),
            models.Index("authority", F("meets_at").desc(nulls_last=True), F("id").desc(), name="newest_conferences"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority", "reference"),
                name="conference_reference_once",
                violation_error_message="This reference is taken.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ConferenceStatus.REQUESTED, ConferenceStatus.CANCELLED])
                | Q(chair__isnull=False, coordinator__isnull=False),
                name="scheduled_conference_has_chair_and_coordinator",
                violation_error_message="Choose the chair and the coordinator.",
            ),
            models.CheckConstraint(
                condition=~Q(status=ConferenceStatus.CANCELLED) | ~Q(cancelled_because=""),
                name="conference_cancelled_with_reason",
                violation_error_message="Say why you are cancelling the conference.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(opened_at__isnull=False, ended_at__gte=F("opened_at")),
                name="conference_ends_after_it_opens",
                violation_error_message="The meeting can't end before it opened.",
            ),
            models.CheckConstraint(
                condition=~Q(status=ConferenceStatus.CLOSED) | Q(ended_at__isnull=False),
                name="closed_conference_has_its_end",
                violation_error_message="Enter when the meeting ended.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


def range_of(lower: str, upper: str, function: str, bounds: str) -> Func:
    """Return the range between two columns, such as ``tstzrange``; the same column twice with "[]" gives one value."""
    return Func(F(lower), F(upper), Value(bounds), function=function)


@tracked
class Sitting(models.Model):
    """One meeting of a conference. An adjourned conference has several.

    The booking runs from the first arrival (``booked_from``) to the expected end (``booked_until``); the chair
    and the room can't be double-booked. ``opened_at``/``ended_at`` are what actually happened. ``booked_at`` is
    when it was entered: a time before that needs the reason why it is recorded afterwards.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="sittings")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=SittingState.choices, default=SittingState.BOOKED)
    starts_at = models.DateTimeField()
    booked_from = models.DateTimeField("first arrival")
    booked_until = models.DateTimeField("expected end")
    family_arrives_at = models.DateTimeField()
    professionals_arrive_at = models.DateTimeField()
    chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sittings")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="sittings", null=True, blank=True)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_afterwards_reason = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    state_reason = models.TextField("why it was adjourned, inquorate or cancelled", blank=True)
    goes_on_at = models.DateTimeField("when it goes on, as agreed before people left", null=True, blank=True)

    class Meta:
        ordering = ("number",)
        triggers: ClassVar = [never_deleted, date_rules, moves_its_conference]
        indexes: ClassVar = [models.Index(fields=("starts_at",))]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("conference", "number"), name="sitting_number_once"),
            models.CheckConstraint(
                condition=Q(booked_from__lte=F("family_arrives_at"))
                & Q(booked_from__lte=F("professionals_arrive_at"))
                & Q(booked_from__lte=F("starts_at"))
                & Q(starts_at__lt=F("booked_until")),
                name="sitting_times_in_order",
                violation_error_message="The arrival times come first, then the start, then the expected end.",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__gte=F("booked_at")) | Q(recorded_afterwards_reason__regex=r"\S"),
                name="past_sitting_only_recorded_afterwards",
                violation_error_message=(
                    "This date is in the past. If the conference was held then, say why it is recorded afterwards."
                ),
            ),
            models.CheckConstraint(
                condition=Q(goes_on_at__isnull=True) | Q(state__in=BROKEN_OFF),
                name="sitting_goes_on_only_where_broken_off",
            ),
            ExclusionConstraint(
                name="chair_not_double_booked",
                expressions=[
                    (range_of("chair_id", "chair_id", "int8range", "[]"), RangeOperators.OVERLAPS),
                    (range_of("booked_from", "booked_until", "tstzrange", "[)"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state=SittingState.CANCELLED) & Q(recorded_afterwards_reason=""),
                violation_error_message="The chair is already booked at this time.",
            ),
            ExclusionConstraint(
                name="room_not_double_booked",
                expressions=[
                    (range_of("room_id", "room_id", "int8range", "[]"), RangeOperators.OVERLAPS),
                    (range_of("booked_from", "booked_until", "tstzrange", "[)"), RangeOperators.OVERLAPS),
                ],
                condition=Q(room__isnull=False) & ~Q(state=SittingState.CANCELLED) & Q(recorded_afterwards_reason=""),
                violation_error_message="The room is already booked at this time.",
            ),
        ]

    @property
    def standing_parts(self) -> models.QuerySet[Part]:
        """Its parts, less those that were planned once and are no longer."""
        return self.parts.filter(given_up_at__isnull=True)

    def __str__(self) -> str:
        return f"sitting {self.number} of {self.conference_id}"

    @property
    def day(self) -> datetime.date:
        """Return the civil day in London on which the sitting began."""
        return timezone.localdate(self.opened_at or self.starts_at)


@tracked
class Part(models.Model):
    """A part of a sitting: what was said in it reaches only those who attended it.

    ``starts_at`` and ``ends_at`` are as planned beforehand; empty for the whole meeting, and for one added on the day.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=PartKind.choices, default=PartKind.WHOLE)
    title = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField("planned from", null=True, blank=True)
    ends_at = models.DateTimeField("planned until", null=True, blank=True)
    given_up_at = models.DateTimeField("when it was planned no longer", null=True, blank=True)

    class Meta:
        ordering = ("sitting__number", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("sitting", "number"), name="part_number_once"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                name="part_ends_after_it_starts",
                violation_error_message="A part ends after it starts.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"Part {self.number}"


@tracked
class LateAgreement(models.Model):
    """What one party was asked, and answered, about a conference after its time limit.

    It belongs to ``day``, the day asked about: an agreement covers that day and any before it. Moving the
    conference later asks again; ``superseded_at`` is when that, or a date within the limit, ended this row.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="late_agreements")
    party = models.CharField(max_length=16, choices=Party.choices)
    day = models.DateField()
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    late_cause = models.CharField("what made it late, as agreed to", max_length=30, blank=True)
    late_reason = models.TextField("why it was after the limit, as agreed to", blank=True)
    interim_safety_plan = models.TextField("what keeps the children safe until then", blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference", "party"),
                condition=Q(superseded_at__isnull=True),
                name="late_agreement_asked_once",
                violation_error_message="This is already asked.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="late_agreement_given_by_someone",
                violation_error_message="Say who agrees.",
            ),
        ]

    def __str__(self) -> str:
        return f"late agreement {self.pk}"
