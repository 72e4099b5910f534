"""Files of a report: accepted, scanned again, withdrawn."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import ConferenceChild, Participant
from conferences.services.guards import children_in_conference, text_of
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from reports.enums import ReportState, Scan
from reports.models import Attachment, Report, StoredFile
from reports.services.reports import begin_report
from reports.services.writers import written
from reports.uploads import storing
from reports.uploads.file_types import RefusedFileError, check_ending
from reports.uploads.names import clean_name
from reports.uploads.sandbox import look_into
from reports.uploads.scanning import scan

logger = structlog.get_logger(__name__)

MOST_FILES = 20
HARMFUL = (
    "The virus scanner found something harmful in this file, so it was not kept. Tell the sender, "
    "and ask for another copy."
)


def attach_file(
    *,
    author: Participant,
    content: bytes,
    name: str,
    by: User | None,
    now: datetime.datetime,
    children: Iterable[ConferenceChild] = (),
    guest_session_id: int | None = None,
    proposal: str = "",
) -> Attachment:
    """Add a file to the draft of an author's report, starting the draft if there is none.

    In order, and outside a transaction until the last step:
    1. inspects the file in a separate process: type by content, nothing executable, nothing hidden; the
      extension of its name must match;
    2. asks the virus scanner; if it cannot be reached, the file stays closed until it can;
    3. stores the bytes under a random name;
    4. records the file with its name as plain data, and the children it is about. The same bytes are kept once.

    If any step refuses, no bytes are kept. Raises ValidationError on ``file`` or ``children``, or for a report
    that can no longer be written.
    """
    received = received_file(
        content=content, name=name, by=by, now=now, guest_session_id=guest_session_id, participant=author.pk
    )
    with received as kept, transaction.atomic():
        report = begin_report(author=author, by=by, guest_session_id=guest_session_id, now=now)
        return _record(kept, report, children=children, proposal=proposal)


@contextmanager
def received_file(
    *,
    content: bytes,
    name: str,
    by: User | None,
    now: datetime.datetime,
    guest_session_id: int | None = None,
    **where: int,
) -> Iterator[StoredFile]:
    """Yield an unsaved row of a file that was inspected, scanned and stored; the block saves it.

    Where the block raises, or does not save it, the bytes are removed. ``where`` says in the log where it was refused.
    Raises ValidationError on ``file``.
    """
    try:
        kind = look_into(content)
        check_ending(name.strip(), kind)
    except RefusedFileError as refusal:
        logger.warning("file_refused", user=by.pk if by else None, size=len(content), **where)
        raise ValidationError({"file": str(refusal)}) from None
    said = scan(content)
    if said == Scan.FOUND:
        logger.warning("harmful_file_refused", user=by.pk if by else None, size=len(content), **where)
        raise ValidationError({"file": HARMFUL})
    kept = StoredFile(
        stored_as=storing.put(content),
        original_name=clean_name(name),
        kind=kind.key,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
        guest_session_id=guest_session_id,
        uploaded_at=now,
        scan=said,
        scanned_at=now if said == Scan.CLEAN else None,
    )
    try:
        yield kept
    except BaseException:
        storing.drop(kept.stored_as)
        raise
    if kept.pk is None:
        storing.drop(kept.stored_as)


def _record(kept: StoredFile, report: Report, *, children: Iterable[ConferenceChild], proposal: str) -> Attachment:
    chosen = children_in_conference(report.conference, children)
    in_force = report.attachments.filter(withdrawn_at__isnull=True)
    same = in_force.filter(file__sha256=kept.sha256).select_related("file").first()
    if same is not None:
        return same
    if in_force.count() >= MOST_FILES:
        raise ValidationError({"file": f"There are {MOST_FILES} files in this report already. Take one out first."})
    kept.save()
    attachment = Attachment.objects.create(report=report, file=kept, proposal=proposal)
    attachment.children.set(chosen)
    return attachment


@transaction.atomic
def withdraw_attachment(
    *,
    attachment: Attachment,
    because: str,
    by: User | None,
    now: datetime.datetime,
    guest_session_id: int | None = None,
) -> Attachment:
    """Withdraw a file from a report: who, when and why stay on record, but no one can open it.

    A file in a draft is withdrawn from that draft only. A file in a submitted report is withdrawn from every
    version, because it should not have been sent: wrong child, wrong family. Idempotent. Raises ValidationError
    on ``because``.
    """
    lock_conference(attachment.report.conference)
    row = Attachment.objects.select_for_update(of=("self",)).select_related("report").get(pk=attachment.pk)
    if row.withdrawn_at is not None:
        return row
    reason = text_of("because", because, "Say why the file is taken out.")
    who = written("withdrawn", by, guest_session_id)
    rows = Attachment.objects.select_for_update().filter(file=row.file_id, withdrawn_at__isnull=True)
    if row.report.state == ReportState.DRAFT:
        rows = rows.filter(pk=row.pk)
    for each in rows:
        each.withdrawn_at, each.withdrawn_because = now, reason
        for column, value in who.items():
            setattr(each, column, value)
        each.save(update_fields=["withdrawn_at", "withdrawn_because", *who])
    reconcile(family_ids=[row.report.conference.family_id], now=now)
    row.refresh_from_db()
    return row


def scan_waiting_files(*, now: datetime.datetime) -> int:
    """Ask the scanner about files that came while it was away; return how many it answered.

    Stops at the first file without an answer: the next round asks again. A file in which something is found
    stays closed for good, and its bytes are deleted.
    """
    answered = 0
    for pk in StoredFile.objects.filter(scan=Scan.WAITING).order_by("uploaded_at").values_list("pk", flat=True):
        row = StoredFile.objects.get(pk=pk)
        content = storing.get(row.stored_as)
        if content is None:
            continue
        said = scan(content)
        if said == Scan.WAITING:
            break
        _note_scan(row, said, now=now)
        answered += 1
    return answered


@transaction.atomic
def _note_scan(row: StoredFile, said: Scan, *, now: datetime.datetime) -> None:
    locked = StoredFile.objects.select_for_update().get(pk=row.pk)
    if locked.scan != Scan.WAITING:
        return
    locked.scan, locked.scanned_at = said, now
    locked.save(update_fields=["scan", "scanned_at"])
    families = Attachment.objects.filter(file=locked).values_list("report__conference__family", flat=True)
    reconcile(family_ids=sorted(set(families)), now=now)
    if said == Scan.FOUND:
        logger.warning("harmful_file_found", file=locked.pk)
        transaction.on_commit(lambda: storing.drop(locked.stored_as))
