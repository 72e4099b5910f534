from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import SignInRequired


@require_GET
def my_account(request: HttpRequest) -> HttpResponse:
    """Who I am here: roles, council, teams, password."""
    if not request.user.is_authenticated:
        raise SignInRequired
    return render(request, "accounts/my_account.html", {"roles": request.user.current_roles})
