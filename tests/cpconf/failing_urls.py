"""URLs whose views fail in ways that our own must not."""

from __future__ import annotations

import psycopg.errors
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

handler500 = "cpconf.views.server_error"


def fail(request: HttpRequest) -> HttpResponse:
    """Raise an exception whose message contains the input."""
    raise ValueError(f"could not read {request.POST['name']}")


def find_no_room(request: HttpRequest) -> HttpResponse:
    """Fail as a view does whose row the database has no room for."""
    raise OperationalError from psycopg.errors.DiskFull()


urlpatterns = [path("fails/", fail), path("full/", find_no_room), path("", include("cpconf.urls"))]
