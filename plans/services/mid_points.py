"""Records the chair's check of a plan between two conferences, and what a manager decides about it."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from notifications.services.outbox import notify
from plans.enums import Checked, MidPointOutcome
from plans.models import MidPointCheck, Plan
from plans.selectors.managers import family_of, managers_of
from plans.selectors.mid_points import decides_mid_point, is_checked, last_conference, may_check, standing_check
from plans.services.plans import families_of

# What a check finds where nothing is wrong; anything else needs words.
AS_IT_SHOULD_BE = {
    "actions_moving": Checked.YES,
    "groups_held": Checked.YES,
    "child_seen": Checked.YES,
    "drifting": Checked.NO,
    "review_needed": Checked.NO,
}
ENDED = "This plan has ended, or is not one that a chair checks. Nothing was changed."


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the chair found, and whether it goes to a manager now."""

    actions_moving: Checked | str
    groups_held: Checked | str
    child_seen: Checked | str
    drifting: Checked | str
    review_needed: Checked | str
    note: str = ""
    escalated: bool = False


@transaction.atomic
def record_mid_point(
    *, plan: Plan, found: Found, replaces: int | None, by: User, now: datetime.datetime
) -> MidPointCheck:
    """Record what the chair of the last conference found about a plan before the next one.

    In order: locks the plan; replaces the check that stood since that conference, which is kept; tells the managers at
    once where the chair takes it to them; counts the deadlines. The same again changes nothing. Raises ValidationError
    by field: a question without an answer, no words on what is not as it should be or on what the manager has to know;
    for someone else than the chair; where the manager has still to decide about the check before and this one does not
    go to them; and where another check was recorded since ``replaces``, the id of the one that was shown.
    """
    locked = Plan.objects.select_for_update(of=("self",), no_key=True).select_related("child__person").get(pk=plan.pk)
    if not is_checked(locked):
        raise ValidationError(ENDED)
    on, last = civil_day(now), last_conference(locked)
    if not may_check(by, locked, last, on=on):
        raise ValidationError("The chair of the last conference, or who stands in for them, records this.")
    said = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(found).items()}
    current = standing_check(locked, last.day)
    if current is not None and {name: getattr(current, name) for name in said} == said:
        return current
    if faults := _faults(said):
        raise ValidationError(faults)
    if (current.pk if current else None) != replaces:
        raise ValidationError(
            "Another check was recorded while you had the page open. Look at it, then save yours again."
        )
    if current is not None:
        if current.waits_for_manager and not found.escalated:
            raise ValidationError(
                {"escalated": "The check before is with the manager. Take this one to them too, or wait for them"}
            )
        current.replaced_at = now
        current.save(update_fields=["replaced_at"])
    made = MidPointCheck.objects.create(plan=locked, counts_from=last.day, recorded_by=by, recorded_at=now, **said)
    if made.escalated:
        _tell_managers(made, on=on, now=now)
    reconcile(family_ids=families_of(locked.child, on=on), now=now)
    return made


def _faults(said: dict[str, str | bool]) -> dict[str, str]:
    faults = {name: "Choose an answer" for name in AS_IT_SHOULD_BE if said[name] not in Checked.values}
    if not said["note"]:
        if said["escalated"]:
            faults["note"] = "Say what the manager has to know"
        elif any(said[name] != good for name, good in AS_IT_SHOULD_BE.items()):
            faults["note"] = "Say what you found, and what is done about it"
    return faults


def _tell_managers(check: MidPointCheck, *, on: datetime.date, now: datetime.datetime) -> None:
    for manager in managers_of(check.plan, on=on):
        notify(
            user=manager,
            key=f"mid-point:{check.pk}:{manager.pk}",
            text=f"{_case_of(check.plan)}: the chair checked a child’s plan between conferences. Please decide.",
            url=reverse("plans:decide-mid-point", args=[check.plan_id, check.pk]),
            urgent=True,
            now=now,
        )


@transaction.atomic
def decide_mid_point(
    *, check: MidPointCheck, outcome: MidPointOutcome | str, reason: str, by: User, now: datetime.datetime
) -> MidPointCheck:
    """Decide, as a manager, what happens about what a chair found. Nothing here ends or lowers a plan.

    Tells the chair and the key worker; counts the deadlines. The same again changes nothing. Raises ValidationError by
    field; where someone decided otherwise before, or the chair recorded the check again; for someone else than a
    manager.
    """
    plan = (
        Plan.objects.select_for_update(of=("self",), no_key=True).select_related("child__person").get(pk=check.plan_id)
    )
    row = MidPointCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if (row.outcome, row.reason, row.decided_by_id) == (outcome, reason.strip(), by.pk):
        return row
    if row.decided_at is not None:
        raise ValidationError(f"{row.decided_by.name if row.decided_by else 'Someone'} has decided this already.")
    if not row.waits_for_manager:
        raise ValidationError("The chair recorded this check again. Look at the new one.")
    if not decides_mid_point(by, plan, on=civil_day(now)):
        raise ValidationError("A manager of this case decides this.")
    faults = {}
    if outcome not in MidPointOutcome.values:
        faults["outcome"] = "Choose what happens"
    if not reason.strip():
        faults["reason"] = "Say why, and by when it is done"
    if faults:
        raise ValidationError(faults)
    row.outcome, row.reason, row.decided_by, row.decided_at = outcome, reason.strip(), by, now
    row.save(update_fields=["outcome", "reason", "decided_by", "decided_at"])
    _tell_who_asked(row, by=by, now=now)
    reconcile(family_ids=families_of(plan.child, on=civil_day(now)), now=now)
    return row


def _tell_who_asked(check: MidPointCheck, *, by: User, now: datetime.datetime) -> None:
    carrying = [row.user for row in check.plan.key_workers.filter(ends_on__isnull=True).select_related("user")]
    for user in {user.pk: user for user in [check.recorded_by, *carrying]}.values():
        if user.is_active and user.pk != by.pk:
            notify(
                user=user,
                key=f"mid-point-decided:{check.pk}:{user.pk}",
                text=f"{_case_of(check.plan)}: a manager decided about what the chair found between conferences.",
                url=reverse("plans:plan", args=[check.plan_id]),
                now=now,
            )


def _case_of(plan: Plan) -> str:
    family = family_of(plan.child)
    return f"Case {family.case_number}" if family else "A case"
