"""How papers are called in the read log: which paper and which version, and nothing of whose it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from accounts.audit.named import Named
from reports.models import Copy, Document, Report


def _documents(ids: Collection[int]) -> Mapping[int, str]:
    rows = Document.objects.filter(pk__in=ids).only("kind", "number")
    return {row.pk: f"{row.get_kind_display()}, version {row.number}" for row in rows}


def _copies(ids: Collection[int]) -> Mapping[int, str]:
    rows = Copy.objects.filter(pk__in=ids).select_related("document").only("document__kind", "document__number")
    return {row.pk: f"Copy of {row.document.get_kind_display().lower()}, version {row.document.number}" for row in rows}


def _reports(ids: Collection[int]) -> Mapping[int, str]:
    return {row.pk: f"Report, version {row.number}" for row in Report.objects.filter(pk__in=ids).only("number")}


NAMED = (Named("Document", _documents), Named("Copy", _copies), Named("Report", _reports))
