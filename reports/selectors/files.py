"""The files of a report."""

from __future__ import annotations

from django.db.models import QuerySet

from reports.models import Attachment, Report
from reports.selectors.writers import name_writers


def files_in(report: Report) -> list[Attachment]:
    """Return the files in force, with the children they are about and who added them."""
    rows = list(files_in_force().filter(report=report))
    name_writers(*(row.file for row in rows))
    return rows


def files_in_force() -> QuerySet[Attachment]:
    """Return files that were not withdrawn."""
    rows: QuerySet[Attachment] = (
        Attachment.objects.filter(withdrawn_at__isnull=True)
        .select_related("file__uploaded_by", "report")
        .prefetch_related("children__child__person", "children__child__pregnancy")
        .order_by("pk")
    )
    return rows
