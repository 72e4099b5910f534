"""What higher apps show on a conference's overview: panels, and what waits for somebody.

They register in ``AppConfig.ready``. Each function gets the request and the conference, which the user may open,
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


@dataclass(frozen=True)
class Wait:
    """Something that waits: for whom, what, and where it is settled ("" where this user can't settle it)."""

    who: str
    what: str
    url: str = ""


Panel = Callable[[HttpRequest, Conference], tuple[str, Mapping[str, Any]] | None]
WaitFinder = Callable[[HttpRequest, Conference], Iterable[Wait]]

_panels: list[tuple[int, Panel]] = []
_waits: list[WaitFinder] = []


def register(panel: Panel, *, order: int) -> None:
    """Show ``panel`` on the overview; lower numbers stand higher. It gives a template and its context, or None."""
    if panel not in [known for _, known in _panels]:
        _panels.append((order, panel))
        _panels.sort(key=lambda known: known[0])


def register_waits(finder: WaitFinder) -> None:
    """Ask ``finder`` what waits for somebody."""
    if finder not in _waits:
        _waits.append(finder)


def panels_of(request: HttpRequest, conference: Conference) -> list[SafeString]:
    """The registered panels of the overview, drawn."""
    found = (panel(request, conference) for _, panel in _panels)
    return [
        mark_safe(render_to_string(template, {"conference": conference, **context}, request))
        for template, context in filter(None, found)
    ]


def waits_of(request: HttpRequest, conference: Conference) -> list[Wait]:
    """Everything that waits for somebody, in the order of registration."""
    return [wait for finder in _waits for wait in finder(request, conference)]
