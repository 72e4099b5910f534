"""Addresses whose pages fail in ways that a page of ours should not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

handler500 = "cpconf.views.server_error"


def fail(request: HttpRequest) -> HttpResponse:
    """Fails with what was typed in its words."""
    raise ValueError(f"could not read {request.POST['name']}")


urlpatterns = [path("fails/", fail)]
