from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.enums import INITIAL_KINDS, ConferenceKind, Participation, WithdrawalGround
from conferences.models.conference import Conference, date_rules
from families.models import Child, Enquiry, TransferIn


class ConferenceChildQuerySet(models.QuerySet["ConferenceChild"]):
    def present(self) -> ConferenceChildQuerySet:
        """Return the children the conference is about, without those withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


@tracked
class ConferenceChild(models.Model):
    """One child in one conference: kind, enquiry, participation, and whether a plan is needed at all.

    ``added_at`` is empty for those it was requested for. A withdrawn child who is put back was away from ``away_from``
    to ``away_until``; the history keeps each withdrawal.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="children")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="conferences")
    kind = models.CharField(max_length=12, choices=ConferenceKind.choices)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="conferences", null=True, blank=True)
    transfer = models.ForeignKey(
        TransferIn, on_delete=models.PROTECT, related_name="conferences", null=True, blank=True
    )
    added_reason = models.TextField("why no enquiry of its own", blank=True)
    participation = models.CharField(max_length=3, choices=Participation.choices, blank=True)
    reached_by = models.TextField("what was done to reach the child", blank=True, default="", db_default="")
    no_plan_needed_reason = models.TextField(blank=True)
    scores_shown_at = models.DateTimeField(null=True, blank=True)
    scores_shown_reason = models.TextField("why the chair showed scores before all were in", blank=True)
    spread_explored = models.TextField("what lay behind scores far apart", blank=True)
    added_at = models.DateTimeField("added after it was requested", null=True, blank=True)
    joined_because = models.TextField("why the child was added or put back", blank=True, db_default="")
    kind_because = models.TextField("why the kind was corrected", blank=True, db_default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)
    withdrawn_ground = models.CharField(
        "ground", max_length=16, choices=WithdrawalGround.choices, blank=True, db_default=""
    )
    withdrawal_decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="who decided"
    )
    withdrawn_told = models.TextField("what those taken off are told", blank=True, db_default="")
    away_from = models.DateTimeField("earlier withdrawn on", null=True, blank=True)
    away_until = models.DateTimeField("put back on", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    objects: ClassVar = ConferenceChildQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted, date_rules]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference", "child"),
                name="child_once_per_conference",
                violation_error_message="This child is already in the conference.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH])
                | Q(enquiry__isnull=False)
                | Q(added_reason__regex=r"\S"),
                name="initial_needs_enquiry_or_reason",
                violation_error_message=(
                    "An initial conference needs the child's strategy discussion, "
                    "or the reason why the child is added without one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_because=""),
                name="child_withdrawn_with_reason",
                violation_error_message="Say why the child is withdrawn from the conference.",
            ),
        ]

    def __str__(self) -> str:
        return f"child {self.child_id} in conference {self.conference_id}"

    @property
    def is_initial(self) -> bool:
        return self.kind in INITIAL_KINDS

    def was_in(self, at: datetime.datetime) -> bool:
        """Return whether the conference was about the child at that moment, as what was written then takes it.

        What was written before a child was added, or while a child was withdrawn, isn't about that child, even where
        it names none. Of several absences the whole time from the first to the last counts.
        """
        if self.added_at is not None and at < self.added_at:
            return False
        if self.withdrawn_at is not None and at >= self.withdrawn_at:
            return False
        return not (self.away_from and self.away_until and self.away_from <= at < self.away_until)
