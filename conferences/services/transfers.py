"""Records that children with another council's plan have moved here, and what came of it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Conference
from conferences.selectors.children import short_name_of
from conferences.selectors.transfers import NOT_OVER, running_transfer
from deadlines.policies import policy_for
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.enums import LASTING_TRANSFERS, TransferState
from families.models import Child, Family, FamilyMember, TransferIn
from families.services.cases import lock_family


@transaction.atomic
def record_transfer_in(
    *,
    family: Family,
    children: Sequence[Child],
    notified_on: datetime.date,
    from_authority: str,
    told_by: str,
    plan_there: str,
    by: User,
    now: datetime.datetime,
) -> list[TransferIn]:
    """Record that this council was told of children who moved here with another council's plan.

    In order: records one row for each child, with the day in London on which the council was told and the
    policy then in force, from which the time limit of the transfer-in conference is counted (Working Together
    to Safeguard Children), whether or not a conference is requested; counts the deadlines. Returns the existing
    rows for the same notification. Raises ValidationError by field: a future day, no child, a child who does
    not belong to the family, no council, no informant, a child whose move is recorded and not settled, or a day
    without a policy.
    """
    locked = lock_family(family)
    errors: dict[str, str] = {}
    if notified_on > civil_day(now):
        errors["notified_on"] = "This day is in the future. Enter the day we were told."
    if not from_authority.strip():
        errors["from_authority"] = "Enter the council that has the plan."
    if not told_by.strip():
        errors["told_by"] = "Enter who told us."
    members = FamilyMember.objects.filter(family=locked, ends_on__isnull=True).values("person")
    belong = set(Child.objects.findable().filter(person__in=members).values_list("pk", flat=True))
    if not children:
        errors["children"] = "Choose at least one child."
    elif any(child.pk not in belong for child in children):
        errors["children"] = "Choose children who belong to this family."
    if errors:
        raise ValidationError(errors)
    running = {child.pk: running_transfer(child) for child in children}
    same = [
        row
        for row in running.values()
        if row and (row.notified_on, row.from_authority) == (notified_on, from_authority.strip())
    ]
    if len(same) == len(children):
        return same
    known = [(child, row) for child in children if (row := running[child.pk])]
    if known:
        child, row = known[0]
        raise ValidationError(
            {
                "children": f"A move of {short_name_of(child)} is already recorded: we were told on "
                f"{row.notified_on:%-d %B %Y}. The first news counts."
            }
        )
    policy = policy_for(locked.authority_id, on=notified_on)
    made = [
        TransferIn.objects.create(
            family=locked,
            child=child,
            notified_on=notified_on,
            policy_version_id=policy.version_id,
            from_authority=from_authority.strip(),
            told_by=told_by.strip(),
            plan_there=plan_there.strip(),
            recorded_by=by,
            recorded_at=now,
        )
        for child in children
    ]
    reconcile(family_ids=[locked.pk], now=now)
    return made


@transaction.atomic
def settle_transfer(*, transfer: TransferIn, state: str, reason: str, by: User, now: datetime.datetime) -> TransferIn:
    """Record what came of a move: for good, temporary, refused, returned, or recorded by mistake.

    In order: records the state with its reason; counts the deadlines. Only a move for good keeps the
    conference's time limit running. The same state again changes nothing. Raises ValidationError on ``state``,
    or where a conference about the child is arranged that the move would no longer need; on ``reason`` without
    one.
    """
    locked = TransferIn.objects.select_for_update(no_key=True, of=("self",)).select_related("child").get(pk=transfer.pk)
    if state not in TransferState.values or state == TransferState.TOLD:
        raise ValidationError({"state": "Choose the outcome of the move."})
    if locked.state == state and locked.state_reason == reason.strip():
        return locked
    if not reason.strip():
        raise ValidationError({"reason": "Say what this is based on."})
    arranged = Conference.objects.filter(
        children__transfer=locked, children__withdrawn_at__isnull=True, status__in=NOT_OVER
    )
    if state not in LASTING_TRANSFERS and arranged.exists():
        raise ValidationError({"state": "A conference about this move is already arranged. Cancel first."})
    locked.state = state
    locked.state_reason = reason.strip()
    locked.state_by = by
    locked.state_at = now
    locked.save(update_fields=["state", "state_reason", "state_by", "state_at"])
    reconcile(family_ids=[locked.family_id], now=now)
    return locked
