"""Plans of a departing key worker, as work to hand over."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.enums import TEAM_ROLES, Role
from accounts.models import RoleAssignment, User
from deadlines.services import reconcile
from families.handing_over import WorkItem, WorkKind
from families.models import FamilyMember
from plans.access import is_barred_from
from plans.models import KeyWorker, Plan
from plans.services.plans import families_of


@transaction.atomic
def replace_key_worker(*, plan: Plan, user: User, now: datetime.datetime) -> KeyWorker:
    """Make a user the key worker of an open plan from today, ending the previous one's term.

    Idempotent. Counts the deadlines of the child's families. Raises ValidationError where the plan has ended or
    the user can't be its key worker.
    """
    locked = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    today = timezone.localdate(now)
    if locked.ends_on is not None:
        raise ValidationError("This plan has ended. Reload the page.")
    roles = RoleAssignment.objects.current(on=today).filter(
        user=user, authority=locked.authority_id, role__in=TEAM_ROLES
    )
    if not user.is_active or not roles.exists() or is_barred_from(user, locked):
        raise ValidationError(f"{user.name} can't be key worker here. Choose someone else.")
    current = locked.key_workers.filter(ends_on__isnull=True).first()
    if current is not None and current.user_id == user.pk:
        return current
    if current is not None:
        current.ends_on = max(today, current.starts_on)
        current.save(update_fields=["ends_on"])
    made = KeyWorker.objects.create(plan=locked, user=user, starts_on=today)
    reconcile(family_ids=families_of(locked.child, on=today), now=now)
    return made


def _carried(users: Collection[int], on: datetime.date) -> list[WorkItem]:
    rows = KeyWorker.objects.filter(user__in=users, ends_on__isnull=True, plan__ends_on__isnull=True)
    people = {row.plan.child.person_id: row for row in rows.select_related("plan__child__person")}
    family_of = dict(
        FamilyMember.objects.current(on=on)
        .filter(person__in=list(people))
        .order_by("-pk")
        .values_list("person_id", "family_id")
    )
    return [
        WorkItem(row.user_id, family_of[person_id], row.plan_id, row.plan.child.person.full_name)
        for person_id, row in sorted(people.items(), key=lambda pair: pair[1].plan.child.person.full_name)
        if person_id in family_of
    ]


def _give(pks: Collection[int], to: User, _by: User, now: datetime.datetime) -> None:
    for plan in Plan.objects.filter(pk__in=pks).order_by("pk"):
        replace_key_worker(plan=plan, user=to, now=now)


CARRIED = WorkKind(
    key="key-worker",
    title="Plans as key worker",
    question="Who is these children’s key worker now?",
    taken_by=frozenset(TEAM_ROLES),
    given_by=frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER}),
    items=_carried,
    give=_give,
)
