"""What reports add to the page from which the chair reads before a meeting."""

from __future__ import annotations

from django.http import HttpRequest

from conferences.models import Conference
from govuk.words import count
from meetings.reading_page import Section
from reports.selectors.disputed import disputed_in
from reports.selectors.papers import gone_on_without, papers_of


def reports_section(_request: HttpRequest, conference: Conference) -> Section:
    """Return which reports are in and missing, and who in the family was told of each."""
    papers = papers_of(conference)
    context = {"papers": papers, "gone_on": gone_on_without(conference)}
    return Section(
        "reports", "Reports, and who was told", "reports/reading_reports.html", context, papers.headline.lower()
    )


def disputed_section(_request: HttpRequest, conference: Conference) -> Section:
    """Return what someone says is wrong in reports, in the last minutes or on the board."""
    rows = disputed_in(conference)
    said = count(len(rows), "point") if rows else "nothing recorded"
    return Section("disputed", "What is disputed", "reports/reading_disputed.html", {"rows": rows}, said)
