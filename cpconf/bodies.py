"""Limits on the methods and sizes of requests, checked before a byte of the body is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template import loader
from django.urls import Resolver404, resolve

from reports.uploads.file_types import MAX_BYTES, MEGABYTE

# Pages are read and forms are submitted; a view would treat any other method as a read.
METHODS = ("GET", "HEAD", "POST")
# The pages that accept a file, with room for the rest of their form.
PAGES_WITH_FILES = frozenset({"reports:attach-file"})
MOST_WITH_A_FILE = MAX_BYTES + MEGABYTE


class BodyLimitMiddleware:
    """Answers 413 with an explanation to oversized bodies, and 405 to methods no page knows.

    Must come before everything that reads a form, because reading one writes its file to disk. A body without a
    declared length is never read at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and _length(request) > _most(request):
            return HttpResponse(loader.render_to_string("413.html"), status=413)
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isascii() and stated.isdigit() else 0


def _most(request: HttpRequest) -> int:
    try:
        takes_files = resolve(request.path_info).view_name in PAGES_WITH_FILES
    except Resolver404:
        takes_files = False
    return MOST_WITH_A_FILE if takes_files else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
