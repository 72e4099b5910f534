"""Lists: pages of 25, and links that keep the other parameters of the URL."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict

PAGE_SIZE = 25
# How far a long list is counted past the page that is shown, and the last page that can be asked for.
PAGES_AHEAD, LAST_PAGE = 10, 2000


class PaginatorAhead(Paginator):
    """Pages of a list counted only a limited number of rows ahead: counting thousands is slower than showing 25."""

    def __init__(self, rows: Any, per_page: int, *, ahead: int) -> None:
        super().__init__(rows, per_page)
        self.ahead = ahead

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: self.ahead + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.ahead)

    @property
    def has_more(self) -> bool:
        """Whether there are more than were counted."""
        return self._counted > self.ahead


def paginate(request: HttpRequest, rows: Any, *, per_page: int = PAGE_SIZE, counts_all: bool = True) -> Page[Any]:
    """Return the page of ``rows`` that the address asks for; the nearest one when it asks for nonsense.

    Without ``counts_all`` a queryset is counted ten pages ahead: "more than 250".
    """
    asked = request.GET.get("page") or "1"
    if counts_all:
        return Paginator(rows, per_page).get_page(asked)
    number = min(int(asked), LAST_PAGE) if asked.isdecimal() else 1
    return PaginatorAhead(rows, per_page, ahead=(number + PAGES_AHEAD) * per_page).get_page(asked)


def query_with(query: QueryDict, **changes: Any) -> str:
    """Return ``query`` as a query string with ``changes``; a change to None or "" removes the parameter."""
    changed = query.copy()
    for name, value in changes.items():
        if value is None or value == "":
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}" if changed else "?"
