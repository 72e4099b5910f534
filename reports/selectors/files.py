"""The files of a report."""

from __future__ import annotations

from django.db.models import QuerySet

from reports.models import Attachment, Report


def files_in(report: Report) -> list[Attachment]:
    """The files in force, with whom they are about and who brought them."""
    return list(files_in_force().filter(report=report))


def files_in_force() -> QuerySet[Attachment]:
    """Files that were not taken out."""
    rows: QuerySet[Attachment] = (
        Attachment.objects.filter(withdrawn_at__isnull=True)
        .select_related("file__uploaded_by", "report")
        .prefetch_related("children__child__person", "children__child__pregnancy")
        .order_by("pk")
    )
    return rows
