"""What makes up the history of one author's report, and what papers add to the history of their conference."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from accounts.history.registry import (
    Gathered,
    Kind,
    Part,
    Record,
    register_barred,
    register_names,
    register_record,
)
from accounts.models import User
from conferences.history import PARTICIPANT, add_to_conference
from conferences.models import Participant
from families.history import named_by
from families.models import Person
from reports.enums import ReportState
from reports.models import (
    Attachment,
    Copy,
    CorrectionToTell,
    Document,
    GoneOnWithout,
    LodgedDissent,
    RecordComment,
    Report,
    ReportSection,
    Sharing,
    StoredFile,
)
from reports.models.files import AttachmentChild
from reports.models.objections import LodgedDissentChild
from reports.models.papers import (
    DocumentSettledFor,
    GoneOnWithoutMissing,
    ReportSectionChild,
    ReportSectionPrivateTo,
)

REPORT = Kind(
    Report,
    "Report",
    titles=("number",),
    unsaid=frozenset({"conference", "author"}),
    labels={"number": "Version"},
)
REPORT_IN = Kind(
    Report, "Report", titles=("author_id",), unsaid=frozenset({"conference"}), labels={"number": "Version"}
)
SECTION = Kind(ReportSection, "Section of the report", "Sections of the report", unsaid=frozenset({"report"}))
SECTION_CHILD = Kind(
    ReportSectionChild,
    "Child of a section",
    "Children",
    link_of="reportsection_id",
    link_to="conferencechild_id",
)
SECTION_PRIVATE = Kind(
    ReportSectionPrivateTo,
    "Whose private information a section holds",
    "Private to",
    link_of="reportsection_id",
    link_to="person_id",
)
ATTACHMENT = Kind(
    Attachment, "File of the report", "Files of the report", titles=("file_id",), unsaid=frozenset({"report"})
)
ATTACHMENT_CHILD = Kind(
    AttachmentChild,
    "Child of a file",
    "Children",
    link_of="attachment_id",
    link_to="conferencechild_id",
)
STORED_FILE = Kind(
    StoredFile,
    "File as it came",
    "Files as they came",
    titles=("uploaded_at",),
    unsaid=frozenset({"stored_as", "original_name"}),
)
SHARING = Kind(
    Sharing, "Outcome of sharing", "Outcomes of sharing", titles=("person_id",), unsaid=frozenset({"report"})
)
DOCUMENT = Kind(
    Document,
    "Paper",
    "Letter and record",
    titles=("kind", "number"),
    unsaid=frozenset({"conference"}),
    large=frozenset({"content"}),
)
SETTLED = Kind(
    DocumentSettledFor,
    "Person the chair gives a paper to",
    "Given by the chair to",
    link_of="document_id",
    link_to="participant_id",
)
COPY = Kind(
    Copy,
    "Copy",
    "Copies",
    titles=("recipient_id",),
    labels={"document_id": "Of"},
    unsaid=frozenset({"checksum"}),
)
TO_TELL = Kind(
    CorrectionToTell,
    "Person to be told of a correction",
    "People to be told of a correction",
    titles=("recipient_id",),
    labels={"document_id": "Had"},
    unsaid=frozenset({"correction", "move", "copy"}),
)
GONE_ON = Kind(GoneOnWithout, "Decision to go on without reports", unsaid=frozenset({"conference"}))
GONE_ON_MISSING = Kind(
    GoneOnWithoutMissing,
    "Report the chair goes on without",
    "Missing",
    link_of="goneonwithout_id",
    link_to="participant_id",
)
LODGED = Kind(
    LodgedDissent,
    "Dissent lodged afterwards",
    "Dissents lodged afterwards",
    titles=("participant_id",),
    unsaid=frozenset({"conference"}),
)
LODGED_CHILD = Kind(
    LodgedDissentChild,
    "Child of a dissent",
    "Children",
    link_of="lodgeddissent_id",
    link_to="conferencechild_id",
)
COMMENT = Kind(
    RecordComment,
    "Comment on the record",
    "Comments on the record",
    titles=("participant_id",),
    labels={"document_id": "On"},
)

# A draft is read by those who write it only. These are the rights under which a report's history is opened.
WRITER, READER, OWN = "writes it", "reads it", "own report"
STAFF, WRITERS, READERS = frozenset({WRITER, READER}), frozenset({WRITER, OWN}), frozenset({READER})


def _handed_in(_user: User) -> QuerySet[Any]:
    return Report.objects.exclude(state=ReportState.DRAFT).values("pk")


def _sections_handed_in(_user: User) -> QuerySet[Any]:
    return ReportSection.objects.exclude(report__state=ReportState.DRAFT).values("pk")


def _attached_to_handed_in(_user: User) -> QuerySet[Any]:
    return Attachment.objects.exclude(report__state=ReportState.DRAFT).values("pk")


def _files_handed_in(_user: User) -> QuerySet[Any]:
    return Attachment.objects.exclude(report__state=ReportState.DRAFT).values("file")


OF_A_SECTION = (("reportsection_id", "section"),)
OF_A_FILE = (("attachment_id", "attachment"),)

# The root is the author on the list: their report goes through several versions, which are rows of their own.
REPORT_RECORD = Record(
    "report",
    Participant,
    gathered=(
        Gathered("report", Report, "author_id", "root"),
        Gathered("section", ReportSection, "report_id", "report"),
        Gathered("attachment", Attachment, "report_id", "report"),
        Gathered("file", Attachment, "report_id", "report", "file_id"),
    ),
    parts=(
        Part(PARTICIPANT, (("pgh_obj_id", "root"),), rights=STAFF),
        Part(REPORT, (("author_id", "root"),), rights=WRITERS),
        Part(SECTION, (("report_id", "report"),), rights=WRITERS),
        Part(SECTION_CHILD, OF_A_SECTION, rights=WRITERS),
        Part(SECTION_PRIVATE, OF_A_SECTION, rights=WRITERS),
        Part(REPORT, (("author_id", "root"),), rights=READERS, only={"pgh_obj_id": _handed_in}),
        Part(SECTION, (("report_id", "report"),), rights=READERS, only={"report_id": _handed_in}),
        Part(SECTION_CHILD, OF_A_SECTION, rights=READERS, only={"reportsection_id": _sections_handed_in}),
        Part(SECTION_PRIVATE, OF_A_SECTION, rights=READERS, only={"reportsection_id": _sections_handed_in}),
        Part(ATTACHMENT, (("report_id", "report"),), rights=WRITERS),
        Part(ATTACHMENT_CHILD, OF_A_FILE, rights=WRITERS),
        Part(STORED_FILE, (("pgh_obj_id", "file"),), rights=WRITERS),
        Part(ATTACHMENT, (("report_id", "report"),), rights=READERS, only={"report_id": _handed_in}),
        Part(ATTACHMENT_CHILD, OF_A_FILE, rights=READERS, only={"attachment_id": _attached_to_handed_in}),
        Part(STORED_FILE, (("pgh_obj_id", "file"),), rights=READERS, only={"pgh_obj_id": _files_handed_in}),
        Part(SHARING, (("report_id", "report"),), rights=STAFF),
    ),
)


def _document_names(ids: set[int], at: datetime.datetime | None) -> Mapping[int, str]:  # noqa: ARG001 - never altered
    rows = Document.objects.filter(pk__in=ids).only("kind", "number")
    return {row.pk: f"{row.get_kind_display()}, version {row.number}" for row in rows}


def _file_names(ids: set[int], at: datetime.datetime | None) -> Mapping[int, str]:  # noqa: ARG001 - never altered
    """What files were called; one that was taken out may have come to the wrong family, so its name goes too."""
    in_force = StoredFile.objects.filter(pk__in=ids, attachments__withdrawn_at__isnull=True)
    named = dict(in_force.values_list("pk", "original_name"))
    return dict.fromkeys(ids, "A file that was taken out") | named


def _sealed_attachments() -> QuerySet[Any]:
    return Attachment.objects.filter(children__child__person__sealed_at__isnull=False).values("pk")


def _sealed_files() -> QuerySet[Any]:
    return Attachment.objects.filter(pk__in=_sealed_attachments()).values("file")


def _sealed_sections() -> QuerySet[Any]:
    sealed = Person.objects.filter(sealed_at__isnull=False)
    about = Q(children__child__person__in=sealed) | Q(private_to__in=sealed)
    return ReportSection.objects.filter(about).values("pk")


def register_history() -> None:
    """The record, the names, and the papers' part of their conference; called once from ``register_everything``.

    Complaints are left out: only the chair and those who run the service read them, on their own page.
    """
    register_record(REPORT_RECORD)
    add_to_conference(
        gathered=(
            Gathered("document", Document, "conference_id", "root"),
            Gathered("gone_on", GoneOnWithout, "conference_id", "root"),
            Gathered("lodged", LodgedDissent, "conference_id", "root"),
        ),
        parts=(
            Part(REPORT_IN, (("conference_id", "root"),), only={"pgh_obj_id": _handed_in}),
            Part(DOCUMENT, (("conference_id", "root"),)),
            Part(SETTLED, (("document_id", "document"),)),
            Part(COPY, (("document_id", "document"),)),
            Part(TO_TELL, (("document_id", "document"),)),
            Part(GONE_ON, (("conference_id", "root"),)),
            Part(GONE_ON_MISSING, (("goneonwithout_id", "gone_on"),)),
            Part(LODGED, (("conference_id", "root"),)),
            Part(LODGED_CHILD, (("lodgeddissent_id", "lodged"),)),
            Part(COMMENT, (("document_id", "document"),)),
        ),
    )
    register_names(Document, _document_names)
    register_names(StoredFile, _file_names)
    named_by(Report, lambda row: f"report, version {row.number}")
    register_barred(ReportSection, _sealed_sections)
    register_barred(Attachment, _sealed_attachments)
    register_barred(StoredFile, _sealed_files)
