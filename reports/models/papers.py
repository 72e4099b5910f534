"""Papers: reports before the conference, letter and minutes after it, and who each was sent to."""

from __future__ import annotations

import datetime
from typing import ClassVar

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.models import Conference, ConferenceChild, Participant
from conferences.models.recorded import EnteredByOne, entered_by_one
from core_groups.models import CoreGroupMeeting, CoreGroupMember
from families.models import Person
from meetings.enums import Nature
from plans.models import Plan, PlanVersion
from reports.enums import Channel, DocumentKind, DocumentState, ReportKind, ReportState, SharingManner, SharingOutcome


@tracked
class Report(models.Model):
    """One author's report to one conference. Once submitted it is replaced by a new version, never changed."""

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="reports")
    author = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="written_reports")
    kind = models.CharField(max_length=12, choices=ReportKind.choices)
    number = models.PositiveSmallIntegerField("version of this report", default=1)
    state = models.CharField(max_length=12, choices=ReportState.choices, default=ReportState.DRAFT)
    why_held = models.TextField("why the conference is held", blank=True)
    received_by = models.CharField(
        "how it came in", max_length=120, blank=True, help_text="where entered for the author"
    )
    new_because = models.TextField("why there is a new version", blank=True)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    begun_guest_session_id = models.BigIntegerField("stay of the guest who began it", null=True, blank=True)
    begun_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    submitted_guest_session_id = models.BigIntegerField("stay of the guest who submitted it", null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    needs_agreement = models.BooleanField(
        "a manager has to agree to it", default=False, help_text="settled when it is submitted"
    )
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    agreed_at = models.DateTimeField("when the manager agreed", null=True, blank=True)
    sent_back_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sent_back_at = models.DateTimeField(null=True, blank=True)
    what_to_change = models.TextField("what the manager wants changed", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("author", "number"), name="report_version_once"),
            models.UniqueConstraint(
                fields=("author",),
                condition=Q(state=ReportState.SUBMITTED),
                name="one_submitted_report_per_author",
                violation_error_message="A report by this author is already in.",
            ),
            models.UniqueConstraint(
                fields=("author",),
                condition=Q(state=ReportState.DRAFT),
                name="one_draft_report_per_author",
                violation_error_message="This report is already being written. Open that one.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.SUBMITTED)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False)
                | Q(submitted_at__isnull=False, submitted_guest_session_id__isnull=False),
                name="submitted_report_says_when",
            ),
            entered_by_one("report", by="begun_by", stay="begun_guest_session_id"),
            models.CheckConstraint(
                condition=Q(number=1) | Q(new_because__regex=r"\S"),
                name="new_report_version_says_why",
                violation_error_message="Say why a new version is needed.",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False, submitted_at__isnull=False),
                name="agreed_report_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(sent_back_at__isnull=True, sent_back_by__isnull=True)
                | Q(sent_back_at__isnull=False, sent_back_by__isnull=False, what_to_change__regex=r"\S"),
                name="report_sent_back_says_what_to_change",
                violation_error_message="Write what has to change.",
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"

    @property
    def received_at(self) -> datetime.datetime | None:
        """Return when it was complete: submitted and, if a manager has to agree, agreed."""
        return self.agreed_at if self.needs_agreement else self.submitted_at

    @property
    def waits_for_manager(self) -> bool:
        """Return whether it is submitted and a manager has neither agreed nor sent it back."""
        return (
            self.state == ReportState.SUBMITTED and self.needs_agreement and not (self.agreed_at or self.sent_back_at)
        )

    @property
    def is_sent_back(self) -> bool:
        """Return whether it is submitted and the manager wants a new version."""
        return self.state == ReportState.SUBMITTED and self.sent_back_at is not None and self.agreed_at is None


@tracked
class ReportSection(models.Model):
    """One passage under a heading: fact or opinion, about which children, whose private information."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="sections")
    heading = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    nature = models.CharField(max_length=8, choices=Nature.choices)
    evidence = models.TextField(blank=True)
    children = models.ManyToManyField(ConferenceChild, related_name="report_sections", blank=True)
    private_to = models.ManyToManyField(Person, related_name="+", blank=True)
    copied_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="copied_to",
        null=True,
        blank=True,
        verbose_name="passage of an earlier report it was taken over from",
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("position", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="section_says_something",
                violation_error_message="Write something, or leave this section out.",
            )
        ]

    def __str__(self) -> str:
        return f"section {self.pk}"

    @property
    def is_unchanged(self) -> bool:
        """Return whether it says, word for word, what it said in the earlier report it was taken over from."""
        old = self.copied_from
        return old is not None and (old.text, old.nature, old.evidence) == (self.text, self.nature, self.evidence)


@tracked_links
class ReportSectionChild(ReportSection.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked_links
class ReportSectionPrivateTo(ReportSection.private_to.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class Sharing(EnteredByOne):
    """The outcome of sharing one report with one person due it. The newest row counts.

    In part without ``shared_at``: the chair has agreed, but it has yet to be talked through.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="sharings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=SharingOutcome.choices)
    manner = models.CharField(max_length=20, choices=SharingManner.choices, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=60, blank=True)
    reason = models.TextField("reason, or the tries made", blank=True)
    disputed = models.TextField("what they say is wrong", blank=True)
    agreed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="chair who agreed"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-recorded_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            entered_by_one("sharing"),
            models.CheckConstraint(
                condition=~Q(outcome=SharingOutcome.SHARED) | Q(shared_at__isnull=False) & ~Q(manner=""),
                name="shared_says_when_and_how",
                violation_error_message="Enter when and how it was shared.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=[SharingOutcome.IN_PART, SharingOutcome.NOT_TO_BE_SHARED])
                | Q(agreed_by__isnull=False),
                name="kept_back_only_by_the_chair",
                violation_error_message=(
                    "Only the chair can agree to a report not being shared, or being shared in part."
                ),
            ),
            models.CheckConstraint(
                condition=Q(outcome=SharingOutcome.SHARED) | Q(reason__regex=r"\S"),
                name="not_shared_says_why",
                violation_error_message="Write the reason, or what was tried.",
            ),
        ]

    def __str__(self) -> str:
        return f"sharing {self.pk}"


