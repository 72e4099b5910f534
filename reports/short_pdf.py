"""One person's short report on paper: one side of A4, and a count of the pages where it is longer."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from govuk import words
from reports.models import Report
from reports.selectors.short_reports import in_parts
from reports.selectors.versions import Version


def short_html(report: Report, version: Version) -> str:
    """Return one person's short report as HTML, before layout. Names nobody but its reader."""
    authority = report.conference.authority
    dated = report.short_ready_at or report.begun_at
    copy = {
        "title": "The report in short",
        "reference": report.conference.reference,
        "authority": authority,
        "reader": {"name": version.due.person.full_name},
        "case_number": report.conference.family.case_number,
    }
    context: dict[str, Any] = {
        "copy": copy,
        "parts": in_parts(version.sections),
        "stamp": {"is_released": report.short_ready_at is not None, "number": report.number},
        "created": timezone.localtime(dated).isoformat(timespec="seconds"),
        "dated": words.plain_date(dated),
        "authority": authority,
        "colour": authority.colour,
    }
    return render_to_string("reports/pdf/short_report.html", context)


def pages_of(html: str) -> int:
    """Return on how many pages it is laid out."""
    from reports.typesetting import pages_in  # noqa: PLC0415 - loads WeasyPrint

    return pages_in(html)
