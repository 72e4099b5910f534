"""Lists: pages of 25, and links that keep the other parameters of the URL."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict

PAGE_SIZE = 25


def paginate(request: HttpRequest, rows: Any, *, per_page: int = PAGE_SIZE) -> Page[Any]:
    """Return the page of ``rows`` requested in the URL, or the nearest one when that is invalid."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def query_with(query: QueryDict, **changes: Any) -> str:
    """Return ``query`` as a query string with ``changes``; a change to None or "" removes the parameter."""
    changed = query.copy()
    for name, value in changes.items():
        if value is None or value == "":
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}" if changed else "?"
