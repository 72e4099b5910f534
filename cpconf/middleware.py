"""Middleware for every request: the client address, the log line, and the page for a database that is down."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django_structlog.middlewares import RequestMiddleware

from cpconf.views import is_outage, service_unavailable

# Polled every few seconds by the container runtime and by monitoring.
HEALTH_PATHS = frozenset({"/healthz", "/healthz/web"})

# The URLs of a calendar feed, a guest's link and a password reset are secrets: anyone who can read one in a log can
# use it.
SECRET_IN_PATH = re.compile(r"(/feeds/|/guest/open/|/account/password/new/).+")


class ClientAddressMiddleware:
    """Replaces the proxy's address with the visitor's, for the read log and sign-in limits.

    Only the last ``TRUSTED_PROXIES`` entries of the header were written by our own proxies; a visitor can write
    anything before them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        passed = request.headers.get("X-Forwarded-For", "").split(",")
        if settings.TRUSTED_PROXIES and len(passed) >= settings.TRUSTED_PROXIES:
            request.META["REMOTE_ADDR"] = passed[-settings.TRUSTED_PROXIES].strip()
        return self.get_response(request)


class RequestLogMiddleware(RequestMiddleware):
    """Logs each request with ids only: a search in the URL may contain a name."""

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if request.path in HEALTH_PATHS else super().__call__(request)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        path = SECRET_IN_PATH.sub(r"\1[secret]", request.path)
        return f"{request.method} {path}"

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        # Without a database no user can be looked up, and the log line matters most then.
        with contextlib.suppress(OperationalError, InterfaceError):
            RequestMiddleware.bind_user_id(request)


class DatabaseDownMiddleware:
    """Answers 503 with what to do while the database does not answer.

    The connection is tried before anything else, so that nothing is half done. This costs nothing extra: Django
    would make the same check at the first query. If the database goes away during a request, or a disk is full, the
    same page answers, while developing too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path in HEALTH_PATHS:
            return self.get_response(request)
        try:
            connection.close_if_health_check_failed()
            connection.ensure_connection()
        except (OperationalError, InterfaceError):
            return service_unavailable(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer for an outage that a view met."""
        return service_unavailable(request, exception) if is_outage(exception) else None


class SentByScriptMiddleware:
    """Tells the script that sent a form where the answer leads, which a browser hides from scripts.

    Following it there would draw the page twice, and show its messages to nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.headers.get("X-Sent-By") != "script" or response.status_code not in {302, 303}:
            return response
        to = response["Location"]
        # Whoever has signed out everywhere is led to the same page, which then leads nowhere.
        signed_out = to.startswith(f"{reverse(settings.LOGIN_URL)}?")
        told = JsonResponse({"to": to, "signed_out": signed_out})
        told.cookies = response.cookies
        return told
