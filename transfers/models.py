"""Children with a plan who move from one council to another, and the papers that go with them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.history import never_deleted, tracked
from accounts.models import Authority, User
from families.models import Agency, Child, Family, Residence, TransferIn
from plans.models import Plan
from reports.enums import TO_A_COUNCIL
from reports.models import StoredFile
from transfers.enums import STANDING, Agreed, Arrival, HandedOver, LetterKind, OutState, PaperKind, Stay, WhoVisits


@tracked
class TransferOut(models.Model):
    """That another council was told of children with our plan who moved there.

    ``agency`` is that council among the agencies that know the children: where the move is hidden, its mark there
    hides its name, workers and places from every page and paper.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="transfers_out")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name="council that was told")
    told_on = models.DateField("on what day it was told")
    moved_on = models.DateField("when the children moved", null=True, blank=True)
    who_visits = models.CharField("who sees the children until then", max_length=10, choices=WhoVisits.choices)
    visits_agreed = models.TextField("how that is agreed")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-told_on", "-pk")
        verbose_name_plural = "transfers out"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visits_agreed__regex=r"\S"),
                name="transfer_says_who_visits",
                violation_error_message="Say how visits are agreed until the other council takes over.",
            )
        ]

    def __str__(self) -> str:
        return f"transfer out {self.pk}"


@tracked
class TransferredChild(models.Model):
    """One child of a transfer, with our plan, and what the other council answered about this child."""

    transfer = models.ForeignKey(TransferOut, on_delete=models.PROTECT, related_name="children")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="transfers_out")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="transfers_out")
    residence = models.ForeignKey(
        Residence, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="where they live now"
    )
    stay = models.CharField("for how long", max_length=10, choices=Stay.choices)
    state = models.CharField(max_length=10, choices=OutState.choices, default=OutState.TOLD)
    state_reason = models.TextField("what was said", blank=True)
    conference_on = models.DateField("day of the other council’s conference", null=True, blank=True)
    responsible_from = models.DateField("day on which it took responsibility", null=True, blank=True)
    letter_kept = models.CharField("where its letter is kept", max_length=250, blank=True)
    state_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    state_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "transferred children"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("plan",),
                condition=Q(state__in=STANDING),
                name="one_transfer_of_a_plan",
                violation_error_message="The move of this child is already recorded.",
            ),
            models.CheckConstraint(
                condition=Q(state=OutState.TOLD)
                | Q(state_by__isnull=False, state_at__isnull=False, state_reason__regex=r"\S"),
                name="transfer_answered_in_words",
                violation_error_message="Say what was said, and by whom.",
            ),
            models.CheckConstraint(
                condition=~Q(state=OutState.ACCEPTED)
                | Q(conference_on__isnull=False, responsible_from__gte=F("conference_on"))
                & Q(letter_kept__regex=r"\S", stay=Stay.FOR_GOOD),
                name="transfer_accepted_in_writing",
                violation_error_message="The other council has to have held its conference and taken responsibility.",
            ),
        ]

    def __str__(self) -> str:
        return f"transferred child {self.pk}"


@tracked
class PaperHandedOver(models.Model):
    """A paper that went with the children to the other council, or that there is none. The newest of a kind counts.

    Letters and minutes are not among them: their circulation says who has a copy.
    """

    transfer = models.ForeignKey(TransferOut, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, choices=PaperKind.choices)
    what = models.CharField("which one", max_length=200, blank=True)
    outcome = models.CharField(max_length=5, choices=HandedOver.choices)
    channel = models.CharField(max_length=14, choices=TO_A_COUNCIL, blank=True)
    channel_confirmed = models.CharField("how the channel was confirmed as safe", max_length=200, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "pk")
        verbose_name_plural = "papers handed over"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(outcome=HandedOver.SENT)
                | Q(sent_on__isnull=False, channel_confirmed__regex=r"\S") & ~Q(channel=""),
                name="paper_handed_over_safely",
                violation_error_message="Say when and how it was sent, and how you made sure of the address.",
            )
        ]

    def __str__(self) -> str:
        return f"paper handed over {self.pk}"


@tracked
class PaperReceived(models.Model):
    """A paper that should come with a child who moved here: whether it came. The newest of a kind counts."""

    transfer = models.ForeignKey(TransferIn, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, choices=PaperKind.choices)
    outcome = models.CharField(max_length=7, choices=Arrival.choices)
    on = models.DateField("when it came, or was asked for")
    note = models.CharField("what came, or whom we asked", max_length=250, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "pk")
        verbose_name_plural = "papers received"
        triggers: ClassVar = [never_deleted]

    def __str__(self) -> str:
        return f"paper received {self.pk}"


@tracked
class TravelAbroad(models.Model):
    """A journey abroad of a child on a plan, agreed or not. It never ends the plan, and its clocks run on."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="travels")
    where_to = models.CharField("which country, and where there", max_length=200)
    with_whom = models.CharField("with whom", max_length=200)
    leaves_on = models.DateField("first day away")
    back_on = models.DateField("last day away")
    agreed = models.CharField("agreed with us", max_length=10, choices=Agreed.choices)
    because = models.TextField("why, and what keeps the child safe there")
    came_back_on = models.DateField("when the child was seen to be back", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("leaves_on", "pk")
        verbose_name_plural = "travels abroad"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(back_on__gte=F("leaves_on")),
                name="travel_ends_after_it_begins",
                violation_error_message="The last day can’t be before the first.",
            ),
            models.CheckConstraint(
                condition=Q(because__regex=r"\S"),
                name="travel_says_why",
                violation_error_message="Say why, and what keeps the child safe there.",
            ),
        ]

    def __str__(self) -> str:
        return f"travel {self.pk}"


@tracked
class CouncilLetter(models.Model):
    """A letter from elsewhere about one child, as it came: a file like those of reports, opened only from its own page.

    An acceptance belongs to the child's transfer, another council's written ending to the move here, the confirmation
    that a child left the country to the plan.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="council_letters")
    kind = models.CharField(max_length=10, choices=LetterKind.choices)
    moved = models.ForeignKey(TransferredChild, on_delete=models.PROTECT, related_name="letters", null=True, blank=True)
    transfer_in = models.ForeignKey(TransferIn, on_delete=models.PROTECT, related_name="letters", null=True, blank=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="letters", null=True, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="council_letters")
    from_whom = models.CharField("who wrote it", max_length=200)
    dated_on = models.DateField("the letter’s date")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_because = models.CharField("why it was taken out", max_length=250, blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=LetterKind.ACCEPTANCE, moved__isnull=False, transfer_in=None, plan=None)
                | Q(kind=LetterKind.ENDING, moved=None, transfer_in__isnull=False, plan=None)
                | Q(kind=LetterKind.LEFT_UK, moved=None, transfer_in=None, plan__isnull=False),
                name="letter_belongs_to_one_matter",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_because__regex=r"\S"),
                name="letter_taken_out_with_reason",
                violation_error_message="Say why the letter is taken out.",
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"

    @property
    def reference(self) -> str:
        """Return what stands where a typed reference would: it names the letter, and no one."""
        return f"Uploaded letter {self.pk}, dated {self.dated_on:%-d %B %Y}"
