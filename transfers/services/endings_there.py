"""The other council’s written ending of its plan for a child who moved here."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from deadlines.working_days.arithmetic import civil_day
from families.models import TransferIn
from govuk import words
from plans.selectors.listed_children import HERE_WITH_A_PLAN
from transfers.selectors.transfers_in import own_plan_after


@transaction.atomic
def end_plan_there(
    *, transfer: TransferIn, ended_on: datetime.date, letter_kept: str, by: User, now: datetime.datetime
) -> TransferIn:
    """Record that the other council ended its plan in writing: only then does that plan leave our list.

    The letter is one that was uploaded, or a reference to where it is kept. Where our own plan began, theirs leaves
    the list on the very day ours began: no day lies between, and none has both. The same again changes nothing. Raises
    ValidationError by field: no letter, a day in the future, before we were told or another day than ours began, an
    ending recorded already; and for a child who is not here with a plan.
    """
    locked = TransferIn.objects.select_for_update(no_key=True, of=("self",)).select_related("child").get(pk=transfer.pk)
    letter = locked.letters.filter(withdrawn_at__isnull=True).last()
    kept = letter_kept.strip() or (letter.reference if letter else "")
    if (locked.ended_there_on, locked.ended_there_letter) == (ended_on, kept):
        return locked
    if locked.ended_there_on is not None:
        raise ValidationError(
            f"Its ending on {words.plain_date(locked.ended_there_on)} is recorded already. Nothing was changed."
        )
    if locked.state not in HERE_WITH_A_PLAN:
        raise ValidationError("This child is not here with another council’s plan.")
    faults: dict[str, str] = {}
    if not kept:
        faults["letter_kept"] = "Upload its letter first, or say where it is kept"
    own = own_plan_after(locked)
    if ended_on > civil_day(now):
        faults["ended_on"] = "This day is in the future"
    elif ended_on < locked.notified_on:
        faults["ended_on"] = f"We were told of the move on {words.plain_date(locked.notified_on)}. It ended later"
    elif own is not None and ended_on < own.starts_on:
        faults["ended_on"] = (
            f"Our plan began on {words.plain_date(own.starts_on)}, so theirs stood until then. Ask them to confirm it"
        )
    elif own is not None and ended_on > own.starts_on:
        faults["ended_on"] = (
            f"Our plan began on {words.plain_date(own.starts_on)}: theirs leaves our list that day. "
            "Ask them to confirm it as the last day of theirs"
        )
    if faults:
        raise ValidationError(faults)
    locked.ended_there_on, locked.ended_there_letter = ended_on, kept
    locked.ended_there_by, locked.ended_there_at = by, now
    locked.save(update_fields=["ended_there_on", "ended_there_letter", "ended_there_by", "ended_there_at"])
    return locked
