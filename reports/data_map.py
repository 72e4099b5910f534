"""Whose records the rows of papers are."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.case_data import Subject, holds
from reports.models import (
    Attachment,
    Complaint,
    Copy,
    CorrectionToTell,
    Disclosure,
    DisclosureDecision,
    Disposal,
    Document,
    GoneOnWithout,
    KeepLonger,
    LegalHold,
    LodgedDissent,
    PaperProgress,
    RecordComment,
    Report,
    ReportSection,
    Sharing,
    StoredFile,
)


def _named_or_all(model: Any, column: str) -> Any:
    """Rows that name one of the children, or none of them, which means all."""

    def condition(children: Any) -> Q:
        links = model.children.through.objects.order_by()
        named = links.filter(conferencechild__child__in=children).values(column)
        return Q(pk__in=named) | ~Q(pk__in=links.values(column))

    return condition


def _files(one: Subject) -> Q:
    attached = Attachment.objects.order_by().filter(report__conference__in=one.conferences)
    return Q(pk__in=attached.values("file"))


holds(Report, "Reports", conference="conference", names=("author__person",))
holds(
    ReportSection,
    "What reports say",
    conference="report__conference",
    about=_named_or_all(ReportSection, "reportsection"),
    keeps={"heading"},
    names=("private_to", "report__author__person"),
)
holds(
    Attachment,
    "Files in reports",
    conference="report__conference",
    about=_named_or_all(Attachment, "attachment"),
)
holds(StoredFile, "Files as they came", where=_files, stubs={"sha256": "''"}, is_given=False)
holds(Sharing, "How reports were shared", conference="report__conference", names=("person",))
holds(Document, "Letters and records", conference="conference")
holds(Copy, "Copies of letters and records", conference="document__conference", names=("recipient__person",))
holds(
    CorrectionToTell,
    "Who is told of a correction",
    conference="document__conference",
    names=("recipient__person",),
)
holds(GoneOnWithout, "Going on without reports", conference="conference")
holds(PaperProgress, "How far reports had come", conference="conference", is_given=False)
holds(
    LodgedDissent,
    "Dissent afterwards",
    conference="conference",
    about=_named_or_all(LodgedDissent, "lodgeddissent"),
    names=("participant__person",),
)
holds(Complaint, "Complaints", conference="conference", names=("participant__person",))
holds(
    RecordComment, "Comments on the record", conference="document__conference", names=("participant__person",)
)
holds(LegalHold, "Legal holds", family="family", keeps={"set_at", "lifted_at"})
holds(KeepLonger, "Decisions to keep the case longer", family="family", keeps={"until", "at"}, is_given=False)
holds(
    Disposal,
    "Proposals to dispose of the case",
    family="family",
    # What is left for good: who proposed and agreed, when, by which rule, and the certificate.
    keeps={
        "rule", "kept_until", "proposed_at", "settled_at", "done_at", "number", "counts", "stub", "case_mark", "sha256",
    }, is_given=False)  # fmt: skip
holds(
    Disclosure,
    "Bundles that were given out",
    family="family",
    person="person",
    keeps={"sha256"},
    stubs={"form_key": "NULL"},
)
holds(
    DisclosureDecision,
    "Decisions what goes into a bundle",
    family="disclosure__family",
    keeps={"piece"},
    stubs={"digest": "''"},
    is_given=False,
)
