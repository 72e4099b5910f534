"""Declares what each table of papers and minutes holds, and about whom."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from accounts.case_data import Subject, case_table
from conferences.data_map import ABOUT_A_SEALED_PERSON, named_or_all
from govuk.hook import Hook
from reports import models

# Files that higher apps keep about a subject.
files_of: Hook[Callable[[Subject], Q]] = Hook()


def _files(one: Subject) -> Q:
    attached = models.Attachment.objects.order_by().filter(report__conference__in=one.conferences)
    formats = models.FormatAsked.objects.order_by().filter(document__conference__in=one.conferences)
    found = Q(pk__in=attached.values("file")) | Q(pk__in=formats.values("file"))
    for more in files_of:
        found |= more(one)
    return found


case_table(
    models.Report,
    "Reports",
    conference="conference",
    names=("author__person",),
    one="Report",
    titles=("author_id",),
    labels={"number": "Version"},
    hidden={"begun_guest_session_id", "submitted_guest_session_id"},
    called=lambda row: f"report, version {row.number}",
)
case_table(
    models.ReportSection,
    "What reports say",
    conference="report__conference",
    about=named_or_all,
    names=("private_to", "report__author__person"),
    one="Section of the report",
    many="Sections of the report",
    hidden={"copied_from", "replaces"},
    links={
        "children": "Child of a section",
        "private_to": "Whose private information a section holds",
        "kept_from": "Whom a section must not reach",
    },
    barred_by=ABOUT_A_SEALED_PERSON,
    keeps={"heading"},
)
case_table(
    models.PassageComment,
    "Managers’ comments on reports",
    conference="section__report__conference",
    one="Manager’s comment on the report",
    many="Managers’ comments on the report",
    titles=("at",),
    hidden={"section"},
)
case_table(
    models.ShortPassage,
    "What short reports say",
    conference="report__conference",
    about=named_or_all,
    names=("private_to", "report__author__person"),
    one="Passage of the short report",
    many="Passages of the short report",
    links={
        "children": "Child of a short passage",
        "private_to": "Whose private information a short passage holds",
        "kept_from": "Whom a short passage must not reach",
    },
    hidden={"taken_from"},
    barred_by=ABOUT_A_SEALED_PERSON,
)
case_table(
    models.ReadReceipt,
    "Who said that a report is read",
    conference="report__conference",
    names=("participant__person",),
    one="Report said to be read",
    many="Reports said to be read",
    titles=("participant_id",),
    hidden={"guest_session_id"},
)
case_table(
    models.Remark,
    "What family members say about reports",
    conference="report__conference",
    names=("participant__person",),
    one="Remark on the report",
    many="Remarks on the report",
    titles=("participant_id",),
    hidden={"guest_session_id", "section"},
)
case_table(
    models.Attachment,
    "Files in reports",
    conference="report__conference",
    about=named_or_all,
    one="File of the report",
    many="Files of the report",
    titles=("file_id",),
    hidden={"withdrawn_guest_session_id"},
    links={"children": "Child of a file"},
    barred_by=("children__child__person__sealed_at",),
)
case_table(
    models.FileCheck,
    "Who looked at a file for whom",
    conference="attachment__report__conference",
    names=("person",),
    one="Look at a file for a reader",
    many="Looks at files for readers",
    titles=("attachment_id", "person_id"),
)
case_table(
    models.StoredFile,
    "Files as they came",
    where=_files,
    one="File as it came",
    many="Files as they came",
    titles=("uploaded_at",),
    hidden={"stored_as", "original_name", "guest_session_id"},
    barred_by=("attachments__children__child__person__sealed_at",),
    stubs={"sha256": "''"},
    is_given=False,
)
case_table(
    models.Sharing,
    "How reports were shared",
    conference="report__conference",
    names=("person",),
    one="Outcome of sharing",
    many="Outcomes of sharing",
    titles=("person_id",),
    hidden={"guest_session_id"},
)
case_table(
    models.Document,
    "Letters and minutes",
    conference="conference",
    one="Paper",
    many="Decisions letter or minutes",
    titles=("kind", "number"),
    labels={"settled_for": "Given by the chair to"},
    large={"content"},
    links={"settled_for": "Person the chair gives a paper to"},
    called=lambda row: f"{row.get_kind_display()}, version {row.number}",
)
case_table(
    models.PaperWording,
    "Wording of letters and minutes",
    conference="conference",
    about=lambda children: Q(children__in=children) | Q(children__isnull=True),
    names=("private_to",),
    one="Wording of a paper",
    many="Wording of papers",
    titles=("entry",),
    hidden={"part"},
    keeps={"kind", "entry", "heading"},
    links={
        "children": "Child whom a wording of a paper is about",
        "private_to": "Whose private information a wording of a paper holds",
    },
    barred_by=("children__person__sealed_at", "private_to__sealed_at"),
)
case_table(
    models.Copy,
    "Copies of letters and minutes",
    conference="document__conference",
    names=("recipient__person", "member__person", "person"),
    one="Copy",
    many="Copies",
    titles=("recipient_id", "member_id", "person_id"),
    labels={"document": "Of"},
    hidden={"checksum", "sending_key"},
)
case_table(
    models.CopyNews,
    "What became of copies",
    conference="copy__document__conference",
    names=("copy__recipient__person", "copy__member__person", "copy__person"),
    one="What became of a copy",
    many="What became of copies",
    titles=("copy_id",),
    hidden={"guest_session_id"},
)
# A pack of a deleted case is retired with it: its bytes are deleted, and no worker makes it again.
case_table(
    models.PrintPack,
    "Packs of printed copies",
    conference="document__conference",
    one="Pack of printed copies",
    many="Packs of printed copies",
    titles=("document_id",),
    hidden={"stored_as", "sha256", "take_after", "tries"},
    stubs={"sha256": "''", "state": "'retired'"},
)
case_table(
    models.Envelope,
    "Envelopes",
    conference="pack__document__conference",
    names=("recipient__person", "member__person", "person"),
    one="Envelope",
    many="Envelopes",
    titles=("recipient_id", "member_id", "person_id"),
    hidden={"address", "sha256", "sending_key", "mark", "last_mark"},
)
case_table(
    models.ChildTold,
    "What children were told of their meeting",
    conference="child__conference",
    about="child__child",
    one="What the child was told",
    many="What children were told",
    titles=("child_id", "told_on"),
    may_harm=True,
)
case_table(
    models.ToldPassage,
    "What children were told, word for word",
    conference="told__child__conference",
    about="told__child__child",
    one="Words told to the child",
    many="Words told to the child",
    titles=("part",),
    hidden={"entry"},
    may_harm=True,
)
case_table(
    models.LetterHandover,
    "How children got their letters",
    conference="document__conference",
    about="document__conference_child__child",
    one="Handing over of the child’s letter",
    many="Handing over of the child’s letter",
    titles=("settled_at",),
)
case_table(
    models.FormatAsked,
    "Papers asked for in another format",
    conference="document__conference",
    names=("recipient__person", "member__person", "person"),
    one="Paper asked for in another format",
    many="Papers asked for in another format",
    titles=("recipient_id", "member_id", "person_id"),
    labels={"document": "Of"},
    hidden={"made_from", "version"},
)
# A file of a deleted case is retired with it: its bytes are deleted, and no worker lays it out again.
case_table(
    models.LaidOutPaper,
    "Files of copies",
    conference="document__conference",
    names=("recipient__person", "member__person", "person"),
    is_given=False,
    stubs={
        "made_from": "''",
        "sha256": "''",
        "state": "'retired'",
        "retired_at": "coalesce(retired_at, requested_at) + make_interval(days => v_shift)",
        "retired_because": "coalesce(nullif(retired_because, ''), 'disposed')",
    },
)
case_table(
    models.CorrectionToTell,
    "Who is told of a correction",
    conference="document__conference",
    names=("recipient__person",),
    one="Person to be told of a correction",
    many="People to be told of a correction",
    titles=("recipient_id",),
    labels={"document": "Had"},
    hidden={"correction", "move", "copy"},
)
case_table(
    models.GoneOnWithout,
    "Going on without reports",
    conference="conference",
    one="Decision to go on without reports",
    many="Decisions to go on without reports",
    links={"missing": "Report the chair goes on without"},
)
case_table(models.PaperProgress, "How far reports had come", conference="conference", is_given=False)
case_table(
    models.LodgedDissent,
    "Dissent afterwards",
    conference="conference",
    about=named_or_all,
    names=("participant__person",),
    one="Dissent lodged afterwards",
    many="Dissents lodged afterwards",
    titles=("participant_id",),
    links={"children": "Child of a dissent"},
    hidden={"guest_session_id"},
)
case_table(
    models.Complaint, "Complaints", conference="conference", names=("participant__person",), hidden={"guest_session_id"}
)
case_table(
    models.ComplaintStage,
    "Complaints taken further",
    conference="complaint__conference",
    names=("complaint__participant__person",),
    hidden={"guest_session_id"},
)
case_table(
    models.MinutesComment,
    "Comments on the minutes",
    conference="document__conference",
    names=("participant__person",),
    one="Comment on the minutes",
    many="Comments on the minutes",
    titles=("participant_id",),
    labels={"document": "On"},
    links={"children": "Child of a comment on the minutes"},
    hidden={"guest_session_id"},
)
