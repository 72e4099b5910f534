"""One person's own version of a whole report on paper, in ordinary or large print."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from reports.models import Report
from reports.selectors.papers import agency_in_full
from reports.selectors.versions import Version
from reports.short_pdf import paper_context


def whole_html(report: Report, version: Version, groups: list[tuple[str, list[Any]]], *, is_large: bool = False) -> str:
    """Return one person's version of a report as HTML, before layout; ``groups`` are its sections by heading.

    What is left out is not there and not counted: that there is something would tell of it.
    """
    context = paper_context(
        report, version, title="A report for the meeting", at=report.submitted_at, is_large=is_large
    )
    context |= {"author": report.author.person.full_name, "agency": agency_in_full(report.author)}
    return render_to_string("reports/pdf/whole_report.html", {**context, "groups": groups, "version": version})
