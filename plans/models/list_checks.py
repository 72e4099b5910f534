"""Checks of the list of children with a child protection plan: who asked, why, and what was told."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.history import append_only, tracked
from accounts.models import Authority, User
from families.models import Child, TransferIn
from plans.enums import CallerKnownBy, ListAnswerKind
from plans.models.plans import Plan


@tracked
class ListCheck(models.Model):
    """An enquiry whether a child is on the list. Never changed or removed."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="list_checks")
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="list_checks")
    at = models.DateTimeField()
    caller_name = models.CharField("who asks", max_length=120)
    caller_agency = models.CharField("for which agency", max_length=120)
    caller_phone = models.CharField("number called back", max_length=40, blank=True)
    known_by = models.CharField(max_length=12, choices=CallerKnownBy.choices)
    why = models.TextField()
    name = models.CharField("name as heard", max_length=200, blank=True)
    birth_date = models.DateField("date of birth", null=True, blank=True)
    birth_date_is_about = models.BooleanField(default=False)
    address = models.CharField(max_length=250, blank=True)
    form_key = models.UUIDField(unique=True, editable=False, help_text="makes a form sent twice harmless")

    class Meta:
        ordering = ("-at", "-pk")
        triggers: ClassVar = [append_only]
        indexes: ClassVar = [models.Index(fields=("authority", "-at"), name="checks_of_authority")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") | Q(birth_date__isnull=False) | ~Q(address=""),
                name="list_check_asks_something",
                violation_error_message="Enter a name, a date of birth or an address.",
            ),
            models.CheckConstraint(
                condition=Q(why__regex=r"\S"), name="list_check_says_why", violation_error_message="Say why they ask."
            ),
            models.CheckConstraint(
                condition=~Q(known_by=CallerKnownBy.CALLED_BACK) | ~Q(caller_phone=""),
                name="list_check_called_back_on_a_number",
                violation_error_message="Enter the number you called back.",
            ),
        ]

    def __str__(self) -> str:
        return f"list check {self.pk}"


@tracked
class ListAnswer(models.Model):
    """What a check told, in the words shown; the newest counts. Never changed or removed.

    ``told`` is what the page showed. ``child`` is set where one child was found, ``candidate_ids`` where
    several children have to be told apart.
    """

    check_of_list = models.ForeignKey(ListCheck, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=12, choices=ListAnswerKind.choices)
    at = models.DateTimeField()
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    transfer = models.ForeignKey(TransferIn, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    candidate_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    told = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind__in=[ListAnswerKind.ON_LIST, ListAnswerKind.RESTRICTED]) | Q(child__isnull=False),
                name="list_answer_names_the_child",
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
