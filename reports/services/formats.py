"""Papers in other formats and languages: ordered, made, sent, and given out."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.services.guards import EditedMeanwhile
from families.enums import PaperFormat
from reports.models import Document, FormatAsked
from reports.pdf import checksum_of
from reports.selectors.standing import standing_documents
from reports.services.documents import composed_copy
from reports.services.files import received_file
from reports.services.laying_out import stamp_of
from reports.services.refusals import CopyRefusedError
from reports.uploads import storing
from reports.uploads.file_types import RefusedFileError
from reports.uploads.sandbox import without_metadata

NEWER = "There is a newer version of the paper. What was made of this one is not given out any more."


@transaction.atomic
def follow_format(
    *,
    row: FormatAsked,
    by: User,
    now: datetime.datetime,
    version: int,
    provider: str,
    due_on: datetime.date,
    sent_at: datetime.datetime | None = None,
    sent_how: str = "",
    file: bytes | None = None,
    name: str = "",
) -> FormatAsked:
    """Record who makes a paper in another format, until when, the file that came back, and how it was sent.

    In order: a file is looked into, scanned and stored like any other (``received_file``), and freed of what it says
    about itself when it is given out; locks the row; refuses where somebody else changed it since ``version``, and
    where the version of the paper is replaced or the copy may not go out today; writes. A file stands for exactly the
    copy as it is composed now. Raises EditedMeanwhile, CopyRefusedError, and ValidationError on ``file``, ``sent_at``
    or ``sent_how``.
    """
    if file is None:
        return _followed(row, by, now, version, provider, due_on, sent_at, sent_how, made=None)
    with received_file(content=file, name=name, by=by, now=now, format=row.pk) as made, transaction.atomic():
        try:
            without_metadata(file, made.file_kind)
        except RefusedFileError as refusal:
            raise ValidationError({"file": str(refusal)}) from None
        made.save()
        return _followed(row, by, now, version, provider, due_on, sent_at, sent_how, made=made)


def _followed(
    row: FormatAsked,
    by: User,
    now: datetime.datetime,
    version: int,
    provider: str,
    due_on: datetime.date,
    sent_at: datetime.datetime | None,
    sent_how: str,
    *,
    made: object,
) -> FormatAsked:
    locked = FormatAsked.objects.select_for_update(of=("self",)).select_related("document__conference").get(pk=row.pk)
    if locked.version != version:
        raise EditedMeanwhile(locked)
    if not locked.document.is_released:
        raise ValidationError(NEWER)
    made_from = copy_made_from(locked, now=now)
    if sent_at is not None and sent_at > now:
        raise ValidationError({"sent_at": "This time is in the future."})
    if sent_at is not None and sent_at < locked.asked_at.replace(second=0, microsecond=0):
        raise ValidationError({"sent_at": "This is before it was asked for. Check the day and the time."})
    if sent_at is not None and not sent_how.strip():
        raise ValidationError({"sent_how": "Say how it was sent."})
    locked.provider, locked.due_on = provider.strip(), due_on
    locked.sent_at, locked.sent_how = sent_at, sent_how.strip() if sent_at else ""
    if made is not None:
        locked.file, locked.made_from = made, made_from  # type: ignore[assignment]
    locked.changed_by, locked.version = by, version + 1
    locked.save()
    return locked


def copy_made_from(row: FormatAsked, *, now: datetime.datetime) -> str:
    """Return the checksum of the copy as it may go out today. Raises CopyRefusedError as composed_copy does."""
    return checksum_of(composed_copy(row.document, row.for_whom, now=now), stamp_of(row.document))


def file_given_out(row: FormatAsked, *, now: datetime.datetime) -> bytes:
    """Return the file of a format as it may go out today, without what it says about itself.

    Every check of the paper itself runs again. Raises CopyRefusedError where the paper may not go out, where a newer
    version is in force, where today's copy is not the one that the file says, or where it can't be opened.
    """
    if row.file is None or not standing_documents().filter(pk=row.document_id).exists():
        raise CopyRefusedError(NEWER)
    if copy_made_from(row, now=now) != row.made_from:
        raise CopyRefusedError("The copy has changed since this was made. It has to be made again.")
    content = storing.get(row.file.stored_as) if row.file.opens else None
    if content is None:
        raise CopyRefusedError("The file can’t be opened now.")
    try:
        return without_metadata(content, row.file.file_kind)
    except RefusedFileError as refusal:
        raise CopyRefusedError(str(refusal)) from None


def note_sent_in_large_print(document: Document, recipient_id: int, *, sent_at: datetime.datetime, how: str) -> None:
    """Note with a recorded sending that large print was asked for and is sent."""
    rows = FormatAsked.objects.filter(document=document, format=PaperFormat.LARGE, **document.to(recipient_id))
    rows.filter(sent_at__isnull=True).update(sent_at=sent_at, sent_how=how)
