from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.signin.directories import directory_called
from accounts.signin.selectors import directory_of


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """Ask to wait until the rate limit allows another attempt (see ``accounts.throttling``)."""
    return render(request, "429.html", status=429)


def by_directory_only(request: HttpRequest, user: User) -> HttpResponse | None:
    """Redirect users managed by a council directory away from password sign-in; None for anyone else."""
    slug = directory_of(user)
    if not slug:
        return None
    return render(request, "accounts/by_directory_only.html", {"directory": directory_called(slug)}, status=403)
