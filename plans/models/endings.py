"""What a manager establishes before ending a plan without a conference, and what the agencies said."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.history import never_deleted, tracked
from accounts.models import User
from families.models import Agency
from plans.enums import EndedOutside, WhatAgencySaid
from plans.models.plans import Plan


@tracked
class AgencyAsked(models.Model):
    """An agency asked what it thinks of ending a child's plan without a conference: whom, when, what was said."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="agencies_asked")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    whom = models.CharField("who was asked", max_length=200)
    asked_on = models.DateField("on what day")
    answer = models.CharField(max_length=12, choices=WhatAgencySaid.choices)
    said = models.TextField("what they said")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("asked_on", "pk")
        verbose_name_plural = "agencies asked"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(whom__regex=r"\S") & Q(said__regex=r"\S"),
                name="agency_asked_says_what",
                violation_error_message="Say who was asked, and what they said.",
            )
        ]

    def __str__(self) -> str:
        return f"agency asked {self.pk}"


@tracked
class PlanEnding(models.Model):
    """Why a plan ended without a conference, and what the manager who ended it had established.

    Left the country for good: ``where_to``, who confirmed it and when, who was told there and when. Moved for good:
    the council (``where_to``), the day of its conference, the day on which it took responsibility in writing, and
    where its letter is kept. Turned 18: what adult services and the young person said.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="endings")
    ground = models.CharField(max_length=10, choices=EndedOutside.choices)
    where_to = models.CharField("where to", max_length=200, blank=True)
    happened_on = models.DateField("since when", null=True, blank=True)
    confirmed_by = models.CharField("who confirmed it", max_length=250, blank=True)
    confirmed_on = models.DateField("when it was confirmed", null=True, blank=True)
    told_whom = models.CharField("who was told there", max_length=250, blank=True)
    told_on = models.DateField("when they were told", null=True, blank=True)
    conference_on = models.DateField("day of the other council’s conference", null=True, blank=True)
    responsible_from = models.DateField("day on which it took responsibility", null=True, blank=True)
    letter_kept = models.CharField("where its letter is kept", max_length=250, blank=True)
    adult_services = models.TextField("what adult services said", blank=True)
    contact_wishes = models.TextField("what the young person says about contact", blank=True)
    placement_order = models.CharField("which placement order", max_length=250, blank=True, default="", db_default="")
    placement_on = models.DateField("day of the placement order", null=True, blank=True)
    joint_review_on = models.DateField("day of the joint review", null=True, blank=True)
    joint_review_said = models.TextField("what the joint review said", blank=True, default="", db_default="")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_because = models.TextField("why it was an error", blank=True, default="", db_default="")

    class Meta:
        ordering = ("decided_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(ground=EndedOutside.LEFT_UK)
                | Q(happened_on__isnull=False, confirmed_on__isnull=False, told_on__isnull=False)
                & Q(where_to__regex=r"\S", confirmed_by__regex=r"\S", told_whom__regex=r"\S"),
                name="left_uk_is_confirmed",
                violation_error_message="Say who confirmed it, and who was told there.",
            ),
            models.CheckConstraint(
                condition=~Q(ground=EndedOutside.MOVED)
                | Q(conference_on__isnull=False, responsible_from__gte=F("conference_on"))
                & Q(where_to__regex=r"\S", letter_kept__regex=r"\S"),
                name="moved_is_accepted",
                violation_error_message="The other council has to have held its conference and taken responsibility.",
            ),
            models.CheckConstraint(
                condition=~Q(ground=EndedOutside.EIGHTEEN)
                | Q(adult_services__regex=r"\S", contact_wishes__regex=r"\S"),
                name="eighteen_is_asked_about",
                violation_error_message="Say what adult services and the young person said.",
            ),
            models.CheckConstraint(
                condition=~Q(ground=EndedOutside.LOOKED_AFTER)
                | Q(placement_on__isnull=False, joint_review_on__gte=F("placement_on"))
                & Q(placement_order__regex=r"\S", joint_review_said__regex=r"\S"),
                name="looked_after_is_reviewed_jointly",
                violation_error_message="Say which placement order was made, and what the joint review said.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_because__regex=r"\S"),
                name="ending_withdrawn_with_reason",
                violation_error_message="Say why the ending was recorded in error.",
            ),
        ]

    def __str__(self) -> str:
        return f"ending {self.pk}"

    @property
    def ended_on(self) -> datetime.date:
        """Return the plan's last day by this ending."""
        return self.responsible_from or timezone.localdate(self.decided_at)
