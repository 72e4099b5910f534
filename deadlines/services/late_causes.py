"""Say why a deadline is late, and agree to it. Nothing here ever stops or moves a clock."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from deadlines.models import Deadline, LateCause
from deadlines.policies import policy_of
from deadlines.selectors.late_causes import asked_of, may_agree_to_cause, may_explain


@transaction.atomic
def explain_late(*, deadline: Deadline, cause: str, reason: str, by: User, now: datetime.datetime) -> LateCause:
    """Record what made a deadline late, and why; what was said before is kept and replaced in the open.

    In order: locks the deadline; records cause and reason, which the writer's manager has to agree to where the
    council's procedures say so (`late-agreed-by`). The same words again change nothing. Raises ValidationError for
    anyone who is not responsible and to whom it has not gone up the line, for a deadline that is in time or belongs to
    a booked conference, and by field for a cause not in the council's list, or without a reason.
    """
    locked = Deadline.objects.select_for_update(no_key=True).get(pk=deadline.pk)
    if not may_explain(by, locked, now=now):
        raise ValidationError(
            "Only whoever is responsible for a late deadline says why, and managers once it has gone up to them."
        )
    faults = {}
    if cause not in dict(policy_of(locked.policy_version_id).lateness_causes):
        faults["cause"] = "Choose what makes it late."
    if not reason.strip():
        faults["reason"] = "Say why it is late."
    if faults:
        raise ValidationError(faults)
    standing = LateCause.objects.filter(deadline=locked, replaced_at__isnull=True).first()
    if standing is not None and (standing.cause, standing.reason) == (cause, reason.strip()):
        return standing
    if standing is not None:
        standing.replaced_at = now
        standing.save(update_fields=["replaced_at"])
    with refused_by_database():
        return LateCause.objects.create(
            deadline=locked,
            cause=cause,
            reason=reason.strip(),
            recorded_by=by,
            recorded_at=now,
            asked_of=asked_of(locked),
        )


@transaction.atomic
def explain_together(
    *, deadlines: Iterable[Deadline], cause: str, reason: str, by: User, now: datetime.datetime
) -> list[LateCause]:
    """Record the same about several late deadlines, such as those of brothers and sisters: all of them, or none."""
    rows = sorted(deadlines, key=lambda row: row.pk)
    return [explain_late(deadline=row, cause=cause, reason=reason, by=by, now=now) for row in rows]


@transaction.atomic
def agree_together(*, causes: Iterable[LateCause], by: User, now: datetime.datetime) -> list[LateCause]:
    """Agree to the same words about several late deadlines: to all of them, or to none."""
    return [agree_to_cause(cause=row, by=by, now=now) for row in sorted(causes, key=lambda row: row.pk)]


@transaction.atomic
def agree_to_cause(*, cause: LateCause, by: User, now: datetime.datetime) -> LateCause:
    """Agree to what was said about a late deadline, as whoever the procedures name. Agreeing twice changes nothing.

    Raises ValidationError for anyone else, for who said it, and where it was replaced meanwhile.
    """
    locked = LateCause.objects.select_for_update(of=("self",), no_key=True).select_related("deadline").get(pk=cause.pk)
    if locked.agreed_at is not None:
        return locked
    if locked.replaced_at is not None:
        raise ValidationError("This was said otherwise since you opened the page. Read it again.")
    if not may_agree_to_cause(by, locked):
        raise ValidationError("Someone else whom the council’s procedures name has to agree to this.")
    locked.agreed_by, locked.agreed_at = by, now
    locked.save(update_fields=["agreed_by", "agreed_at"])
    return locked
