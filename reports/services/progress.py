"""Stores what the clocks of papers read: report progress, and when a document reached its last recipient."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, JSONField, Model, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce

from conferences.enums import ConferenceStatus, ParticipantStatus
from conferences.models import Conference
from reports.enums import UNDONE, DocumentState
from reports.models import Copy, CopyNews, Document, PaperProgress
from reports.selectors.progress import progress_in

CHUNK = 500
STILL_TO_COME = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
FIELDS = (
    "conference_id", "received_at", "shared_at", "nobody_due", "file_waits_for_worker", "file_waits_for_coordinator",
)  # fmt: skip

M = TypeVar("M", bound=Model)


def note_progress(*, family_ids: Sequence[int] | None, now: datetime.datetime) -> int:
    """Update ``PaperProgress`` and ``Document.completed_at`` from the facts; return rows written.

    For given families: every conference that has a date, and every document. For None: the conferences that are
    not over, and the released documents that have not reached everyone. Older ones change only through services
    that recount their family. Rows that already match the facts are not written, and the number of queries
    grows only with every 500 conferences.
    """
    conferences = Conference.objects.filter(scheduled_at__isnull=False)
    documents = Document.objects.filter(released_at__isnull=False)
    if family_ids is None:
        conferences = conferences.filter(status__in=STILL_TO_COME)
        documents = documents.filter(state=DocumentState.RELEASED, completed_at__isnull=True)
    else:
        conferences = conferences.filter(family__in=family_ids)
        documents = documents.filter(conference__family__in=family_ids)
    written = sum(_note_reports(rows) for rows in _chunks(conferences))
    return written + sum(_note_documents(rows) for rows in _chunks(_with_due(documents)))


def _chunks(queryset: QuerySet[M]) -> Iterator[list[M]]:
    last = 0
    while rows := list(queryset.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield rows
        if len(rows) < CHUNK:
            return
        last = rows[-1].pk


def _note_reports(conferences: list[Conference]) -> int:
    wanted = progress_in(conferences)
    present = {
        row.participant_id: row
        for row in PaperProgress.objects.filter(
            Q(conference__in=[row.pk for row in conferences]) | Q(participant__in=wanted)
        )
    }
    differing = [
        PaperProgress(participant_id=pk, **{name: getattr(progress, name) for name in FIELDS})
        for pk, progress in wanted.items()
        if pk not in present or any(getattr(present[pk], name) != getattr(progress, name) for name in FIELDS)
    ]
    gone = present.keys() - wanted.keys()
    if differing:
        PaperProgress.objects.bulk_create(
            differing, update_conflicts=True, unique_fields=["participant"], update_fields=FIELDS
        )
    if gone:
        PaperProgress.objects.filter(participant__in=gone).delete()
    return len(differing) + len(gone)


def _with_due(documents: QuerySet[Document]) -> QuerySet[Document]:
    # Who takes the case over was not due a copy when the limit ran.
    settled = Document.settled_for.through.objects.filter(document=OuterRef("pk")).exclude(
        participant__status=ParticipantStatus.AFTERWARDS
    )
    return documents.annotate(
        due_ids=KeyTransform("due", "content", output_field=JSONField()),
        settled_ids=ArraySubquery(settled.values("participant")),
    ).defer("content")


def _note_documents(documents: list[Document]) -> int:
    sent: dict[int, dict[int, datetime.datetime]] = defaultdict(dict)
    undone = CopyNews.objects.filter(copy=OuterRef("pk"), kind__in=UNDONE)
    copies = Copy.objects.filter(~Exists(undone), document__in=[row.pk for row in documents]).order_by("-sent_at")
    whose = copies.annotate(whose=Coalesce("recipient", "member", "person"))
    for document_id, recipient_id, sent_at in whose.values_list("document", "whose", "sent_at"):
        sent[document_id][recipient_id] = sent_at
    written = 0
    for row in documents:
        completed_at = _completed_at(row, sent[row.pk])
        if row.completed_at != completed_at:
            Document.objects.filter(pk=row.pk).update(completed_at=completed_at)
            written += 1
    return written


def _completed_at(document: Document, sent: dict[int, datetime.datetime]) -> datetime.datetime | None:
    """Return when the last person due this version got their first copy that was not undone.

    If no one is due one, return when it was released.
    """
    due = {*(document.due_ids or ()), *document.settled_ids}  # type: ignore[attr-defined]
    if due - sent.keys():
        return None
    return max((sent[pk] for pk in due), default=document.released_at)
