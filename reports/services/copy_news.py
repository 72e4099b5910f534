"""Records what became of a copy: opened, acknowledged, returned, recalled."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.guests.services import close_links
from accounts.models import User
from conferences.services.guards import family_ids_of
from deadlines.services import reconcile
from notifications.services.outbox import withdraw_messages
from reports.enums import UNDONE, NewsKind
from reports.models import Copy, CopyNews, Document
from reports.selectors.ways import ways_of

RECALLED = "The paper was recalled."


@transaction.atomic
def record_news(
    *,
    copy: Copy,
    kind: NewsKind | str,
    note: str,
    by: User | None,
    now: datetime.datetime,
    guest_session_id: int | None = None,
) -> CopyNews:
    """Record what became of one copy; each kind is known once, and the same again returns the first.

    In order, with the document locked: writes it; where the copy was recalled, withdraws its e-mail and closes the link
    of its reader's own page, and where it came back opened the e-mail as well; counts the deadlines, because a copy
    that did not reach its reader counts no longer. Raises ValidationError on ``kind`` and, for what came back or was
    recalled, on ``note``.
    """
    if kind not in NewsKind.values:
        raise ValidationError({"kind": "Choose what became of it."})
    if by is not None and kind in UNDONE and not note.strip():
        raise ValidationError({"note": "Say how you know, and what you did."})
    document = Document.objects.select_for_update(of=("self",)).select_related("conference").get(pk=copy.document_id)
    row, is_new = CopyNews.objects.get_or_create(
        copy=copy,
        kind=kind,
        defaults={"at": now, "note": note.strip(), "recorded_by": by, "guest_session_id": guest_session_id},
    )
    if not is_new:
        return row
    if kind in (NewsKind.RECALLED, NewsKind.RETURNED_OPENED):
        withdraw_messages(key=f"paper-copy:{copy.pk}", because=RECALLED, now=now)
        _close_page(document, copy, by=by, now=now)
    if kind in UNDONE:
        reconcile(family_ids=family_ids_of(document.conference), now=now)
    return row


def _close_page(document: Document, copy: Copy, *, by: User | None, now: datetime.datetime) -> None:
    reached = ways_of(document, now=now, only=[copy.for_whom]).get(copy.for_whom)
    if reached is not None and reached.page is not None:
        page = reached.page
        close_links(purpose=page.purpose, subject_id=page.subject_id, because=RECALLED, by=by, now=now)


def note_opened(copy: Copy, *, guest_session_id: int, now: datetime.datetime) -> None:
    """Note that the reader opened a copy on their own page; the first time counts."""
    CopyNews.objects.get_or_create(
        copy=copy, kind=NewsKind.OPENED, defaults={"at": now, "guest_session_id": guest_session_id}
    )
