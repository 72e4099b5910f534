"""Lists: pages of 25, and links that keep the other choices of the address."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict

PAGE_SIZE = 25


def paginate(request: HttpRequest, rows: Any, *, per_page: int = PAGE_SIZE) -> Page[Any]:
    """The page of ``rows`` that the address asks for; the nearest one when it asks for nonsense."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def query_with(query: QueryDict, **changes: Any) -> str:
    """``query`` as an address with ``changes``; a change to None or "" takes the name out."""
    changed = query.copy()
    for name, value in changes.items():
        if value is None or value == "":
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}" if changed else "?"
