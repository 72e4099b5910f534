"""Hands a plan over to another key worker, and records that the family was told."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import TEAM_ROLES, Role
from accounts.models import RoleAssignment, User
from deadlines.services import reconcile
from families.models import FamilyMember
from govuk.words import plain_date
from notifications.services.outbox import notify
from plans.access import is_barred_from
from plans.events import key_worker_changed
from plans.models import KeyWorker, Plan
from plans.services.news_of_plans import family_was_told, tell_of_key_worker
from plans.services.plans import families_of

CAN_NOT = "{name} can’t be key worker here. Choose someone else."


@transaction.atomic
def hand_over_plan(
    *,
    plan: Plan,
    to: User,
    on: datetime.date,
    because: str,
    is_interim: bool,
    by: User,
    now: datetime.datetime,
    family_told_on: datetime.date | None = None,
    family_told_how: str = "",
) -> KeyWorker:
    """Make a user the key worker of an open plan from a day, ending the previous one's term on it.

    Tells both, and the members of the core group; asks for the family and whoever has no account to be told; counts
    the deadlines. Idempotent. A manager alone stands in for the interim. Raises ValidationError by field: no reason, a
    day in the future or before the current term, someone who can't be key worker; and where the plan has ended.
    """
    locked = Plan.objects.select_for_update(of=("self",), no_key=True).select_related("child__person").get(pk=plan.pk)
    today = timezone.localdate(now)
    if not locked.is_open or locked.held_elsewhere:
        raise ValidationError("This plan has ended. Nothing was changed.")
    current = locked.key_workers.filter(ends_on__isnull=True).select_related("user").first()
    if current is not None and current.user_id == to.pk and current.is_interim == is_interim:
        return current
    faults = _faults(locked, to, on, because, current, is_interim=is_interim, today=today)
    if family_told_on and family_told_on > today:
        faults["family_told_on"] = "This day is in the future"
    if faults:
        raise ValidationError(faults)
    if current is not None:
        current.ends_on = on
        current.save(update_fields=["ends_on"])
    made = KeyWorker.objects.create(
        plan=locked,
        user=to,
        is_interim=is_interim,
        starts_on=on,
        because=because.strip(),
        recorded_by=by,
        family_told_on=family_told_on,
        family_told_how=family_told_how.strip(),
    )
    _tell(made, current, by=by, now=now)
    tell_of_key_worker(made, now)
    for told in key_worker_changed:
        told(made, now)
    reconcile(family_ids=families_of(locked.child, on=today), now=now)
    return made


def _faults(
    plan: Plan,
    to: User,
    on: datetime.date,
    because: str,
    current: KeyWorker | None,
    *,
    is_interim: bool,
    today: datetime.date,
) -> dict[str, str]:
    faults: dict[str, str] = {}
    roles = RoleAssignment.objects.current(on=today).filter(user=to, authority=plan.authority_id)
    held = set(roles.values_list("role", flat=True))
    if not to.is_active or not held & set(TEAM_ROLES) or is_barred_from(to, plan):
        faults["to"] = CAN_NOT.format(name=to.name)
    elif is_interim and Role.TEAM_MANAGER not in held:
        faults["is_interim"] = "Only a manager stands in for the interim"
    if not because.strip():
        faults["because"] = "Say why"
    first = current.starts_on if current else plan.starts_on
    if on > today:
        faults["on"] = "This day is in the future. Hand over on the day itself."
    elif on < first:
        faults["on"] = f"This can’t be before {plain_date(first)}"
    return faults


def _tell(made: KeyWorker, before: KeyWorker | None, *, by: User, now: datetime.datetime) -> None:
    plan = made.plan
    family = FamilyMember.objects.current(on=timezone.localdate(now)).filter(person=plan.child.person_id)
    case = family.values_list("family__case_number", flat=True).first() or "a case"
    said = {
        made.user: f"{case}: you are now the key worker of a child’s plan.",
        **({before.user: f"{case}: a child’s plan now has another key worker."} if before else {}),
    }
    for user, text in said.items():
        if user.pk != by.pk and user.is_active:
            url = reverse("plans:plan", args=[plan.pk])
            notify(user=user, key=f"key-worker:{made.pk}:{user.pk}", text=text, url=url, now=now)


@transaction.atomic
def record_family_told(*, plan: Plan, told_on: datetime.date, how: str, now: datetime.datetime) -> KeyWorker:
    """Record that the family was told who the key worker is now.

    Raises ValidationError by field: no words on how, a day in the future or before the term; where there is none.
    """
    row = KeyWorker.objects.select_for_update().filter(plan=plan, ends_on__isnull=True).first()
    if row is None:
        raise ValidationError("This plan has no key worker.")
    faults = {}
    if not how.strip():
        faults["how"] = "Say who told them, and how"
    if told_on > timezone.localdate(now):
        faults["told_on"] = "This day is in the future"
    if faults:
        raise ValidationError(faults)
    row.family_told_on, row.family_told_how = told_on, how.strip()
    row.save(update_fields=["family_told_on", "family_told_how"])
    family_was_told(row, now=now)
    return row
