"""Guests' answers, deputies, and the guests to whom the chair shows the list of people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.history import append_only, never_deleted, tracked
from accounts.models import User
from conferences.enums import DeputyState, Need, Reply, ToldHow
from conferences.models.people import Participant
from conferences.models.recorded import EnteredByOne, entered_by_one


@tracked
class Deputy(models.Model):
    """A person named to come in a professional's place. Nothing goes to them until a coordinator confirms who it is.

    ``participant`` is the person who can't come; ``comes_as`` is the deputy's own row on the list, once
    confirmed.
    """

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="deputies")
    given_name = models.CharField("first name", max_length=100)
    family_name = models.CharField("last name", max_length=100)
    title = models.CharField("job title", max_length=120)
    email = models.EmailField("own e-mail address at work")
    state = models.CharField(max_length=10, choices=DeputyState.choices, default=DeputyState.NAMED)
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    guest_session_id = models.BigIntegerField("stay of the guest who named them", null=True, blank=True)
    how_confirmed = models.CharField("how it was made sure who this is", max_length=250, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    comes_as = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="deputy_of", null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("-named_at", "-pk")
        verbose_name_plural = "deputies"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("participant",),
                condition=Q(state=DeputyState.NAMED),
                name="one_deputy_to_confirm",
                violation_error_message="A deputy is named already. Settle that one first.",
            ),
            models.UniqueConstraint(
                fields=("participant",),
                condition=Q(state=DeputyState.CONFIRMED),
                name="one_deputy_at_a_time",
                violation_error_message="Someone comes in their place already. Take that back first.",
            ),
            models.CheckConstraint(
                condition=Q(named_by__isnull=False) | Q(guest_session_id__isnull=False), name="deputy_named_by_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state=DeputyState.CONFIRMED)
                | Q(how_confirmed__regex=r"\S", settled_by__isnull=False, comes_as__isnull=False),
                name="deputy_confirmed_says_how",
                violation_error_message="Say how you checked who this is.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DeputyState.REFUSED, DeputyState.ENDED])
                | Q(ended_because__regex=r"\S", ended_at__isnull=False),
                name="deputy_ended_says_why",
                violation_error_message="Say why.",
            ),
        ]

    def __str__(self) -> str:
        return f"deputy {self.pk}"

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@tracked
class ListShown(models.Model):
    """The chair shows one guest who else is coming, beyond what the council's procedures show by default."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="list_shown")
    shown_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-shown_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("participant",), condition=Q(ended_at__isnull=True), name="list_shown_once")
        ]

    def __str__(self) -> str:
        return f"list shown {self.pk}"


@tracked
class SaidByGuest(EnteredByOne):
    """An answer or request as sent by a guest, or written down for them by staff. Never changed; the newest counts."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="said_as_guest")
    said_at = models.DateTimeField()
    reply = models.CharField(max_length=12, choices=Reply.choices, blank=True)
    needs = ArrayField(models.CharField(max_length=20, choices=Need.choices), default=list, blank=True)
    text = models.TextField("in their own words", blank=True)
    told_how = models.CharField(
        "how they told us", max_length=10, choices=ToldHow.choices, blank=True, default="", db_default=""
    )

    class Meta:
        ordering = ("-said_at", "-pk")
        verbose_name_plural = "said by guests"
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            entered_by_one("said_by_guest"),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True) | ~Q(told_how=""),
                name="said_written_down_says_how",
                violation_error_message="Choose how they told us.",
            ),
        ]

    def __str__(self) -> str:
        return f"said by guest {self.pk}"

    @property
    def is_for_chair(self) -> bool:
        """Return whether it asks to be apart from someone: what is written with that is for who decides it."""
        return Need.APART in self.needs

    @property
    def is_only_for_chair(self) -> bool:
        """Return whether it asks for nothing else."""
        return set(self.needs) == {Need.APART}

    @property
    def needs_words(self) -> list[str]:
        return [Need(need).label for need in self.needs]
