"""Site-wide pages: the council's colours, and the public information pages."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from govuk.colours import parts, theme_sheet


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def theme(_request: HttpRequest, digits: str) -> HttpResponse:
    """Return a council's colours as a style sheet, because pages may hold no styles of their own."""
    try:
        parts(f"#{digits}")
    except ValueError:
        raise Http404 from None
    return HttpResponse(theme_sheet(f"#{digits}"), content_type="text/css; charset=utf-8")


@require_safe
def read_help(request: HttpRequest) -> HttpResponse:
    """Explain what this is, where to find things and who to ask."""
    return render(request, "govuk/read_help.html")


@require_safe
def read_accessibility(request: HttpRequest) -> HttpResponse:
    """Say what should work for everyone, and what is not known yet."""
    return render(request, "govuk/read_accessibility.html")


@require_safe
def read_privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept about people, and who sees it."""
    return render(request, "govuk/read_privacy.html")


@require_safe
def read_what_is_logged(request: HttpRequest) -> HttpResponse:
    """Say what is recorded about users."""
    return render(request, "govuk/read_what_is_logged.html")