def for_one() -> Q:
    """Match what is for someone on a conference's list, for a member of a core group, or for a person around a plan."""
    columns = ("recipient", "member", "person")
    found = Q()
    for named in columns:
        found |= Q(**{f"{column}__isnull": column != named for column in columns})
    return found


@tracked
class Document(models.Model):
    """A decisions letter, minutes or a plan in one version.

    ``content`` is everything it could say, frozen when it was prepared. Each recipient's copy is composed from
    it, so the same version gives the same recipient the same bytes.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="documents")
    core_group_meeting = models.ForeignKey(
        CoreGroupMeeting,
        on_delete=models.PROTECT,
        related_name="documents",
        null=True,
        blank=True,
        help_text="whose minutes they are; the conference is then the one that formed the core group",
    )
    plan = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        related_name="documents",
        null=True,
        blank=True,
        help_text="the plan that is given out; the conference is then the one that made it",
    )
    plan_version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="documents", null=True, blank=True
    )
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    number = models.PositiveSmallIntegerField("version")
    state = models.CharField(max_length=12, choices=DocumentState.choices, default=DocumentState.PREPARED)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    released_at = models.DateTimeField("released or signed off", null=True, blank=True)
    standing_in_for = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="chair in whose place it was released",
    )
    released_as = models.CharField("released as", max_length=20, blank=True, default="", db_default="")
    settled_for = models.ManyToManyField(
        Participant, related_name="+", blank=True, help_text="who gets it only because the chair settled so"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    superseded_because = models.TextField(blank=True)
    completed_at = models.DateTimeField(
        "when the last person due a copy had one", null=True, blank=True, editable=False
    )

    class Meta:
        ordering = ("kind", "-number")
        triggers: ClassVar = [
            never_deleted,
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "conference",
                    "core_group_meeting",
                    "plan",
                    "plan_version",
                    "kind",
                    "number",
                    "content",
                    "prepared_at",
                ],
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference", "kind", "core_group_meeting", "plan", "number"),
                nulls_distinct=False,
                name="document_version_once",
            ),
            models.UniqueConstraint(
                fields=("conference", "kind", "core_group_meeting", "plan"),
                condition=~Q(state=DocumentState.SUPERSEDED),
                nulls_distinct=False,
                name="one_current_document",
                violation_error_message="There is already a newer version. Look at that one first.",
            ),
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.CORE_GROUP, core_group_meeting__isnull=False)
                | ~Q(kind=DocumentKind.CORE_GROUP) & Q(core_group_meeting__isnull=True),
                name="core_group_minutes_name_their_meeting",
            ),
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.PLAN, plan__isnull=False, plan_version__isnull=False)
                | ~Q(kind=DocumentKind.PLAN) & Q(plan__isnull=True, plan_version__isnull=True),
                name="paper_of_a_plan_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.RELEASED) | Q(released_by__isnull=False, released_at__isnull=False),
                name="released_document_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.SUPERSEDED)
                | Q(superseded_by__isnull=False, superseded_at__isnull=False, superseded_because__regex=r"\S"),
                name="superseded_document_says_why",
                violation_error_message="Say why a new version is needed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of conference {self.conference_id}"

    def to(self, recipient_id: int) -> dict[str, int]:
        """Return the column of copies and files, with its value, that says whose a recipient's is.

        A letter or minutes of a conference go to people on its list, minutes of a core group to its members, a plan
        to persons.
        """
        if self.plan_id is not None:
            return {"person_id": recipient_id}
        return {"recipient_id" if self.core_group_meeting_id is None else "member_id": recipient_id}

    @property
    def is_of_a_conference(self) -> bool:
        return self.core_group_meeting_id is None and self.plan_id is None

    @property
    def is_released(self) -> bool:
        return self.state == DocumentState.RELEASED


@tracked_links
class DocumentSettledFor(Document.settled_for.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class Copy(models.Model):
    """One recipient's copy: which version, how it was sent, over a channel confirmed for this sending.

    ``checksum`` is that of the file that is given out; it is empty while the file has not been laid out, if the
    sending was recorded before that.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="copies")
    recipient = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="copies", null=True, blank=True)
    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="copies", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="copies", null=True, blank=True)
    channel = models.CharField(max_length=14, choices=Channel.choices)
    sent_to = models.CharField("address or mailbox it went to", max_length=300, blank=True)
    channel_confirmed = models.CharField("how the channel was confirmed as safe", max_length=200)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checksum = models.CharField("SHA-256 of the file", max_length=64, blank=True)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("sent_at", "pk")
        verbose_name_plural = "copies"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("document", "recipient", "channel", "sent_at"),
                name="copy_recorded_once",
                violation_error_message="This copy is already recorded.",
            ),
            models.UniqueConstraint(
                fields=("document", "member", "channel", "sent_at"),
                name="member_copy_recorded_once",
                violation_error_message="This copy is already recorded.",
            ),
            models.UniqueConstraint(
                fields=("document", "person", "channel", "sent_at"),
                name="persons_copy_recorded_once",
                violation_error_message="This copy is already recorded.",
            ),
            models.CheckConstraint(condition=for_one(), name="copy_for_one"),
        ]

    def __str__(self) -> str:
        return f"copy {self.pk}"
