"""One person's short report on paper: one side of A4, and a count of the pages where it is longer."""

from __future__ import annotations

import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from govuk import words
from reports.models import Report
from reports.selectors.short_reports import in_parts
from reports.selectors.versions import Version


def short_html(report: Report, version: Version, *, is_large: bool = False) -> str:
    """Return one person's short report as HTML, before layout. Names nobody but its reader."""
    context = paper_context(report, version, title="The report in short", at=report.short_ready_at, is_large=is_large)
    context["parts"] = in_parts(version.sections)
    return render_to_string("reports/pdf/short_report.html", context)


def paper_context(
    report: Report, version: Version, *, title: str, at: datetime.datetime | None, is_large: bool
) -> dict[str, Any]:
    """Return what every paper of a report for one person wants; ``at`` is when it was finished, None for a draft."""
    authority = report.conference.authority
    dated = at or report.begun_at
    copy = {
        "title": title,
        "reference": report.conference.reference,
        "authority": authority,
        "reader": {"name": version.due.person.full_name},
        "case_number": report.conference.family.case_number,
    }
    return {
        "copy": copy,
        "stamp": {"is_released": at is not None, "number": report.number, "is_large": is_large},
        "created": timezone.localtime(dated).isoformat(timespec="seconds"),
        "dated": words.plain_date(dated),
        "authority": authority,
        "colour": authority.colour,
    }


def pages_of(html: str) -> int:
    """Return on how many pages it is laid out."""
    from reports.typesetting import pages_in  # noqa: PLC0415 - loads WeasyPrint

    return pages_in(html)
