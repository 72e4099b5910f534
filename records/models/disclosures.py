"""Bundles of records disclosed to a court, or to a person who asked for what is held about them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked
from accounts.models import Authority, User
from families.models import Family, Person
from records.enums import Answered, Asker, DecisionGround, DisclosureKind, DisclosureState


@tracked
class Disclosure(models.Model):
    """One bundle about one person, for one recipient: what requires it, who prepared, who checked, what went.

    ``covers`` is the scope of the order or request in words. ``identity`` is how the applicant's identity was
    established and, where it is for a child, why that person may ask. ``stored_as`` is where the finished file
    is; ``sha256`` and ``pages`` are the file's.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="disclosures")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="disclosures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disclosures", verbose_name="about whom")
    kind = models.CharField(max_length=8, choices=DisclosureKind.choices)
    state = models.CharField(max_length=12, choices=DisclosureState.choices, default=DisclosureState.PREPARING)
    recipient = models.CharField("for whom", max_length=200)
    asked_on = models.DateField("date of the order or of the request")
    court_reference = models.CharField("number of the court's case", max_length=60, blank=True)
    covers = models.TextField("what the order or the request covers")
    basis = models.TextField("legal basis", blank=True)
    identity = models.TextField("how it was made sure who asks", blank=True)
    asker = models.CharField("who asks", max_length=10, choices=Asker.choices, blank=True, default="", db_default="")
    asking_parent = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="which parent asks"
    )
    responsibility_seen = models.TextField(
        "how parental responsibility was checked", blank=True, default="", db_default=""
    )
    child_understands = models.CharField(
        "whether the child understands what is asked", max_length=3, choices=Answered.choices, blank=True, default="",
        db_default="",
    )  # fmt: skip
    child_agrees = models.CharField(
        "whether the child agrees", max_length=3, choices=Answered.choices, blank=True, default="", db_default=""
    )
    in_interest = models.CharField(
        "whether it is in the child's interests", max_length=3, choices=Answered.choices, blank=True, default="",
        db_default="",
    )  # fmt: skip
    interest_because = models.TextField("why it is in the child's interests", blank=True, default="", db_default="")
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    submitted_at = models.DateTimeField("put before the second person", null=True, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    sent_back_because = models.TextField("what the second person wants changed", blank=True)
    done_pieces = models.PositiveIntegerField(default=0)
    all_pieces = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField("SHA-256 of the file", max_length=64, blank=True)
    stored_as = models.UUIDField("where the file lies", null=True, blank=True)
    handed_to = models.CharField("to whom it was handed", max_length=200, blank=True)
    handed_how = models.CharField("how it went", max_length=200, blank=True)
    handed_on = models.DateField(null=True, blank=True)
    handed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)
    form_key = models.UUIDField(null=True, unique=True, editable=False, help_text="makes a form sent twice harmless")

    class Meta:
        ordering = ("-prepared_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("prepared_by")),
                name="disclosure_by_two",
                violation_error_message="Someone other than the person who prepared it has to check it.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=DisclosureKind.COURT) | Q(court_reference__regex=r"\S", recipient__regex=r"\S"),
                name="disclosure_records_the_order",
                violation_error_message="Enter the court and the number of its case.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=DisclosureKind.SUBJECT_ACCESS) | Q(identity__regex=r"\S"),
                name="disclosure_says_who_asks",
                violation_error_message="Say how you checked who is asking.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DisclosureState.MADE, DisclosureState.HANDED_OVER])
                | Q(checked_by__isnull=False, made_at__isnull=False, stored_as__isnull=False),
                name="disclosure_made_after_the_check",
            ),
            models.CheckConstraint(
                condition=~Q(state=DisclosureState.HANDED_OVER)
                | Q(handed_to__regex=r"\S", handed_how__regex=r"\S", handed_on__isnull=False),
                name="disclosure_handed_to_somebody",
                violation_error_message="Say who it went to, and how.",
            ),
            models.CheckConstraint(
                condition=~Q(state=DisclosureState.WITHDRAWN) | Q(withdrawn_because__regex=r"\S"),
                name="disclosure_withdrawn_with_reason",
                violation_error_message="Say why.",
            ),
        ]

    def __str__(self) -> str:
        return f"disclosure {self.pk}"

    @property
    def reference(self) -> str:
        """Return the reference printed on every page of the bundle."""
        return f"DB{self.prepared_at:%y}-{self.pk:05d}"

    @property
    def is_for_court(self) -> bool:
        return self.kind == DisclosureKind.COURT


@tracked
class DisclosureDecision(models.Model):
    """Whether one piece of information goes into a bundle. ``digest`` is that of its words when decided.

    ``ground`` and ``because`` say why, ``consulted`` who was asked first, and ``officer`` which data protection officer
    decided, where the council has one.
    """

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="decisions")
    piece = models.CharField("table and row", max_length=80)
    digest = models.CharField(max_length=64)
    is_given = models.BooleanField()
    ground = models.CharField(max_length=12, choices=DecisionGround.choices, blank=True, default="", db_default="")
    because = models.TextField("why", blank=True, default="", db_default="")
    consulted = models.TextField("who was consulted, and what they said", blank=True, default="", db_default="")
    officer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name="data protection officer who decided",
    )  # fmt: skip
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [models.UniqueConstraint(fields=("disclosure", "piece"), name="piece_decided_once")]

    def __str__(self) -> str:
        return f"decision {self.pk}"


@tracked
class SealedCover(models.Model):
    """That a court's order covers the sealed record of one child: only then is anything of it in that court's bundle.

    ``says`` is what the order says about the sealed record, in its own words.
    """

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="sealed_covers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="whose sealed record")
    order = models.CharField("which order: court and reference", max_length=200)
    ordered_on = models.DateField("day of the order")
    says = models.TextField("what it says about the sealed record")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("disclosure", "person"),
                name="sealed_record_covered_once",
                violation_error_message="The order that covers this record is noted already.",
            ),
            models.CheckConstraint(
                condition=Q(order__regex=r"\S") & Q(says__regex=r"\S"),
                name="sealed_cover_says_which_order",
                violation_error_message="Say which order it is, and what it says about the sealed record.",
            ),
        ]

    def __str__(self) -> str:
        return f"sealed cover {self.pk}"
