"""Who explained a decision to the family, and in what words they understood it."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.models import Decision
from conferences.services.guards import text_of
from conferences.services.scheduling import lock_conference
from families.models import Person
from meetings.models import Explanation
from meetings.selectors.explanations import told_of_decision


@transaction.atomic
def record_explanation(
    *,
    decision: Decision,
    person: Person,
    told_on: datetime.date,
    understood: str,
    by: User,
    now: datetime.datetime,
    told_by: User | None = None,
    told_by_other: str = "",
) -> Explanation:
    """Record that someone explained a decision to someone of the family, and what they said they understood.

    In the room or after it; it changes nothing in the decision, and nothing waits for it. ``told_by_other`` names
    whoever has no account; else it was ``told_by``, by default whoever records it. The same entry twice is kept once.
    Raises ValidationError by field: someone who is not around the child, no words, a day in the future or before the
    decision; and for a decision that was corrected.
    """
    lock_conference(decision.conference_child.conference)
    current = Decision.objects.select_related("sitting", "conference_child__child__person").get(pk=decision.pk)
    if current.superseded_by_id is not None:
        raise ValidationError("This decision was corrected. Look at the new one.")
    today = timezone.localdate(now)
    faults: dict[str, str] = {}
    if person.pk not in {one.pk for one in told_of_decision(current, on=today)}:
        faults["person"] = "Choose someone of the family of this child"
    if told_on > today:
        faults["told_on"] = "This day is in the future"
    elif told_on < current.sitting.day:
        faults["told_on"] = "This is before the decision"
    if faults:
        raise ValidationError(faults)
    words = text_of("understood", understood, "Write what they said, in their own words")
    other = told_by_other.strip()
    teller = None if other else told_by or by
    standing = current.explanations.filter(
        person=person,
        told_on=told_on,
        understood=words,
        told_by=teller,
        told_by_other=other,
        taken_back_at__isnull=True,
    ).first()
    if standing is not None:
        return standing
    with refused_by_database():
        return Explanation.objects.create(
            decision=current,
            person=person,
            told_by=teller,
            told_by_other=other,
            told_on=told_on,
            understood=words,
            recorded_by=by,
            recorded_at=now,
        )


@transaction.atomic
def take_back_explanation(*, explanation: Explanation, because: str, by: User, now: datetime.datetime) -> Explanation:
    """Take back a wrong entry with the reason; it stays in the record. Idempotent.

    Raises ValidationError on ``because``.
    """
    locked = Explanation.objects.select_for_update(of=("self",)).get(pk=explanation.pk)
    if locked.taken_back_at is not None:
        return locked
    locked.taken_back_because = text_of("because", because, "Say why this entry is wrong")
    locked.taken_back_at, locked.taken_back_by = now, by
    locked.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_because"])
    return locked
