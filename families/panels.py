"""What higher apps show on a family's page: panels, the next step, and tags on the children's cards.

They connect in their ``hooks.py``. Each function gets the request and what the page has already loaded, and
must use a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from families.models import Child, Family
from govuk.hook import Hook


@dataclass(frozen=True)
class NextStep:
    """The next thing to do: the box at the top of the page with its one green button."""

    title: str
    detail: str
    url: str
    button: str


@dataclass(frozen=True)
class CardTag:
    """A tag with one child's state: ``colour`` is one of grey, blue, green, yellow, red, purple."""

    text: str
    colour: str = "grey"


@dataclass(frozen=True)
class CardFact:
    """A line of one child's card, such as "Meeting": "Invited (10 or over)"."""

    label: str
    text: str


@dataclass(frozen=True)
class CasePage:
    """Another page about the whole case, as a tab beside the family's own."""

    label: str
    url: str


Panel = Callable[[HttpRequest, Family], tuple[str, Mapping[str, Any]] | None]
NextStepFinder = Callable[[HttpRequest, Family], NextStep | None]
PageFinder = Callable[[HttpRequest, Family], CasePage | None]
CardDetails = Callable[[HttpRequest, Sequence[Child]], Mapping[int, Sequence[CardTag | CardFact]]]

# Panels shown below the people; each returns a template and its context, or None.
panels: Hook[Panel] = Hook()
# Candidates for the next step; the page shows the first that isn't None.
next_steps: Hook[NextStepFinder] = Hook()
# Further pages about the case, from left to right; each is left out for users who may not open it.
case_pages: Hook[PageFinder] = Hook()
# Tags and facts for the children's cards, by child id.
card_details: Hook[CardDetails] = Hook()


def panels_of(request: HttpRequest, family: Family) -> list[SafeString]:
    """Return the rendered panels of the family's page."""
    found = (panel(request, family) for panel in panels)
    return [
        mark_safe(render_to_string(template, {"family": family, **context}, request))
        for template, context in filter(None, found)
    ]


def next_step_of(request: HttpRequest, family: Family) -> NextStep | None:
    """Return the first next step that a higher app offers."""
    return next(filter(None, (finder(request, family) for finder in next_steps)), None)


def tabs_of(request: HttpRequest, family: Family) -> list[dict[str, Any]]:
    """Return the tabs of a case: its own page, those of higher apps, and its history."""
    own = (
        CasePage("Overview", reverse("families:family", args=[family.pk])),
        *filter(None, (finder(request, family) for finder in case_pages)),
        CasePage("History", reverse("families:see-family-history", args=[family.pk])),
    )
    return [{"label": page.label, "url": page.url, "current": page.url == request.path} for page in own]


def card_details_of(request: HttpRequest, children: Sequence[Child]) -> dict[int, list[CardTag | CardFact]]:
    """Return the tags and facts that higher apps give for each child."""
    said: dict[int, list[CardTag | CardFact]] = {child.pk: [] for child in children}
    for details in card_details:
        for child_id, items in details(request, children).items():
            if child_id in said:
                said[child_id].extend(items)
    return said
