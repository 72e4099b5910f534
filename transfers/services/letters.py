"""Letters from elsewhere: accepted as files of a report are, kept as they came, taken out with a reason."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from deadlines.working_days.arithmetic import civil_day
from families.models import TransferIn
from plans.models import Plan
from reports.models import StoredFile
from reports.services.files import received_file
from transfers.enums import LetterKind
from transfers.models import CouncilLetter, TransferredChild

Matter = TransferredChild | TransferIn | Plan
KIND_OF: dict[type, tuple[LetterKind, str]] = {
    TransferredChild: (LetterKind.ACCEPTANCE, "moved"),
    TransferIn: (LetterKind.ENDING, "transfer_in"),
    Plan: (LetterKind.LEFT_UK, "plan"),
}


def add_letter(
    *,
    matters: Sequence[Matter],
    content: bytes,
    name: str,
    from_whom: str,
    dated_on: datetime.date,
    by: User,
    now: datetime.datetime,
) -> list[CouncilLetter]:
    """Keep a letter for each of ``matters``: children of one transfer, one move here, or one plan.

    The file is inspected, scanned and stored as those of reports are; the type is told from its content. The
    same bytes for the same matter are kept once. Raises ValidationError by field: no child, nobody who wrote it, a
    date in the future, a file that is refused.
    """
    faults: dict[str, str] = {}
    if not matters:
        faults["children"] = "Choose the children whom the letter is about"
    if not from_whom.strip():
        faults["from_whom"] = "Say who wrote it"
    if dated_on > civil_day(now):
        faults["dated_on"] = "The letter can’t be dated in the future"
    if faults:
        raise ValidationError(faults)
    with received_file(content=content, name=name, by=by, now=now, letter_of=matters[0].pk) as kept:
        return _record(kept, matters, from_whom=from_whom.strip(), dated_on=dated_on, by=by, now=now)


@transaction.atomic
def _record(
    kept: StoredFile,
    matters: Sequence[Matter],
    *,
    from_whom: str,
    dated_on: datetime.date,
    by: User,
    now: datetime.datetime,
) -> list[CouncilLetter]:
    found: list[CouncilLetter] = []
    for matter in matters:
        kind, column = KIND_OF[type(matter)]
        type(matter)._default_manager.select_for_update(no_key=True, of=("self",)).get(pk=matter.pk)
        in_force = CouncilLetter.objects.filter(withdrawn_at__isnull=True, **{column: matter})
        same = in_force.filter(file__sha256=kept.sha256).first()
        if same is None:
            if kept.pk is None:
                kept.save()
            same = CouncilLetter.objects.create(
                child_id=matter.child_id,
                kind=kind,
                file=kept,
                from_whom=from_whom,
                dated_on=dated_on,
                recorded_by=by,
                recorded_at=now,
                **{column: matter},
            )
        found.append(same)
    return found


@transaction.atomic
def take_out_letter(*, letter: CouncilLetter, because: str, by: User, now: datetime.datetime) -> CouncilLetter:
    """Take a letter out, with the reason: no one opens it any more, and the row says that it was here.

    A no-op on one taken out. Raises ValidationError without a reason.
    """
    locked = CouncilLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if locked.withdrawn_at is not None:
        return locked
    if not because.strip():
        raise ValidationError({"because": "Say why it is taken out"})
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = now, by, because.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    return locked
