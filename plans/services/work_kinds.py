"""Plans of a departing key worker, as work to hand over."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.utils import timezone

from accounts.enums import TEAM_ROLES, Role
from accounts.models import User
from families.handing_over import WorkItem, WorkKind
from families.models import FamilyMember
from plans.models import KeyWorker, Plan
from plans.services.key_workers import hand_over_plan

LEFT = "The key worker before left, and their work was handed over."


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


def _give(pks: Collection[int], to: User, by: User, now: datetime.datetime) -> None:
    today = timezone.localdate(now)
    for plan in Plan.objects.filter(pk__in=pks).order_by("pk"):
        hand_over_plan(plan=plan, to=to, on=today, because=LEFT, is_interim=False, by=by, now=now)


CARRIED = WorkKind(
    key="key-worker",
    title="Plans as key worker",
    question="Who is these children’s key worker now?",
    taken_by=frozenset(TEAM_ROLES),
    given_by=frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER}),
    items=_carried,
    give=_give,
)
