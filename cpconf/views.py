"""Pages that belong to no app: is it well, and what to do when it is not."""

from __future__ import annotations

import sys
from dataclasses import replace

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import require_roles
from accounts.enums import Role
from cpconf import health
from cpconf.context_processors import navigation
from govuk.forms import clean_text

logger = structlog.get_logger(__name__)

RETRY_AFTER_SECONDS = 30
# A form with one of these is not repeated in the page that sends it again.
SECRETS = ("password", "one_time_code")


@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say to whoever watches over the installation how it is: 200, or 503 where somebody has to look now.

    That is, where the database does not answer or deadlines were not swept for 15 minutes.
    """
    told, is_well = health.report(now=timezone.now())
    return JsonResponse(told, status=200 if is_well else 503)


@never_cache
def healthz_web(_request: HttpRequest) -> JsonResponse:
    """Say whether this web server can show pages; a late sweep is no reason to restart it or to take it away."""
    answers = health.database_answers()
    return JsonResponse({"database": "ok" if answers else "down"}, status=200 if answers else 503)


@never_cache
@require_safe
def see_health(request: HttpRequest) -> HttpResponse:
    """Whether deadlines are enforced, for those who would have to do something about it."""
    user = require_roles(request, *health.HEALTH_ROLES)
    return render(
        request,
        "cpconf/see_health.html",
        {
            "health": health.health_for(user, now=timezone.now()),
            "opens_deadlines": user.holds(Role.SERVICE_MANAGER),
        },
    )


def service_unavailable(request: HttpRequest) -> HttpResponse:
    """Tell that the database does not answer, and offer to send the same form again."""
    logger.error("database_unavailable", method=request.method)
    response = HttpResponse(
        loader.render_to_string(
            "503.html",
            {"again": request.get_full_path(), "method": request.method, "fields": _fields(request)},
        ),
        status=503,
    )
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django gives it
    """Answer for what does not exist or is not for this person: the same, and without counting what is late.

    The count costs more than all the rest of a refusal, and whoever guesses numbers would have it made each time.
    """
    user = getattr(request, "user", None)
    places = navigation(request.path, user) if user is not None and user.is_authenticated else []
    uncounted = [replace(place, count=0) for place in places]
    return render(request, "404.html", {"navigation": uncounted}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an exception that nobody expected; nothing here needs the database."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return service_unavailable(request)
    return HttpResponse(loader.render_to_string("500.html"), status=500)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was typed, for sending it again; nothing when it cannot be repeated whole."""
    if request.method != "POST" or request.FILES:
        return []
    fields = [(name, clean_text(str(value))) for name, values in request.POST.lists() for value in values]
    secret = any(word in name for name, _ in fields for word in SECRETS)
    return [] if secret else fields
