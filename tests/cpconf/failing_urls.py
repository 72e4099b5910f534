"""URLs whose views fail in ways that our own must not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

handler500 = "cpconf.views.server_error"


def fail(request: HttpRequest) -> HttpResponse:
    """Raise an exception whose message contains the input."""
    raise ValueError(f"could not read {request.POST['name']}")


urlpatterns = [path("fails/", fail)]
