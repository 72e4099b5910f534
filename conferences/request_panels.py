"""What agencies asked for, on the family's page, and the way to ask on a professional's first page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.access import user_of
from conferences.selectors.askers import posts_by_child
from conferences.selectors.requests import requests_waiting_in
from families.access import may_change_family
from families.models import Family


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
