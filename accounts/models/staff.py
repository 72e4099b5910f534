"""What awaits a second administrator, and accounts closed when their owner left."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.enums import AccountChange, ProposalState, Role
from accounts.history import never_deleted, tracked
from accounts.models.people import Authority, Team, User

# What nobody has settled in a week is proposed again: until then its person's links for a new password are closed.
WAITS_FOR = datetime.timedelta(days=7)


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


class AccountProposalQuerySet(models.QuerySet["AccountProposal"]):
    def waiting(self, *, now: datetime.datetime) -> AccountProposalQuerySet:
        return self.filter(state=ProposalState.PROPOSED, proposed_at__gt=now - WAITS_FOR)


@tracked
class AccountProposal(models.Model):
    """A change to the account of someone who holds a role, or held one; a second person has to confirm it.

    ``email`` is the new address where the address is to change. ``was`` is the one at which its owner was told.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposed_changes")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AccountChange.choices)
    email = models.EmailField(blank=True)
    was = models.EmailField()
    why = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = AccountProposalQuerySet.as_manager()

    class Meta:
        ordering = ("-proposed_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(state=ProposalState.PROPOSED),
                name="one_change_of_an_account_waits",
                violation_error_message="Another change of this account waits already. Settle that one first.",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.PROPOSED, settled_by__isnull=True, settled_at__isnull=True)
                | ~Q(state=ProposalState.PROPOSED) & Q(settled_by__isnull=False, settled_at__isnull=False),
                name="account_proposal_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.CONFIRMED)
                | ~Q(settled_by=F("proposed_by")) & ~Q(settled_by=F("user")),
                name="account_proposal_needs_a_second_person",
                violation_error_message="Somebody else has to confirm this.",
            ),
            models.CheckConstraint(
                condition=Q(kind=AccountChange.ADDRESS) & ~Q(email="") | ~Q(kind=AccountChange.ADDRESS) & Q(email=""),
                name="account_proposal_names_a_new_address",
                violation_error_message="Enter the new e-mail address.",
            ),
        ]

    def __str__(self) -> str:
        return f"account proposal {self.pk}"


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


@tracked
class SecondPerson(models.Model):
    """Someone whom a service manager named, beforehand, to be the second person where no other manager is left.

    ``ends_on`` is the first day they no longer are. One who is ended early ends that day, and the row says by whom.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="second_people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="named_second")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("first day without", null=True, blank=True)
    why = models.CharField(max_length=200)
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-starts_on", "-pk")
        verbose_name_plural = "second people"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("authority", "user"),
                condition=Q(ended_at__isnull=True),
                name="second_person_named_once",
                violation_error_message="This person is named already. End that first.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(ends_on__gt=F("starts_on"))
                | Q(ends_on__gte=F("starts_on"), ended_at__isnull=False),
                name="second_person_ends_after_they_start",
                violation_error_message="The last day can't be before the first.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False, ends_on__isnull=False),
                name="second_person_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("named_by")),
                name="second_person_is_another",
                violation_error_message="Name somebody other than yourself.",
            ),
        ]

    def __str__(self) -> str:
        return f"second person {self.pk}"
