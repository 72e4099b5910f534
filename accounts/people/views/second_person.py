"""What one administrator asked for and a second person confirms or refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import open_row, require_roles, user_of
from accounts.enums import CONFIRMING_ROLES, ProposalState, Role
from accounts.models import AccountProposal, Authority, RoleProposal, User
from accounts.people import services
from accounts.people.selectors.staff import changes_of, proposals_of
from accounts.readers import Reader
from accounts.rules import Rule
from accounts.signin import second_factor

Proposal = TypeVar("Proposal", RoleProposal, AccountProposal)


def _confirms(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(*CONFIRMING_ROLES)
    return None if authorities is None else Q(authority__one_of=authorities)


PROPOSAL_RULE = Rule(rights=(("administers the council or manages its service", _confirms),))


@dataclass(frozen=True)
class Waiting:
    """A proposal, and whether the reader may confirm it."""

    row: Any
    may_confirm: bool


def settleable(user: User, proposals: Iterable[RoleProposal | AccountProposal]) -> list[Waiting]:
    """Return proposals of one council, each with whether ``user`` may confirm it. A fixed number of queries."""
    rows = list(proposals)
    if not rows:
        return []
    confirmers = services.confirmers_of(rows[0].authority, on=timezone.localdate())
    return [Waiting(row, user.pk in confirmers.apart_from(row.proposed_by_id, row.user_id)) for row in rows]


def waiting_for(user: User, council: Authority) -> dict[str, list[Waiting]]:
    """Return every role and change of an account that waits in the council."""
    return {"roles": settleable(user, proposals_of(council)), "changes": settleable(user, changes_of(council))}


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits for a second person in the council."""
    user = require_roles(request, *CONFIRMING_ROLES)
    council = Authority.objects.get(pk=user.authority_ids(*CONFIRMING_ROLES)[0])
    context = {"waiting": waiting_for(user, council), "council": council, "administers": user.holds(Role.ADMINISTRATOR)}
    return render(request, "accounts/waiting.html", context)


@require_POST
def settle_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or refuse a role proposed by an administrator."""
    return _settle(
        request,
        pk,
        RoleProposal.objects.filter(state=ProposalState.PROPOSED),
        services.settle_proposal,
        confirmed="The role has been given.",
        refused="The role is refused.",
    )


@require_POST
def settle_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or refuse a change of an account."""
    return _settle(
        request,
        pk,
        AccountProposal.objects.filter(state=ProposalState.PROPOSED),
        services.settle_account_change,
        confirmed="The change is made.",
        refused="The change is refused.",
    )


def _settle(
    request: HttpRequest,
    pk: int,
    rows: QuerySet[Proposal],
    settle: Callable[..., Proposal],
    *,
    confirmed: str,
    refused: str,
) -> HttpResponse:
    require_roles(request, *CONFIRMING_ROLES)
    page = request.resolver_match.view_name if request.resolver_match else ""
    proposal = open_row(
        request, rows.select_related("user", "authority", "proposed_by"), PROPOSAL_RULE, page=page, pk=pk
    )
    by, confirm = user_of(request), "confirm" in request.POST
    if confirm and not settleable(by, [proposal])[0].may_confirm:
        raise Http404
    if confirm and not second_factor.confirmed(request, now=timezone.now()):
        return second_factor.ask_again(request)
    try:
        settle(proposal=proposal, confirm=confirm, by=by, now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, confirmed if confirm else refused)
    return redirect("users:waiting")
