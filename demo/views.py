"""The page that shows every component with made-up rows."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from demo.gallery import gallery_context


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component on one page, for people who build pages."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "demo/gallery.html", gallery_context(request))
