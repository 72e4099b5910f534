"""Allegations against people who work with children, referred to the designated officer (LADO).

They stand apart from families, conferences and complaints: only those whom ``allegations.access`` lets in learn that
there is one, and never the person it is about or anyone who works for the same agency.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked
from accounts.models import Authority, User
from allegations.enums import StepKind, Threshold
from conferences.models import Conference
from families.models import Agency, Child, Family, Person
from records.models import Disclosure


@tracked
class Referral(models.Model):
    """That an allegation was referred: from which case, about which child, since when it was known, who has it.

    What it says are ``ReferralText`` rows, of which one is current. ``told_manager`` is the manager whom the referrer
    told, who may read it. ``received_at`` is when the designated officer took it on: until then the limit runs.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+")
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    known_on = models.DateField("day on which it became known")
    policy_version_id = models.BigIntegerField()
    told_manager = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(null=True, unique=True, editable=False, help_text="makes a form sent twice harmless")

    class Meta:
        ordering = ("-made_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by__isnull=True)
                | Q(received_at__isnull=False, received_by__isnull=False),
                name="referral_received_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"

    @property
    def reference(self) -> str:
        """Return what letters and notices call it: it says neither what it is nor whom it is about."""
        return f"R{self.made_at:%y}-{self.pk:05d}"


@tracked
class ReferralText(models.Model):
    """What a referral says: about whom, at which agency, what happened and when. A correction supersedes it.

    About a user of this council, a person of the directory, or someone written down; exactly one of them.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="texts")
    about_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    about_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    about_name = models.CharField("name", max_length=200, blank=True)
    job = models.CharField("what they do", max_length=200, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    agency_name = models.CharField("where they work, written down", max_length=200, blank=True)
    threshold = models.CharField(max_length=12, choices=Threshold.choices)
    what = models.TextField("what happened")
    happened = models.CharField("when it happened", max_length=200)
    who_was_told = models.TextField("who else was told, and what was done", blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    because = models.TextField("why it was corrected", blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("referral",), condition=Q(superseded_at__isnull=True), name="one_current_text_of_a_referral"
            ),
            models.CheckConstraint(
                condition=Q(about_user__isnull=False, about_person=None, about_name="")
                | Q(about_user=None, about_person__isnull=False, about_name="")
                | Q(about_user=None, about_person=None, about_name__regex=r"\S"),
                name="referral_is_about_one",
                violation_error_message="Choose who it is about, or write the name down.",
            ),
            models.CheckConstraint(
                condition=Q(what__regex=r"\S") & Q(happened__regex=r"\S"),
                name="referral_says_what_and_when",
                violation_error_message="Say what happened, and when.",
            ),
            models.CheckConstraint(
                condition=Q(about_user__isnull=True) | ~Q(about_user=F("recorded_by")),
                name="nobody_refers_themselves",
                violation_error_message="Ask someone else to make this referral.",
            ),
        ]

    def __str__(self) -> str:
        return f"text {self.pk} of referral {self.referral_id}"

    @property
    def about(self) -> str:
        """Return the name of whom it is about."""
        if self.about_user is not None:
            return self.about_user.name
        return self.about_person.full_name if self.about_person is not None else self.about_name

    @property
    def works_at(self) -> str:
        """Return where they work."""
        return self.agency.name if self.agency is not None else self.agency_name


@tracked
class ReferralStep(models.Model):
    """Something that came of a referral, on a day. One recorded in error stays, with who says so and why."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    on = models.DateField()
    note = models.TextField("what was found or agreed, and by whom")
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
                name="referral_step_says_what",
                violation_error_message="Say what was found or agreed, and by whom.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_because__regex=r"\S"),
                name="referral_step_withdrawn_with_reason",
                violation_error_message="Say why it was recorded in error.",
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.pk} of referral {self.referral_id}"


@tracked
class ReferralInBundle(models.Model):
    """A decision that a referral goes into one bundle of records. Without one no bundle has it, a court's neither."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="bundles")
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    because = models.TextField("why it goes in")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("decided_at", "pk")
        verbose_name_plural = "referrals in bundles"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("referral", "disclosure"),
                name="referral_once_in_a_bundle",
                violation_error_message="It goes into this bundle already.",
            ),
            models.CheckConstraint(
                condition=Q(because__regex=r"\S"),
                name="referral_in_bundle_says_why",
                violation_error_message="Say why it goes into the bundle.",
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.referral_id} in bundle {self.disclosure_id}"
