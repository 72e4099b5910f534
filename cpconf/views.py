"""Pages that belong to no app: health, and error pages."""

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
from psycopg.errors import DiskFull as DatabaseDiskFull

from accounts.access import require_roles
from accounts.drafts.typed import texts_typed
from accounts.enums import Role
from cpconf import health
from cpconf.context_processors import navigation
from govuk.cleaning import posted_again
from reports.uploads.storing import says_no_room

logger = structlog.get_logger(__name__)

RETRY_AFTER_SECONDS = 30
# A form with one of these is not repeated in the page that submits it again.
SECRETS = ("password", "one_time_code")


@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Report the state of the installation to monitoring: 200, or 503 if someone has to act now.

    That is the case if the database does not answer, a disk is full or deadlines were not swept for 15 minutes.
    """
    told, is_well = health.report(now=timezone.now())
    return JsonResponse(told, status=200 if is_well else 503)


@never_cache
def healthz_web(_request: HttpRequest) -> JsonResponse:
    """Report whether this web server can serve pages; a late sweep is no reason to restart or remove it."""
    answers = health.database_answers()
    return JsonResponse({"database": "ok" if answers else "down"}, status=200 if answers else 503)


@never_cache
@require_safe
def see_health(request: HttpRequest) -> HttpResponse:
    """Show whether deadlines are enforced, for those who would have to act."""
    user = require_roles(request, *health.HEALTH_ROLES)
    return render(
        request,
        "cpconf/see_health.html",
        {"health": health.health_for(user, now=timezone.now()), "opens_deadlines": user.holds(Role.SERVICE_MANAGER)},
    )


def is_outage(error: BaseException | None) -> bool:
    """Return whether an exception says that the database or the disk fails, and nothing about the request."""
    return isinstance(error, OperationalError | InterfaceError) or says_no_room(error)


def service_unavailable(request: HttpRequest, error: BaseException | None = None) -> HttpResponse:
    """Say that the database does not answer (503) or a disk is full (507), and offer to send the same form again."""
    is_full = says_no_room(error) or isinstance(error and error.__cause__, DatabaseDiskFull)
    logger.error("disk_full" if is_full else "database_unavailable", method=request.method)
    context = {
        "again": request.get_full_path(),
        "method": request.method,
        "fields": _fields(request),
        "is_full": is_full,
    }
    response = HttpResponse(loader.render_to_string("503.html", context), status=507 if is_full else 503)
    if not is_full:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django gives it
    """Answer alike for what does not exist and what this user may not see, without the late count.

    The count costs more than the rest of a refusal, and someone guessing numbers would trigger it each time. Who lost
    the right to a page while they were writing gets their words back.
    """
    user = getattr(request, "user", None)
    places = navigation(request.path, user) if user is not None and user.is_authenticated else []
    uncounted = [replace(place, count=0) for place in places]
    return render(request, "404.html", {"navigation": uncounted, "typed": texts_typed(request)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an unexpected exception; nothing here needs the database."""
    if is_outage(error := sys.exception()):
        return service_unavailable(request, error)
    return HttpResponse(loader.render_to_string("500.html"), status=500)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the input for submitting it again; empty if it cannot be repeated completely."""
    if request.method != "POST" or request.FILES:
        return []
    fields = posted_again(request.POST, without=())
    secret = any(word in name for name, _ in fields for word in SECRETS)
    return [] if secret else fields
