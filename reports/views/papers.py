"""Who reports, what is in, and who in the family has heard it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from conferences.access import access_conference
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from conferences.panels import Wait
from reports.selectors.papers import papers_of
from reports.views.parts import around_conference

BEFORE = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Each report: in or not, shared with each person due it, with the chair."""
    conference = access_conference(request, pk)
    context = around_conference(request, conference, tab="papers")
    return render(request, "reports/papers.html", {**context, "papers": papers_of(conference)})


def papers_panel(request: HttpRequest, conference: Conference) -> tuple[str, Mapping[str, Any]] | None:
    """The same table on the overview, until the meeting is over."""
    if conference.status not in BEFORE:
        return None
    found = papers_of(conference)
    request.papers_of_conference = found  # type: ignore[attr-defined]
    return ("reports/papers_panel.html", {"papers": found}) if found.rows else None


def papers_waits(request: HttpRequest, conference: Conference) -> Iterable[Wait]:
    """Reports that are missing, and those that are in and that somebody has yet to hear."""
    if conference.status not in BEFORE:
        return
    found = getattr(request, "papers_of_conference", None) or papers_of(conference)
    url = reverse("reports:papers", args=[conference.pk])
    for row in found.missing:
        yield Wait(who=row.author.person.full_name, what=f"Report of {row.agency_words}", url=url)
    for row in found.unheard:
        names = ", ".join(cell.due.person.short_name for cell in row.unshared)
        yield Wait(who=names, what=f"To hear the report of {row.agency_words}", url=url)
