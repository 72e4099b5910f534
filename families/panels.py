"""What higher apps show on a family's page: panels, the next step, and tags on the children's cards.

They connect in their ``hooks.py``. Each function gets the request and what the page has read already, and
must use a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from families.models import Child, Family
from govuk.hook import Hook


@dataclass(frozen=True)
class NextStep:
    """What to do now: the box on top of the page with its one green button."""

    title: str
    detail: str
    url: str
    button: str


@dataclass(frozen=True)
class CardTag:
    """A state of one child: ``colour`` is one of grey, blue, green, yellow, red, purple."""

    text: str
    colour: str = "grey"


@dataclass(frozen=True)
class CardFact:
    """A line of one child's card, such as "Meeting": "Invited (10 or over)"."""

    label: str
    text: str


Panel = Callable[[HttpRequest, Family], tuple[str, Mapping[str, Any]] | None]
NextStepFinder = Callable[[HttpRequest, Family], NextStep | None]
CardDetails = Callable[[HttpRequest, Sequence[Child]], Mapping[int, Sequence[CardTag | CardFact]]]

# Panels below the people, each a template and its context, or None.
panels: Hook[Panel] = Hook()
# What to do now; the first answer stands on the page.
next_steps: Hook[NextStepFinder] = Hook()
# Tags and facts for the children's cards, by child's id.
card_details: Hook[CardDetails] = Hook()


def panels_of(request: HttpRequest, family: Family) -> list[SafeString]:
    """The panels of the family's page, drawn."""
    found = (panel(request, family) for panel in panels)
    return [
        mark_safe(render_to_string(template, {"family": family, **context}, request))
        for template, context in filter(None, found)
    ]


def next_step_of(request: HttpRequest, family: Family) -> NextStep | None:
    """The first next step that a higher app knows of."""
    return next(filter(None, (finder(request, family) for finder in next_steps)), None)


def card_details_of(request: HttpRequest, children: Sequence[Child]) -> dict[int, list[CardTag | CardFact]]:
    """What higher apps say about each child."""
    said: dict[int, list[CardTag | CardFact]] = {child.pk: [] for child in children}
    for details in card_details:
        for child_id, items in details(request, children).items():
            if child_id in said:
                said[child_id].extend(items)
    return said
