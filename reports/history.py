"""Defines the history record of one author's report, and what papers add to that of their conference."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.history.names import register_names
from accounts.history.registry import Ids, Part, Record, add_to_record, register_record
from accounts.models import User
from conferences.history import CONFERENCE
from conferences.models import Conference, Participant
from my_views.access import READS_RULE
from reports.enums import ReportState
from reports.models import (
    Attachment,
    ChildTold,
    Copy,
    CopyNews,
    CorrectionToTell,
    Document,
    Envelope,
    FileCheck,
    FormatAsked,
    GoneOnWithout,
    LetterHandover,
    LodgedDissent,
    MinutesComment,
    PaperWording,
    PassageComment,
    PrintPack,
    ReadReceipt,
    Report,
    ReportSection,
    Sharing,
    ShortPassage,
    StoredFile,
    ToldPassage,
)

# Only those who write a draft may read it. These are the rights under which a report's history is opened.
WRITER, READER, OWN = "writes it", "reads it", "own report"
STAFF, WRITERS = frozenset({WRITER, READER}), frozenset({WRITER, OWN})


def _handed_in(model: Any, report: str = "report__", column: str = "pk") -> Ids:
    def ids(_user: User) -> QuerySet[Any]:
        return model.objects.exclude(**{f"{report}state": ReportState.DRAFT}).values(column)

    return ids


def _of_report(model: Any, path: str, handed_in: Ids, **words: Any) -> Part:
    """Return rows of a report; non-writers see only those of a submitted one."""
    return Part(model, (path,), only={"id": handed_in}, unbound=WRITERS, words=words)


# The root is the author on the list: their report has several versions, which are rows of their own.
REPORT_RECORD = Record(
    "report",
    Participant,
    (
        Part(Participant, rights=STAFF, with_links=False),
        _of_report(Report, "author", _handed_in(Report, ""), titles=("number",), hidden={"author"}),
        _of_report(ReportSection, "report__author", _handed_in(ReportSection)),
        _of_report(PassageComment, "section__report__author", _handed_in(PassageComment, "section__report__")),
        _of_report(ShortPassage, "report__author", _handed_in(ShortPassage)),
        Part(ReadReceipt, ("report__author",), rights=STAFF),
        _of_report(Attachment, "report__author", _handed_in(Attachment)),
        _of_report(StoredFile, "attachments__report__author", _handed_in(Attachment, column="file")),
        Part(FileCheck, ("attachment__report__author",), rights=STAFF),
        Part(Sharing, ("report__author",), rights=STAFF),
    ),
)


def _file_names(ids: set[int], at: datetime.datetime | None) -> Mapping[int, str]:  # noqa: ARG001 - never altered
    """Return the names of files, without withdrawn ones, which may have come to the wrong family."""
    in_force = StoredFile.objects.filter(pk__in=ids, attachments__withdrawn_at__isnull=True)
    named = dict(in_force.values_list("pk", "original_name"))
    return dict.fromkeys(ids, "A file that was taken out") | named


def _told_readable(user: User) -> QuerySet[Any]:
    """Match what children were told, for those who read their forms of My Views: it may hold the child's words."""
    conferences = READS_RULE.visible(Conference.objects.order_by(), user)
    return ChildTold.objects.order_by().filter(child__conference__in=conferences.values("pk")).values("pk")


def register_history() -> None:
    """Register the record and the papers' part of their conference. Called once from ``connect``.

    Complaints are left out: only the chair and those who run the service may read them, on their own page. So are
    remarks of the family on a report, for its author and the chair.
    """
    register_record(REPORT_RECORD)
    register_names(StoredFile, _file_names)
    add_to_record(
        CONFERENCE,
        Part(Report, only={"id": _handed_in(Report, "")}),
        Part(Document),
        Part(PaperWording),
        Part(Copy),
        Part(CopyNews),
        Part(PrintPack),
        Part(Envelope),
        Part(ChildTold, only={"id": _told_readable}),
        Part(ToldPassage, only={"told_id": _told_readable}),
        Part(LetterHandover),
        Part(FormatAsked),
        Part(CorrectionToTell),
        Part(GoneOnWithout),
        Part(LodgedDissent),
        Part(MinutesComment),
    )
