"""Roles awaiting a second administrator, and accounts closed when their owner left."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.enums import ProposalState, Role
from accounts.history import never_deleted, tracked
from accounts.models.people import Authority, Team, User


@tracked
class RoleProposal(models.Model):
    """A role that takes effect only when a second administrator confirms it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposed_roles")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    starts_on = models.DateField()
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-proposed_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=ProposalState.PROPOSED, settled_by__isnull=True, settled_at__isnull=True)
                | ~Q(state=ProposalState.PROPOSED) & Q(settled_by__isnull=False, settled_at__isnull=False),
                name="role_proposal_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.CONFIRMED)
                | ~Q(settled_by=F("proposed_by")) & ~Q(settled_by=F("user")),
                name="role_proposal_needs_a_second_administrator",
                violation_error_message="Another administrator has to confirm this.",
            ),
        ]

    def __str__(self) -> str:
        return f"role proposal {self.pk}"


@tracked
class Leaving(models.Model):
    """When and why an account was closed and, if applicable, reopened."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="leavings")
    why = models.CharField(max_length=200)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    closed_at = models.DateTimeField()
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-closed_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("user",), condition=Q(reopened_at__isnull=True), name="account_closed_once")
        ]

    def __str__(self) -> str:
        return f"leaving {self.pk}"
