"""What a browser may send and how much of it, asked before a byte is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template import loader
from django.urls import Resolver404, resolve

from reports.uploads.file_types import MAX_BYTES, MEGABYTE

# Pages are read and forms are sent; a view that asks for nothing else would take any other method for reading.
METHODS = ("GET", "HEAD", "POST")
# The pages that take a file, with room for the rest of their form.
PAGES_WITH_FILES = frozenset({"reports:attach-file"})
MOST_WITH_A_FILE = MAX_BYTES + MEGABYTE


class BodyLimitMiddleware:
    """Answer 413 in words to what is too large, wherever it is sent, and 405 to methods that no page knows.

    Stands before everything that reads a form: whatever reads one writes a file that comes with it to the disk.
    A body without its length in front is never read at all.
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
