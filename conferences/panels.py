"""What higher apps show on a conference's overview: panels, and things waiting for someone.

They connect in their ``hooks.py``. Each function gets the request and the conference, which the user may open,
and must use a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from conferences.models import Conference
from govuk.hook import Hook


@dataclass(frozen=True)
class Wait:
    """Something waiting: for whom, what, and where to settle it ("" where this user can't)."""

    who: str
    what: str
    url: str = ""


Panel = Callable[[HttpRequest, Conference], tuple[str, Mapping[str, Any]] | None]
WaitFinder = Callable[[HttpRequest, Conference], Iterable[Wait]]

# Panels of the overview; each returns a template and its context, or None.
panels: Hook[Panel] = Hook()
# What is waiting for someone.
waits: Hook[WaitFinder] = Hook()
# What the chair settles with the next dates, before anyone leaves.
waits_before_leaving: Hook[WaitFinder] = Hook()


def panels_of(request: HttpRequest, conference: Conference) -> list[SafeString]:
    """Return the rendered panels of the overview."""
    found = (panel(request, conference) for panel in panels)
    return [
        mark_safe(render_to_string(template, {"conference": conference, **context}, request))
        for template, context in filter(None, found)
    ]


def waits_of(request: HttpRequest, conference: Conference) -> list[Wait]:
    """Return everything that is waiting for someone, in order of connection."""
    return [wait for finder in waits for wait in finder(request, conference)]


def waits_before_leaving_of(request: HttpRequest, conference: Conference) -> list[Wait]:
    """Return what the chair settles with the next dates, in order of connection."""
    return [wait for finder in waits_before_leaving for wait in finder(request, conference)]
