"""Reports before the conference: what each author wrote, and how it was shared with whom."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.models import Conference, ConferenceChild, Participant
from conferences.models.recorded import EnteredByOne, entered_by_one
from families.models import Person
from meetings.enums import Nature
from reports.enums import ReportKind, ReportState, SharingManner, SharingOutcome


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
    draft_shown_at = models.DateTimeField("when the draft was shown to a manager", null=True, blank=True)
    short_ready_at = models.DateTimeField("when the short report was finished", null=True, blank=True)
    short_ready_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
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
    kept_from = models.ManyToManyField(Person, related_name="+", blank=True, verbose_name="whom it must not reach")
    copied_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="copied_to",
        null=True,
        blank=True,
        verbose_name="passage of an earlier report it was taken over from",
    )
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="passage of the version before that it stands for",
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
class ReportSectionKeptFrom(ReportSection.kept_from.through):  # type: ignore[name-defined]
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
