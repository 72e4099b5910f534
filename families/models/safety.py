"""Dangers to staff who work with a family."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from families.enums import SafetyAlertKind
from families.models.dated import Dated
from families.models.persons import Address, Person


@tracked
class SafetyAlert(Dated):
    """A danger to staff from a person or at an address.

    ``words`` are told to anyone who checks the list: they say what to beware of, never where or about whom.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="safety_alerts", null=True, blank=True)
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="safety_alerts", null=True, blank=True)
    kind = models.CharField(max_length=12, choices=SafetyAlertKind.choices)
    words = models.CharField("what to beware of", max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_because = models.TextField(blank=True)

    class Meta(Dated.Meta):
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(person__isnull=False, address__isnull=True) | Q(person__isnull=True, address__isnull=False),
                name="alert_about_one",
                violation_error_message="Choose a person or an address.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=SafetyAlertKind.OTHER) | ~Q(words=""),
                name="other_alert_says_what",
                violation_error_message="Say what to be careful about.",
            ),
        ]

    def __str__(self) -> str:
        return f"safety alert {self.pk}"
