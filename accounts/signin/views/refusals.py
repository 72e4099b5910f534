from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.directory.services import directory_of
from accounts.models import User
from accounts.signin.directories import directories, directory_called


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """The answer of a door that is closed for a while (see ``accounts.throttling``)."""
    return render(request, "429.html", status=429)


def by_directory_only(request: HttpRequest, user: User) -> HttpResponse | None:
    """The answer of every other door to somebody of a directory; None for everybody else."""
    slug = directory_of(user, slugs=[one.slug for one in directories()])
    if not slug:
        return None
    return render(
        request, "accounts/by_directory_only.html", {"directory": directory_called(slug)}, status=403
    )
