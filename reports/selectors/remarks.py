"""What family members disputed or asked about a report, for its author and the chair, and for whoever wrote it."""

from __future__ import annotations

from django.db.models import QuerySet

from conferences.models import Participant
from reports.models import ReadReceipt, Remark, Report


def remarks_on(author: Participant) -> QuerySet[Remark]:
    """Return what was said about any version of an author's report; for its author and the chair alone."""
    rows: QuerySet[Remark] = Remark.objects.filter(report__author=author)
    return rows.select_related("participant__person", "answered_by", "report").order_by("said_at", "pk")


def own_remarks(report: Report, participant: Participant) -> list[Remark]:
    """Return what one family member said about a report themselves, with the answers."""
    return list(Remark.objects.filter(report=report, participant=participant).select_related("answered_by"))


def receipts_of(report: Report) -> list[ReadReceipt]:
    """Return who said that they have read the report, or its short report."""
    return list(ReadReceipt.objects.filter(report=report).select_related("participant__person"))


def has_read(report: Report, participant: Participant, *, is_short: bool) -> bool:
    """Return whether this person said that they have read the report, or its short report."""
    return ReadReceipt.objects.filter(report=report, participant=participant, is_short=is_short).exists()
