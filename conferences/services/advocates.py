"""That an advocate was offered to a child or parent, and what became of it."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import AdvocateAnswer
from conferences.models import AdvocateOffer, Participant
from conferences.selectors.advocates import may_be_offered, offer_to
from conferences.services.exclusions import lock_participant
from deadlines.working_days.arithmetic import civil_day

FIELDS = ("offered_on", "offered_by", "answer", "provider", "came")
MEANWHILE = "Someone else has recorded this meanwhile. Read what they wrote, then save yours if it still holds."


@transaction.atomic
def record_advocate_offer(
    *,
    participant: Participant,
    answer: str,
    by: User,
    now: datetime.datetime,
    offered_on: datetime.date | None = None,
    offered_by: str = "",
    provider: str = "",
    came: str = "",
    standing: int = 0,
) -> AdvocateOffer:
    """Record the offer of an advocate to a child or parent, in place of what was recorded before.

    ``standing`` is the id of the record that the page showed, 0 for none. The same values again change nothing.
    Provider and whether the advocate came belong to an accepted offer alone. Raises ValidationError for anyone else,
    by field without when or by whom, for a day to come, and where someone recorded another answer meanwhile.
    """
    locked = lock_participant(participant)
    if not may_be_offered(locked):
        raise ValidationError("An advocate is offered to a child, a parent or a carer.")
    errors: dict[str, str] = {}
    if answer not in AdvocateAnswer.values:
        errors["answer"] = "Choose what they said."
    if answer != AdvocateAnswer.UNKNOWN and offered_on is None:
        errors["offered_on"] = "Enter the day on which it was offered."
    if offered_on is not None and offered_on > civil_day(now):
        errors["offered_on"] = "This day is still to come. Enter when it was offered."
    if answer != AdvocateAnswer.UNKNOWN and not offered_by.strip():
        errors["offered_by"] = "Enter who offered it."
    if errors:
        raise ValidationError(errors)
    accepted = answer == AdvocateAnswer.ACCEPTED
    wanted = {
        "offered_on": offered_on,
        "offered_by": offered_by.strip(),
        "answer": answer,
        "provider": provider.strip() if accepted else "",
        "came": came if accepted else "",
    }
    before = offer_to(locked)
    if before is not None and all(getattr(before, name) == wanted[name] for name in FIELDS):
        return before
    if (before.pk if before else 0) != standing:
        raise ValidationError(MEANWHILE)
    if before is not None:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    with refused_by_database():
        return AdvocateOffer.objects.create(participant=locked, recorded_by=by, recorded_at=now, **wanted)
