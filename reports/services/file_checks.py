"""Letting a file of a report reach one person in the family, or keeping it back."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.access import may
from conferences.services.guards import text_of
from deadlines.services import reconcile
from families.models import Person
from reports.enums import FileAnswer, FileChecker, ReportState
from reports.models import Attachment, FileCheck
from reports.selectors.file_checks import file_for_readers
from reports.selectors.papers import children_of_author
from reports.services.locking import lock_before_the_end
from reports.services.sharing import due_for
from reports.uploads import storing
from reports.uploads.file_types import RefusedFileError
from reports.uploads.sandbox import without_metadata

NOT_IN_PART = "It is also about a child who is not theirs. A file can’t be shown in part."


def checker_of(user: User, attachment: Attachment) -> FileChecker | None:
    """Return as whom the user looks at a file: the coordinator, or who arranges for the case; None for anyone else."""
    conference = attachment.report.conference
    if may(user, conference, to="minutes"):
        return FileChecker.COORDINATOR
    return FileChecker.WORKER if may(user, conference, to="arrange") else None


@transaction.atomic
def check_file(
    *, attachment: Attachment, person: Person, answer: str, by: User, now: datetime.datetime, reason: str = ""
) -> FileCheck:
    """Record what the social worker or the coordinator says of one file for one reader; the newest of each counts.

    In order: locks the conference; looks that the report is in and the file in force, that the reader is due the report
    and every child it is about is theirs; that it can be given out without what it says about itself; that the other
    look was somebody else's; writes the answer; notes whose look is still missing. The same again
    changes nothing. Raises ValidationError on ``answer`` or ``reason``.
    """
    lock_before_the_end(attachment.report.conference, after="The meeting is over. No file goes out for it any more.")
    row = (
        Attachment.objects.select_for_update(of=("self",))
        .select_related("report__conference__authority", "report__author", "file")
        .get(pk=attachment.pk)
    )
    if row.withdrawn_at is not None or row.report.state != ReportState.SUBMITTED:
        raise ValidationError("This file is not part of the report any more.")
    checker = checker_of(by, row)
    if checker is None:
        raise ValidationError("Only the social worker and the coordinator look at a file for a reader.")
    due = due_for(row.report, person.pk)
    if due is None:
        raise ValidationError("This report is not about their child, so its files are not shown to them.")
    if answer not in FileAnswer.values:
        raise ValidationError({"answer": "Choose whether they may have it."})
    said = text_of("reason", reason, "Say why it may not reach them.") if answer == FileAnswer.MAY_NOT else ""
    own = [one.pk for one in children_of_author(row.report.author, row.report.conference.children.present())]
    stands = file_for_readers(row, [due], own)[0]
    mine, other = (
        (stands.coordinator, stands.worker)
        if checker == FileChecker.COORDINATOR
        else (stands.worker, stands.coordinator)
    )
    if mine is not None and (mine.answer, mine.reason, mine.by_id) == (answer, said, by.pk):
        return mine
    if answer == FileAnswer.MAY:
        if stands.about_others:
            raise ValidationError({"answer": NOT_IN_PART})
        if due.waits:
            raise ValidationError({"answer": "The chair has not yet decided how this person takes part."})
        if other is not None and other.by_id == by.pk:
            raise ValidationError({"answer": "You looked at it for this reader already. Someone else has to look too."})
        clean_copy(row)
    made = FileCheck.objects.create(
        attachment=row, person=person, checker=checker, answer=answer, reason=said, by=by, at=now
    )
    reconcile(family_ids=[row.report.conference.family_id], now=now)
    return made


def clean_copy(attachment: Attachment) -> bytes:
    """Return the file without what it says about itself. Raises ValidationError on ``answer`` where that can't be."""
    content = storing.get(attachment.file.stored_as) if attachment.file.opens else None
    if content is None:
        raise ValidationError({"answer": "The file can’t be opened now. Try again once it has been scanned."})
    try:
        return without_metadata(content, attachment.file.file_kind)
    except RefusedFileError as refusal:
        raise ValidationError({"answer": str(refusal)}) from None
