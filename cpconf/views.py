"""Pages that belong to no app: is it well, and what to do when it is not."""

from __future__ import annotations

import datetime
import sys
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils import timezone
from django.views.decorators.cache import never_cache

from deadlines.models import SweepRun

logger = structlog.get_logger(__name__)

RETRY_AFTER_SECONDS = 30
REDIS_TIMEOUT_SECONDS = 1
# Three times the distance between two sweeps.
SWEEP_LATE_AFTER = datetime.timedelta(minutes=15)
# A form with one of these is not repeated in the page that sends it again.
SECRETS = ("password", "one_time_code")


@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say whether the database and Redis answer, and how many seconds ago deadlines were last looked through.

    Only the database decides over the status, 200 or 503: without Redis or the sweep pages work, and notices go
    out later.
    """
    database = _database_answers()
    report: dict[str, Any] = {
        "database": "ok" if database else "down",
        "redis": "ok" if _redis_answers() else "down",
    }
    if database:
        age = _sweep_age(now=timezone.now())
        report["sweep_seconds_ago"] = round(age.total_seconds()) if age is not None else None
        report["sweep"] = "never" if age is None else "late" if age > SWEEP_LATE_AFTER else "ok"
    return JsonResponse(report, status=200 if database else 503)


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


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an exception that nobody expected; nothing here needs the database."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return service_unavailable(request)
    return HttpResponse(loader.render_to_string("500.html"), status=500)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was typed, for sending it again; nothing when it cannot be repeated whole."""
    if request.method != "POST" or request.FILES:
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    secret = any(word in name for name, _ in fields for word in SECRETS)
    return [] if secret else fields


def _database_answers() -> bool:
    try:
        connection.close_if_health_check_failed()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _sweep_age(*, now: datetime.datetime) -> datetime.timedelta | None:
    try:
        newest = SweepRun.objects.filter(ended_at__isnull=False).values_list("ended_at", flat=True).first()
    except Error:
        return None
    return now - newest if newest is not None else None


def _redis_answers() -> bool:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
