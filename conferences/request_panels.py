"""What agencies asked for, on the family's page, and the way to ask on a professional's first page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from conferences.access import may
from conferences.models import Conference, RequestedItem
from conferences.panels import Wait
from conferences.selectors.askers import posts_by_child
from conferences.selectors.asking import reads_requests
from conferences.selectors.requests import LIVE, items_for, requests_about, requests_waiting_in, unsettled_in
from families.access import may_change_family
from families.models import Family
from govuk import words


def conference_requests(request: HttpRequest) -> tuple[str, Mapping[str, Any]] | None:
    """Return the way to ask for a conference, for a professional who works with a child now."""
    known = posts_by_child(user_of(request), on=timezone.localdate())
    return ("conferences/ask_panel.html", {}) if known else None


def requests_of_family(request: HttpRequest, family: Family) -> tuple[str, Mapping[str, Any]] | None:
    """Return the agencies' requests that wait for an answer, or for the conference that was agreed."""
    found = requests_waiting_in(family)
    if not found:
        return None
    return "conferences/requests_of_family.html", {
        "requests": found,
        "may_change": may_change_family(user_of(request), family),
    }


def requests_of_conference(request: HttpRequest, conference: Conference) -> tuple[str, Mapping[str, Any]] | None:
    """Return what was asked for with a conference in short, for those who read it."""
    if not reads_requests(user_of(request), conference):
        return None
    found = [(row, _kinds(items_for(user_of(request), row))) for row in requests_about(conference)]
    may_add = conference.status in LIVE and may(user_of(request), conference, to="arrange")
    return ("conferences/asked_panel.html", {"requests": found, "may_add": may_add}) if found or may_add else None


def _kinds(items: Iterable[RequestedItem]) -> list[str]:
    """Return for whom what is asked for, each once, such as "interpreter (Hazel)"."""
    said = (
        f"{item.get_kind_display().lower()}{f' ({item.person.short_name})' if item.person else ''}" for item in items
    )
    return list(dict.fromkeys(said))


def what_was_asked(request: HttpRequest, conference: Conference) -> Iterator[Wait]:
    """Yield what was asked for that still waits for someone who arranges the conference."""
    if conference.status not in LIVE:
        return
    url = reverse("conferences:asked", args=[conference.pk]) if reads_requests(user_of(request), conference) else ""
    kinds = list(dict.fromkeys(row.title.lower() for row in unsettled_in(conference)))
    if kinds:
        yield Wait(
            "Social worker or coordinator", f"What was asked for with the conference: {words.listed(kinds)}", url
        )
