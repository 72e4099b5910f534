"""Changes of an account by which someone else could come in: each asks a fresh second factor and a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import AccountProposal, Authority, User
from accounts.people import services
from accounts.people.forms.staff import ChangeAddressForm, ReopenAccountForm, TakeAwayStepsForm
from accounts.people.views.staff import open_user, page_about
from accounts.signin import second_factor
from govuk.forms import GovukForm

Change = Callable[..., AccountProposal | None]

WAITS = "Someone else has to confirm this. They and the service managers have been told. Until then nothing changes."
LEAD_WHERE_IT_WAITS = (
    " If they hold a role, or held one, someone else has to confirm it first: another administrator or, where there "
    "is none, a service manager. Until then they can’t choose a new password."
)


def change_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account's e-mail address."""
    return _change(
        request,
        pk,
        ChangeAddressForm,
        services.change_address,
        done="The address is changed.",
        title="Change the e-mail address",
        lead="The password stops working and every session ends. The user chooses a new password with "
        "“Forgotten password”. The old address is told.",
    )


def take_away_steps(request: HttpRequest, pk: int) -> HttpResponse:
    """Reset the second factor of a user who lost every step."""
    return _change(
        request,
        pk,
        TakeAwayStepsForm,
        services.take_away_second_steps,
        done="The second steps are removed. The user has to choose a new password first.",
        title="Remove the second steps",
        lead="The app, passkeys, recovery codes and password stop working. The user chooses a new "
        "password with “Forgotten password”, then sets up a new second step. Service managers "
        "are told.",
    )


def reopen_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen a closed account, without roles."""
    return _change(
        request,
        pk,
        ReopenAccountForm,
        services.reopen_account,
        done="The account is open again. Give it the roles it needs.",
        title="Reopen the account",
        lead="It has no roles: give each one again. The user chooses a new password with “Forgotten password”.",
    )


def _change(
    request: HttpRequest, pk: int, form: type[GovukForm], act: Change, *, done: str, title: str, lead: str
) -> HttpResponse:
    council, row = open_user(request, pk, to="change")
    if row == request.user:
        raise Http404
    if not second_factor.confirmed(request, now=timezone.now()):
        return second_factor.ask_again(request)
    return page_about(
        request,
        row,
        kept_form(request, form),
        lambda data: _acted(act, row, council, user_of(request), data),
        lambda proposal: WAITS if proposal else done,
        title=title,
        lead=lead + LEAD_WHERE_IT_WAITS,
    )


def _acted(act: Change, user: User, council: Authority, by: User, data: dict[str, Any]) -> AccountProposal | None:
    return act(user=user, authority=council, by=by, now=timezone.now(), **data)
