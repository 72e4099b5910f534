"""Incidents: a paper, page or message about a case that reached somebody whom it must not reach."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import Authority, User
from families.models import Family, Person
from incidents.enums import IncidentKind, StepKind, Telling
from reports.models import Copy


@tracked
class Incident(models.Model):
    """What went where it must not, since when the council is aware of it, and that it was closed.

    The regulator's limit runs from ``aware_at``. One recorded in error stays, with who says so and why.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="incidents")
    kind = models.CharField("what went wrong", max_length=14, choices=IncidentKind.choices)
    copy = models.ForeignKey(
        Copy, on_delete=models.PROTECT, related_name="incidents", null=True, blank=True, verbose_name="copy it is about"
    )
    paper = models.CharField("paper, page or message, in words", max_length=200, blank=True)
    happened = models.TextField("what happened")
    who_has_it = models.TextField("who has it, or has seen it")
    aware_at = models.DateTimeField("when the council became aware")
    policy_version_id = models.BigIntegerField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    form_key = models.UUIDField(null=True, unique=True, editable=False, help_text="makes a form sent twice harmless")
    withdrawn_at = models.DateTimeField("when it was found to be no incident", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_because = models.TextField("why it is no incident", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    learned = models.TextField("what is done so that it does not happen again", blank=True)

    class Meta:
        ordering = ("-aware_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(happened__regex=r"\S") & Q(who_has_it__regex=r"\S"),
                name="incident_says_what_and_who",
                violation_error_message="Say what happened, and who has it.",
            ),
            models.CheckConstraint(
                condition=Q(copy__isnull=False) | Q(paper__regex=r"\S"),
                name="incident_names_a_paper",
                violation_error_message="Choose the copy, or say what it was.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_because__regex=r"\S"),
                name="incident_withdrawn_with_reason",
                violation_error_message="Say why it is no incident.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, learned__regex=r"\S"),
                name="incident_closed_with_what_was_learned",
                violation_error_message="Say what is done so that it does not happen again.",
            ),
        ]

    def __str__(self) -> str:
        return f"incident {self.pk}"

    @property
    def reference(self) -> str:
        """Return what notices and lists call it: it says neither whose case it is nor what got out."""
        return f"I{self.recorded_at:%y}-{self.pk:05d}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.withdrawn_at is None


@tracked
class PersonConcerned(models.Model):
    """Somebody whom an incident concerns: in danger because of it, or with their private matters in the paper.

    Who is in danger is told the same day; about the others, whoever handles the incident decides.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at_risk = models.BooleanField("in danger because of it")
    because = models.TextField("what could happen to them, or what of theirs got out")
    telling = models.CharField(max_length=8, choices=Telling.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_because = models.TextField("why they are told, or not", blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_how = models.TextField("how they were told, and what keeps them safe", blank=True)
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("-at_risk", "added_at", "pk")
        verbose_name_plural = "people concerned"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("incident", "person"),
                name="person_once_in_an_incident",
                violation_error_message="This person is named already.",
            ),
            models.CheckConstraint(
                condition=Q(because__regex=r"\S"),
                name="concerned_because_of_something",
                violation_error_message="Say what could happen to them, or what of theirs got out.",
            ),
            models.CheckConstraint(
                condition=~Q(telling=Telling.TOLD)
                | Q(told_at__isnull=False, told_by__isnull=False, told_how__regex=r"\S"),
                name="told_of_incident_says_how",
                violation_error_message="Say how they were told.",
            ),
            models.CheckConstraint(
                condition=~Q(telling=Telling.NOT_TOLD)
                | Q(decided_at__isnull=False, decided_by__isnull=False, decided_because__regex=r"\S"),
                name="not_told_of_incident_says_why",
                violation_error_message="Say why they are not told.",
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk} of incident {self.incident_id}"


@tracked
class RegulatorDecision(models.Model):
    """Whether the Information Commissioner is told of an incident, and why. A later decision supersedes it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="decisions")
    reported = models.BooleanField("reported to the Information Commissioner")
    reported_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField("the Commissioner’s reference", max_length=60, blank=True)
    because = models.TextField("why it is, or is not, reported; if late, why")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("decided_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("incident",),
                condition=Q(superseded_at__isnull=True),
                name="one_current_decision_of_an_incident",
                violation_error_message="Somebody else has just recorded a decision. Look at it first.",
            ),
            models.CheckConstraint(
                condition=Q(because__regex=r"\S") & (Q(reported=False) | Q(reported_at__isnull=False)),
                name="regulator_decision_says_why_and_when",
                violation_error_message="Say why, and when it was reported.",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk} of incident {self.incident_id}"


@tracked
class IncidentStep(models.Model):
    """Something that was done about an incident, on a day. One recorded in error stays, with who says so and why."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    on = models.DateField()
    note = models.TextField("what was done, and by whom")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_because = models.TextField("why it was an error", blank=True)

    class Meta:
        ordering = ("on", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(note__regex=r"\S"),
                name="incident_step_says_what",
                violation_error_message="Say what was done, and by whom.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_because__regex=r"\S"),
                name="incident_step_withdrawn_with_reason",
                violation_error_message="Say why it was recorded in error.",
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.pk} of incident {self.incident_id}"
