"""Managers' comments beside the paragraphs of a report."""

from __future__ import annotations

from collections import defaultdict

from reports.models import PassageComment, Report, ReportSection


def comments_on(report: Report | None) -> dict[int, list[PassageComment]]:
    """Return the comments by id of a report's paragraph, those on the version before it among them, oldest first."""
    if report is None:
        return {}
    before = dict(ReportSection.objects.filter(report__author=report.author_id).values_list("pk", "replaces"))
    said: dict[int, list[PassageComment]] = defaultdict(list)
    rows = PassageComment.objects.filter(section__report__author=report.author_id)
    for row in rows.select_related("by").order_by("at", "pk"):
        said[row.section_id].append(row)
    found = {}
    for section in report.sections.all():
        chain: list[PassageComment] = []
        at: int | None = section.pk
        while at is not None:
            chain = said.get(at, []) + chain
            at = before.get(at)
        found[section.pk] = chain
    return found
