from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import user_of
from accounts.signin import second_factor, sessions
from accounts.signin.directories import directory_called
from accounts.signin.selectors import directory_of
from govuk.words import count


@require_GET
def my_account(request: HttpRequest) -> HttpResponse:
    """Show the user's own account: roles, council, teams, password, second step, sessions."""
    user = user_of(request)
    places = sessions.live_sessions(user, now=timezone.now()).count()
    context = {
        "roles": user.current_roles,
        "this_browser": "Enrolled" if settings.DEVICE_COOKIE in request.COOKIES else "Keeps nothing that is typed",
        "directory": directory_called(directory_of(user)),
        "second_step": "Set up" if second_factor.has_step(user) else "None",
        "signed_in": "Only here" if places <= 1 else f"In {count(places, 'place', 'places')}",
    }
    return render(request, "accounts/my_account.html", context)
