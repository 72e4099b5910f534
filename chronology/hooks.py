"""Connects the chronology to the family's pages, once, when the application starts."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from families.models import Family
from families.panels import CasePage, case_pages


def chronology_page(request: HttpRequest, family: Family) -> CasePage:  # noqa: ARG001 whoever opens the case opens it
    """Return the tab of the case's chronology."""
    return CasePage("Chronology", reverse("chronology:chronology", args=[family.pk]))


def connect() -> None:
    """Connect the tab. Called once from ``ChronologyConfig.ready``."""
    case_pages.connect(chronology_page, order=10)
