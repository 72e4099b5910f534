"""What higher apps show on a user's first page, above the deadlines. They connect in their ``hooks.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from govuk.hook import Hook

# Returns a template and its context, or None; in a fixed number of queries.
first_page: Hook[Callable[[HttpRequest], tuple[str, Mapping[str, Any]] | None]] = Hook()


def panels_for(request: HttpRequest) -> list[SafeString]:
    """Return the rendered panels of the user's first page."""
    found = filter(None, (panel(request) for panel in first_page))
    return [mark_safe(render_to_string(template, dict(context), request)) for template, context in found]
