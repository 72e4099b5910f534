"""Where an allegation is referred, on the pages of every family and conference alike: it tells of none."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.access import user_of
from allegations.access import STAFF
from conferences.models import Conference
from families.models import Family

TEMPLATE = "allegations/panel.html"


def family_panel(request: HttpRequest, family: Family) -> tuple[str, dict[str, Any]] | None:
    """Return where staff refer an allegation from a family's page."""
    return _panel(request, reverse("allegations:refer", args=[family.pk]))


def conference_panel(request: HttpRequest, conference: Conference) -> tuple[str, dict[str, Any]] | None:
    """Return where staff refer an allegation from a conference's overview."""
    return _panel(request, reverse("allegations:refer-from-conference", args=[conference.pk]))


def _panel(request: HttpRequest, url: str) -> tuple[str, dict[str, Any]] | None:
    return (TEMPLATE, {"refer_url": url}) if user_of(request).holds(*STAFF) else None
