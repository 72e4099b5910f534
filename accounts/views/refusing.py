from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """The answer of a door that is closed for a while (see ``accounts.throttling``)."""
    return render(request, "429.html", status=429)
