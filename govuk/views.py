"""Pages that belong to the frame: the council's colours, and what everybody may read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from govuk.colours import parts, theme_sheet


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def theme(_request: HttpRequest, digits: str) -> HttpResponse:
    """A council's colours as a style sheet: the page may hold no style of its own."""
    try:
        parts(f"#{digits}")
    except ValueError:
        raise Http404 from None
    return HttpResponse(theme_sheet(f"#{digits}"), content_type="text/css; charset=utf-8")


@require_safe
def read_help(request: HttpRequest) -> HttpResponse:
    """What this is, where to find things, whom to ask."""
    return render(request, "govuk/read_help.html")


@require_safe
def read_accessibility(request: HttpRequest) -> HttpResponse:
    """What should work for everybody, and what is not known yet."""
    return render(request, "govuk/read_accessibility.html")


@require_safe
def read_privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, and who sees it."""
    return render(request, "govuk/read_privacy.html")


@require_safe
def read_what_is_logged(request: HttpRequest) -> HttpResponse:
    """What is written down about those who use this."""
    return render(request, "govuk/read_what_is_logged.html")
