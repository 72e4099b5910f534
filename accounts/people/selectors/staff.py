"""A council's users as its administrators see them: accounts and roles, nothing of any case."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.enums import ProposalState
from accounts.models import AccountProposal, Authority, RoleAssignment, RoleProposal, Team, User
from govuk.search_terms import words_in


def users_of(
    authority: Authority, *, on: datetime.date, q: str = "", role: str = "", team: Team | None = None, state: str = ""
) -> QuerySet[User]:
    """Return everyone who has or had a role in the council, or for whom one was asked for, by name.

    Each has ``roles_here``.

    ``state`` is "" for those with a role today, "without" for open accounts without one, "closed" or "all".
    """
    here = RoleAssignment.objects.filter(authority=authority)
    now_here = here.current(on=on)
    asked_for = RoleProposal.objects.filter(authority=authority)
    users = User.objects.filter(Q(pk__in=here.values("user")) | Q(pk__in=asked_for.values("user")))
    held = now_here.filter(user=OuterRef("pk"))
    if role:
        held = held.filter(role=role)
    if team is not None:
        held = held.filter(team=team)
    if state == "closed":
        users = users.filter(is_active=False)
    elif state == "without":
        users = users.filter(~Exists(held), is_active=True)
    elif state != "all" or role or team is not None:
        users = users.filter(Exists(held))
        if state != "all":
            users = users.filter(is_active=True)
    for word in words_in(q):
        users = users.filter(Q(name__icontains=word) | Q(email__icontains=word))
    shown = now_here.select_related("team").order_by("pk")
    return users.prefetch_related(Prefetch("roles", queryset=shown, to_attr="roles_here")).order_by("name", "pk")


def roles_of(user: User, authority: Authority) -> Sequence[RoleAssignment]:
    """Return every past, present and future role of the user in the council, newest first."""
    return list(user.roles.filter(authority=authority).select_related("team").order_by("-starts_on", "-pk"))


def proposals_of(authority: Authority) -> QuerySet[RoleProposal]:
    """Return roles awaiting a second administrator, oldest first."""
    waiting = RoleProposal.objects.filter(authority=authority, state=ProposalState.PROPOSED)
    return waiting.select_related("user", "team", "authority", "proposed_by").order_by("proposed_at", "pk")


def changes_of(authority: Authority) -> QuerySet[AccountProposal]:
    """Return changes of accounts awaiting a second person, oldest first."""
    waiting = AccountProposal.objects.filter(authority=authority, state=ProposalState.PROPOSED)
    return waiting.select_related("user", "authority", "proposed_by").order_by("proposed_at", "pk")


def works_elsewhere(user: User, authority: Authority, *, on: datetime.date) -> bool:
    """Return whether the user holds, or will hold, a role in another council on ``on``."""
    return user.roles.exclude(ends_on__lte=on).exclude(authority=authority).exists()
