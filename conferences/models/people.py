from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.enums import (
    COME_WITH_SOMEBODY,
    FAMILY_CAPACITIES,
    Capacity,
    HowToAttend,
    Mode,
    ParticipantStatus,
    Reply,
    RequestGround,
)
from conferences.models.children import ConferenceChild
from conferences.models.conference import Conference, Part
from conferences.models.recorded import Attended, EnteredByOne, attendance_checks, entered_by_one
from families.models import Agency, Person, Post


@tracked
class Participant(models.Model):
    """A person taking part, the same for everyone: person + post + agency + capacity, for which children.

    ``status`` decides whether anything may be sent to them. ``arrives_at`` is their own arrival time. ``parts`` are
    those of the sitting that they are planned to be in, none named where it is the whole meeting; ``leaves_at`` is then
    the end of their last one.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="participations", null=True, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="participations", null=True, blank=True)
    capacity = models.CharField(max_length=15, choices=Capacity.choices)
    children = models.ManyToManyField(ConferenceChild, related_name="participants", blank=True)
    acts_for = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="acted_for_by",
        null=True,
        blank=True,
        help_text="whom a deputy stands in for, or whom a supporter, advocate or interpreter is with",
    )
    is_deputy = models.BooleanField(default=False)
    status = models.CharField(max_length=15, choices=ParticipantStatus.choices, default=ParticipantStatus.PROPOSED)
    because = models.TextField("why they should come", blank=True)
    change_reason = models.TextField("why added or dropped", blank=True)
    how = models.CharField(max_length=15, choices=HowToAttend.choices, default=HowToAttend.WHOLE)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    arrives_at = models.DateTimeField(null=True, blank=True)
    leaves_at = models.DateTimeField("until when they are asked to stay", null=True, blank=True)
    parts = models.ManyToManyField(Part, related_name="planned_for", blank=True)
    reports = models.BooleanField("asked for a report", default=False)
    email = models.EmailField("where the invitation goes", blank=True)
    invited_how = models.CharField("how they are told, where not by e-mail", max_length=200, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    invitation_sequence = models.PositiveSmallIntegerField(default=0)
    reply = models.CharField(max_length=12, choices=Reply.choices, default=Reply.NONE)
    replied_at = models.DateTimeField(null=True, blank=True)
    views_brought_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="brings_views_of", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference", "person", "post", "capacity"),
                nulls_distinct=False,
                name="participant_once",
                violation_error_message="This person is already on the list in this capacity.",
            ),
            models.CheckConstraint(
                condition=~Q(status=ParticipantStatus.INVITED) | Q(invited_at__isnull=False),
                name="invited_has_a_time",
                violation_error_message="An invitation needs the time it was sent.",
            ),
            models.CheckConstraint(
                condition=~Q(status=ParticipantStatus.LEFT_OUT) | ~Q(change_reason=""),
                name="left_out_with_reason",
                violation_error_message="Say why this person or agency is left out.",
            ),
        ]

    def __str__(self) -> str:
        return f"participant {self.pk}"

    @property
    def is_invited_from_outside(self) -> bool:
        """Return whether they come for the family or another agency, so that what they say can be written down."""
        return self.capacity in FAMILY_CAPACITIES | COME_WITH_SOMEBODY | {Capacity.PROFESSIONAL}

    @property
    def is_family(self) -> bool:
        return self.capacity in FAMILY_CAPACITIES


@tracked_links
class ParticipantChild(Participant.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class ParticipantPart(Participant.parts.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class ExclusionRequest(models.Model):
    """A request to the chair about one person. While it is open, nothing goes to that person."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="exclusion_requests")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="exclusion_requests")
    ground = models.CharField(max_length=20, choices=RequestGround.choices)
    reason = models.TextField("reason and evidence")
    evidence = models.TextField("what it is based on", blank=True, default="", db_default="")
    from_whom = models.CharField(
        "who asked, where it is no one in the family", max_length=200, blank=True, default="", db_default=""
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    said = models.ForeignKey(
        "conferences.SaidByGuest",
        on_delete=models.PROTECT,
        related_name="requests",
        null=True,
        blank=True,
        help_text="what a guest sent that holds this person back",
    )
    asked_for = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="member of the family who asked",
    )
    asked_at = models.DateTimeField()
    goes_on_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="asked_again",
        null=True,
        blank=True,
        help_text="the request on an earlier list that this one asks about again",
    )
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=15, choices=HowToAttend.choices, blank=True)
    decision_reason = models.TextField(blank=True)
    told_text = models.TextField("what the person is told", blank=True, db_default="")
    answer_text = models.TextField("what the one who asked is told", blank=True, db_default="")
    views_through = models.ForeignKey(
        Participant,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="who brings the views of someone kept out",
    )
    parts = models.ManyToManyField(
        Part, related_name="+", blank=True, help_text="the parts they may be in, where it is part of the meeting"
    )

    class Meta:
        ordering = ("asked_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("participant",),
                condition=Q(decided_at__isnull=True),
                name="one_open_request_per_participant",
                violation_error_message="A request about this person is already with the chair.",
            ),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=False) | Q(said__isnull=False), name="request_asked_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="request_says_why",
                violation_error_message="Say why, and what the evidence is.",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, how="")
                | Q(decided_by__isnull=False, decision_reason__regex=r"\S") & ~Q(how=""),
                name="request_decided_with_reason",
                violation_error_message="Choose how the person takes part, and say why.",
            ),
            models.CheckConstraint(
                condition=~Q(how=HowToAttend.NOT_AT_ALL) | Q(views_through__isnull=False),
                name="kept_out_but_heard",
                violation_error_message="Choose who brings this person's views to the meeting.",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def asked_by_words(self) -> str:
        if self.from_whom:
            return self.from_whom
        return str(self.asked_by.name) if self.asked_by else "a guest, on their own page"


@tracked_links
class ExclusionRequestPart(ExclusionRequest.parts.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class Attendance(Attended, EnteredByOne):
    """Whether a participant attended one part of one sitting."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="attendances")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="attendances")
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("participant", "part"), name="attendance_once_per_part"),
            *attendance_checks("leaves_after_arriving"),
            entered_by_one("attendance"),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"
