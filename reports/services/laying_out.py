"""One recipient's copy as a file: served from storage, or laid out by a worker if it is missing.

Composing a copy, with every check of whether it may go out today, takes milliseconds; laying it out takes
seconds. So the first is done each time the copy is given out, and the second once. A stored file is given out
only if the copy composed today is the one it was made from.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F

from accounts.encryption import CannotBeOpened, seal_file, unseal_file
from reports.copies import Composed
from reports.enums import PaperFailure, PaperRetired, PaperState
from reports.models import Copy, Document, LaidOutPaper
from reports.pdf import Stamp, checksum_of, render
from reports.services.documents import composed_copy
from reports.services.kept_papers import FOR_SOMEBODY, retire_papers, wake_worker
from reports.services.refusals import CopyRefusedError
from reports.uploads import storing

logger = structlog.get_logger(__name__)

# Longer than a worker may take for one paper (reports.tasks): after that the worker is dead.
LEASE = datetime.timedelta(minutes=5)
RETRY_AFTER = (datetime.timedelta(minutes=1), datetime.timedelta(minutes=5))
MAX_TRIES = len(RETRY_AFTER) + 1
# Opening the page of a paper that failed this long ago tries again.
TRY_ANEW_AFTER = datetime.timedelta(minutes=10)
# The page of a waiting paper reloads after this many seconds, and stops once it has waited too long.
LOOK_AGAIN_SECONDS = 5
SLOW_AFTER = datetime.timedelta(minutes=10)


@dataclass(frozen=True)
class GivenOut:
    """A paper as it may go out today; ``file`` is None while it is being laid out, or if that failed."""

    paper: LaidOutPaper
    file: bytes | None
    now: datetime.datetime

    @property
    def is_failed(self) -> bool:
        return self.paper.is_failed

    @property
    def status(self) -> int:
        """Return the HTTP status for the request: available, not yet, or unavailable."""
        if self.file is not None:
            return HTTPStatus.OK
        return HTTPStatus.SERVICE_UNAVAILABLE if self.is_failed else HTTPStatus.ACCEPTED

    @property
    def is_slow(self) -> bool:
        """Return whether it has waited longer than a page should keep reloading."""
        return self.now - self.paper.requested_at > SLOW_AFTER

    @property
    def look_again_seconds(self) -> int | None:
        """Return after how many seconds the page reloads by itself; None if it does not."""
        return None if self.is_failed or self.is_slow else LOOK_AGAIN_SECONDS

    @property
    def tried_anew_at(self) -> datetime.datetime | None:
        """Return the moment from which opening the page tries a failed paper again."""
        return self.paper.failed_at + TRY_ANEW_AFTER if self.is_failed and self.paper.failed_at else None


def stamp_of(document: Document, *, is_large: bool = False) -> Stamp:
    """Return what the version says about itself on each page, in ordinary or in large print."""
    return Stamp(
        number=document.number,
        prepared_at=document.prepared_at,
        released_at=document.released_at,
        released_by=document.released_by.name if document.released_by else "",
        standing_in_for=document.standing_in_for.name if document.standing_in_for else "",
        released_as=document.released_as,
        is_large=is_large,
    )


def give_out(document: Document, recipient_id: int, *, now: datetime.datetime, is_large: bool = False) -> GivenOut:
    """Return one recipient's copy as it may go out today, in ordinary or in large print: two files of one content.

    In order:
    1. composes the copy, with all checks of composed_copy; a refusal retires the stored file;
    2. finds and opens the file that was made from the same copy and stamp;
    3. if there is none, asks a worker for it; if laying out failed a while ago, asks again.

    Nothing is laid out here. Raises CopyRefusedError as composed_copy does.
    """
    paper = paper_for(document, recipient_id, now=now, is_large=is_large)
    if paper.is_ready:
        file = _opened(paper)
        if file is not None:
            return GivenOut(paper, file, now)
        logger.warning("kept_paper_lost", paper=paper.pk)
        retire_papers(LaidOutPaper.objects.filter(pk=paper.pk), PaperRetired.LOST, now=now)
        paper = paper_for(document, recipient_id, now=now, is_large=is_large)
    return GivenOut(paper, None, now)


def paper_for(
    document: Document,
    recipient_id: int,
    *,
    now: datetime.datetime,
    is_large: bool = False,
    composed: Composed | None = None,
) -> LaidOutPaper:
    """Return the file of the copy as it may go out today, or the request for it; ``composed`` where just composed.

    Raises CopyRefusedError, and retires the stored files then, of both prints.
    """
    try:
        copy = composed or composed_copy(document, recipient_id, now=now)
    except CopyRefusedError:
        retire_refused(document, recipient_id, now=now)
        raise
    made_from = checksum_of(copy, stamp_of(document, is_large=is_large))
    of_recipient = LaidOutPaper.objects.filter(document=document, is_large=is_large, **document.to(recipient_id))
    ready = of_recipient.filter(state=PaperState.READY, made_from=made_from).first()
    return ready or _asked_for(document, recipient_id, made_from, now=now, is_large=is_large)


def retire_refused(document: Document, recipient_id: int, *, now: datetime.datetime) -> None:
    """Retire the stored files of a copy that may not go out."""
    of_recipient = LaidOutPaper.objects.filter(document=document, **document.to(recipient_id))
    retire_papers(of_recipient, PaperRetired.REFUSED, now=now)


def _asked_for(
    document: Document, recipient_id: int, made_from: str, *, now: datetime.datetime, is_large: bool
) -> LaidOutPaper:
    of_recipient = LaidOutPaper.objects.filter(document=document, is_large=is_large, **document.to(recipient_id))
    with transaction.atomic():
        retire_papers(of_recipient.exclude(made_from__in=["", made_from]), PaperRetired.CHANGED, now=now)
        # Two simultaneous requests get one row: the constraint makes the second find the first's.
        LaidOutPaper.objects.bulk_create(
            [
                LaidOutPaper(
                    document=document,
                    is_large=is_large,
                    made_from=made_from,
                    requested_at=now,
                    take_after=now,
                    **document.to(recipient_id),
                )
            ],
            ignore_conflicts=True,
        )
        paper = of_recipient.exclude(state=PaperState.RETIRED).select_for_update(of=("self",)).first()
        if paper is None:
            # Another request has retired the row that blocked ours.
            return _asked_for(document, recipient_id, made_from, now=now, is_large=is_large)
        if paper.is_failed and paper.failed_at and now - paper.failed_at >= TRY_ANEW_AFTER:
            paper.state, paper.tries, paper.requested_at, paper.take_after = PaperState.WAITING, 0, now, now
            paper.save(update_fields=["state", "tries", "requested_at", "take_after"])
        if paper.state == PaperState.WAITING and paper.take_after <= now:
            transaction.on_commit(lambda: wake_worker(paper.pk, priority=FOR_SOMEBODY, expires=60), robust=True)
    return paper


def _opened(paper: LaidOutPaper) -> bytes | None:
    """Return the bytes as they were laid out; None if they are gone, or no key decrypts them."""
    sealed = storing.get(paper.stored_as)
    if sealed is None:
        return None
    try:
        file = unseal_file(sealed, lies_under=str(paper.stored_as))
    except CannotBeOpened:
        return None
    return file if hashlib.sha256(file).hexdigest() == paper.sha256 else None


def lay_out(pk: int, *, now: datetime.datetime) -> bool:
    """Lay one paper out and store it, in a worker; return False if there was nothing to do or it failed.

    In order, and outside a transaction during the slow steps:
    1. claims the paper, so that two workers do not lay out the same one;
    2. composes the copy with all checks; a refusal retires the request, as does a copy that changed in the
      meantime;
    3. lays it out and stores it encrypted;
    4. marks it as ready, and adds its checksum to sendings recorded earlier; if it was retired in the meantime,
      the file is deleted.

    A failed attempt is repeated after one minute and after five; then the paper is marked as failed.
    """
    taken = LaidOutPaper.objects.filter(pk=pk, state=PaperState.WAITING, take_after__lte=now).update(
        tries=F("tries") + 1, take_after=now + LEASE
    )
    if not taken:
        return False
    rows = LaidOutPaper.objects.filter(pk=pk)
    paper = rows.select_related("document__conference", "document__released_by", "document__standing_in_for").get()
    if paper.tries > MAX_TRIES:
        _fail(paper, PaperFailure.KILLED, now=now)
        return False
    try:
        copy = composed_copy(paper.document, paper.for_whom, now=now)
        stamp = stamp_of(paper.document, is_large=paper.is_large)
        made_from = checksum_of(copy, stamp)
        if paper.made_from not in {"", made_from}:
            retire_papers(rows, PaperRetired.CHANGED, now=now)
            return False
        file = render(copy, stamp)
        storing.put(seal_file(file, lies_under=str(paper.stored_as)), paper.stored_as)
    except CopyRefusedError:
        retire_papers(rows, PaperRetired.REFUSED, now=now)
        return False
    except Exception as reason:  # noqa: BLE001 - whatever a layout breaks on, the next paper has its turn
        # Only the type: the message may contain words of the copy.
        logger.warning("paper_not_laid_out", paper=pk, reason=type(reason).__name__)
        _fail(paper, _failure(reason), now=now)
        return False
    return _keep(paper, made_from, file, now=now)


def _failure(reason: Exception) -> PaperFailure:
    if isinstance(reason, SoftTimeLimitExceeded):
        return PaperFailure.TIME
    return PaperFailure.MEMORY if isinstance(reason, MemoryError) else PaperFailure.ERROR


def _fail(paper: LaidOutPaper, because: PaperFailure, *, now: datetime.datetime) -> None:
    """Record a failed attempt; after the last one the paper is marked as failed."""
    facts = {"failed_at": now, "failed_because": because}
    if paper.tries < MAX_TRIES:
        facts |= {"take_after": now + RETRY_AFTER[paper.tries - 1]}
    else:
        facts |= {"state": PaperState.FAILED}
        logger.error("paper_failed", paper=paper.pk, reason=str(because))
    LaidOutPaper.objects.filter(pk=paper.pk, state=PaperState.WAITING).update(**facts)


@transaction.atomic
def _keep(paper: LaidOutPaper, made_from: str, file: bytes, *, now: datetime.datetime) -> bool:
    sha256 = hashlib.sha256(file).hexdigest()
    kept = LaidOutPaper.objects.filter(pk=paper.pk, state=PaperState.WAITING).update(
        state=PaperState.READY,
        made_from=made_from,
        sha256=sha256,
        size=len(file),
        laid_out_at=now,
        failed_at=None,
        failed_because="",
    )
    if not kept:
        storing.drop(paper.stored_as)
        return False
    sent = Copy.objects.filter(
        document=paper.document_id,
        recipient=paper.recipient_id,
        member=paper.member_id,
        person=paper.person_id,
        is_large=paper.is_large,
        checksum="",
    )
    sent.update(checksum=sha256)
    return True
