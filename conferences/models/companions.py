"""Who comes with the family, whether the chair accepted them, and what is done so that a child is heard safely."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.enums import AdvocateAnswer, AdvocateCame, AdvocateReads, Band, WhoOpens
from conferences.models.children import ConferenceChild
from conferences.models.people import Participant
from conferences.models.recorded import EnteredByOne, entered_by_one
from families.models import Person


@tracked
class CompanionCheck(models.Model):
    """One question to the chair whether a supporter, advocate, solicitor or interpreter may come, and the answer.

    While it is open or refused, they get no invitation. ``found`` is what the check showed when the chair answered.
    """

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="companion_checks")
    ties = models.TextField("how they know the family", blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    found = models.TextField("what the check showed", blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True)
    reason = models.TextField("why not", blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("participant",),
                condition=Q(answered_at__isnull=True),
                name="companion_asked_once",
                violation_error_message="The chair is already asked about this person.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, accepted__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, accepted__isnull=False),
                name="companion_answered_by_someone",
                violation_error_message="Say whether you accept them.",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | Q(accepted=True) | Q(reason__regex=r"\S"),
                name="companion_refused_with_reason",
                violation_error_message="Say why you do not accept them.",
            ),
        ]

    def __str__(self) -> str:
        return f"companion check {self.pk}"


@tracked
class AdvocateOffer(models.Model):
    """That an advocate was offered to a child or parent, and what became of it. The newest counts.

    No row means that nobody has asked; an answer that nobody knows is another thing.
    """

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="advocate_offers")
    offered_on = models.DateField(null=True, blank=True)
    offered_by = models.CharField("who offered it", max_length=200, blank=True)
    answer = models.CharField(max_length=10, choices=AdvocateAnswer.choices)
    provider = models.CharField("who provides the advocate", max_length=200, blank=True)
    came = models.CharField("whether the advocate came", max_length=3, choices=AdvocateCame.choices, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-recorded_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("participant",), condition=Q(superseded_at__isnull=True), name="one_advocate_offer_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(answer=AdvocateAnswer.UNKNOWN) | Q(offered_on__isnull=False, offered_by__regex=r"\S"),
                name="advocate_offered_when_and_by_whom",
                violation_error_message="Enter when it was offered, and by whom.",
            ),
        ]

    def __str__(self) -> str:
        return f"advocate offer {self.pk}"


@tracked
class AdvocateAgreement(EnteredByOne):
    """That a child or parent lets their advocate read one kind of paper; it counts until it is withdrawn.

    ``client`` is whom the advocate spoke for then: for anybody else it says nothing. ``said_by`` is the client, or for
    a child who is too young to say an adult with parental responsibility. Withdrawn by staff or by the client
    themselves during a stay on their own page.
    """

    advocate = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="may_read_of")
    client = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="agreed_with_advocates")
    matter = models.CharField("what the advocate may read", max_length=10, choices=AdvocateReads.choices)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="who agreed")
    said_on = models.DateField("when they agreed")
    recorded_at = models.DateTimeField()
    withdrawn_by_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="who withdrew it"
    )
    withdrawn_on = models.DateField("when they withdrew it", null=True, blank=True)
    withdrawal_recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawal_session_id = models.BigIntegerField("stay of the guest who withdrew it", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            entered_by_one("advocate_agreement"),
            models.UniqueConstraint(
                fields=("advocate", "client", "matter"),
                condition=Q(withdrawn_at__isnull=True),
                name="advocate_agreement_once",
                violation_error_message="Someone else has just recorded this. Reload the page and read theirs.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by_person__isnull=True, withdrawn_on__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by_person__isnull=False, withdrawn_on__isnull=False),
                name="advocate_agreement_withdrawn_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"advocate agreement {self.pk}"


@tracked
class DeviceAsked(models.Model):
    """Who can open the telephone or computer on which a child reads one e-mail address. The newest counts.

    It holds for ``email`` alone: for another address somebody asks again.
    """

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="devices_asked")
    email = models.EmailField("address it is about")
    who_opens = models.CharField("who can open the device", max_length=10, choices=WhoOpens.choices)
    asked_of = models.CharField("who was asked", max_length=200)
    asked_on = models.DateField("when they were asked")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-recorded_at", "-pk")
        verbose_name_plural = "devices asked"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("participant",), condition=Q(superseded_at__isnull=True), name="one_device_asked_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(asked_of__regex=r"\S"),
                name="device_asked_of_somebody",
                violation_error_message="Say who was asked.",
            ),
        ]

    def __str__(self) -> str:
        return f"device asked {self.pk}"


@tracked
class Understanding(models.Model):
    """That a child is written to otherwise than their age proposes, and why. The newest counts.

    ``band`` is empty where the age counts again.
    """

    child = models.ForeignKey(ConferenceChild, on_delete=models.PROTECT, related_name="understandings")
    band = models.CharField("how the child is written to", max_length=15, choices=Band.choices, blank=True)
    because = models.TextField("why")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-set_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("child",), condition=Q(superseded_at__isnull=True), name="one_understanding_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(because__regex=r"\S"), name="understanding_says_why", violation_error_message="Say why."
            ),
        ]

    def __str__(self) -> str:
        return f"understanding {self.pk}"
