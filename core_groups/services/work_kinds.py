"""Core group memberships of departing council staff, as work to hand over."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.enums import TEAM_ROLES, Role
from accounts.models import User
from core_groups.models import CoreGroup, CoreGroupMember
from families.handing_over import WorkItem, WorkKind
from families.services import is_barred, staff_post


@transaction.atomic
def replace_member(*, member: CoreGroupMember, user: User, now: datetime.datetime) -> CoreGroupMember:
    """Replace a member of staff in a core group by another, from today, for the same plans.

    Raises ValidationError where the group has ended or the user can't be a member.
    """
    group = CoreGroup.objects.select_for_update(no_key=True).select_related("family").get(pk=member.core_group_id)
    locked = CoreGroupMember.objects.select_for_update(no_key=True).get(pk=member.pk)
    today = timezone.localdate(now)
    if group.ended_on is not None or not locked.is_current(today):
        raise ValidationError("This core group has ended or changed. Reload the page.")
    if not user.is_active or is_barred(user, group.family):
        raise ValidationError(f"{user.name} can't join this core group. Choose someone else.")
    locked.ends_on = max(today, locked.starts_on or today)
    locked.left_because = f"{user.name} took over"
    locked.save(update_fields=["ends_on", "left_because"])
    post = staff_post(user=user, today=today)
    made, new = CoreGroupMember.objects.get_or_create(
        core_group=group, person=post.person, post=post, ends_on=None, defaults={"starts_on": today}
    )
    if new:
        made.plans.set(locked.plans.all())
    return made


def _memberships(users: Collection[int], on: datetime.date) -> list[WorkItem]:
    rows = (
        CoreGroupMember.objects.current(on=on)
        .filter(person__user__in=users, core_group__ended_on__isnull=True)
        .select_related("core_group__family", "person")
        .order_by("core_group__family__case_number", "pk")
    )
    return [
        WorkItem(row.person.user_id, row.core_group.family_id, row.pk, f"Case {row.core_group.family.case_number}")
        for row in rows
    ]


def _give(pks: Collection[int], to: User, _by: User, now: datetime.datetime) -> None:
    for member in CoreGroupMember.objects.filter(pk__in=pks).order_by("core_group_id", "pk"):
        replace_member(member=member, user=to, now=now)


MEMBERSHIPS = WorkKind(
    key="core-group",
    title="Core groups",
    question="Who joins these core groups now?",
    taken_by=frozenset(TEAM_ROLES),
    given_by=frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER}),
    items=_memberships,
    give=_give,
)
