"""Helpers shared by several views of papers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from conferences.access import may as may_open
from conferences.models import Conference, Participant
from conferences.views.page_context import page_context
from deadlines.policies import Framework
from reports.models import Report, ReportSection
from reports.selectors.papers import agency_in_full, agency_words


def around_conference(request: HttpRequest, conference: Conference, *, tab: str) -> dict[str, Any]:
    """Return the context of the conference's pages."""
    return page_context(conference, user=user_of(request), tab=tab, today=timezone.localdate())


def around_report(request: HttpRequest, author: Participant) -> dict[str, Any]:
    """Return the context of one report's pages, plain for an author of another agency."""
    is_own = author.person.user_id == user_of(request).pk
    context: dict[str, Any] = {
        "author": author,
        "agency": agency_in_full(author) if is_own else agency_words(author),
        "conference": author.conference,
        "is_own": is_own,
        "base": "reports/own_frame.html",
    }
    if may_open(user_of(request), author.conference, to="read"):
        context |= around_conference(request, author.conference, tab="papers")
        context["base"] = "conferences/page.html"
    return context


def by_heading(
    report: Report, framework: Framework, *, sections: list[ReportSection] | None = None
) -> list[tuple[str, list[ReportSection]]]:
    """Return headings in the council's order with their sections, without empty headings."""
    shown = list(report.sections.all()) if sections is None else sections
    known = [(row.key, row.label) for row in framework.headings]
    others = sorted({row.heading for row in shown} - {key for key, _ in known})
    named = [*known, *((key, key.replace("-", " ").capitalize()) for key in others)]
    groups = [(label, [row for row in shown if row.heading == key]) for key, label in named]
    return [(label, rows) for label, rows in groups if rows]


def wants_large(request: HttpRequest) -> bool:
    """Return whether a paper is asked for in large print."""
    return request.GET.get("print") == "large"


def pdf_response(file: bytes, name: str) -> HttpResponse:
    """Return a file to be downloaded by the requester and stored by no browser or proxy."""
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def on_minutes(request: HttpRequest, conference: Conference) -> dict[str, Any]:
    """Return the context of a page that starts from the minutes and leads back to them."""
    back = reverse("reports:minutes", args=[conference.pk])
    return {**around_conference(request, conference, tab="minutes"), "success_url": back, "cancel_url": back}
