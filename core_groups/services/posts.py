"""Core group memberships of a worker who leaves their post."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError

from accounts.models import User
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMember
from core_groups.services.guest_links import revoke_member_link
from core_groups.services.invitations import cancel_entries
from deadlines.working_days.arithmetic import civil_day
from families.models import Post
from families.post_work import PostChange, PostItem, PostWork
from families.services import is_barred


def _items(post: Post, on: datetime.date) -> Sequence[PostItem]:
    rows = CoreGroupMember.objects.filter(post=post, ends_on__isnull=True, core_group__ended_on__isnull=True)
    return [
        PostItem(row.core_group.family_id, row.pk, f"Core group of case {row.core_group.family.case_number}")
        for row in rows.exclude(starts_on__gt=on).select_related("core_group__family").order_by("pk")
    ]


def _leave(row_id: int, change: PostChange) -> None:
    row = CoreGroupMember.objects.select_for_update(no_key=True).get(pk=row_id)
    row.ends_on = max(change.on, row.starts_on or change.on)
    row.left_because = "Left the post"
    row.save(update_fields=["ends_on", "left_because"])
    # Their calendar no longer says when and where the others meet, and their own page closes.
    for meeting in row.core_group.meetings.filter(state=MeetingState.PLANNED, invited_at__isnull=False):
        cancel_entries(meeting, member=row, now=change.now)
    revoke_member_link(row, because="Left the post", now=change.now)


def _give(row_id: int, to: Post, _by: User, now: datetime.datetime) -> None:
    left = CoreGroupMember.objects.get(pk=row_id)
    group = CoreGroup.objects.select_for_update(no_key=True).select_related("family").get(pk=left.core_group_id)
    if group.ended_on is not None:
        raise ValidationError("This core group has ended.")
    if to.person.user is not None and is_barred(to.person.user, group.family):
        raise ValidationError({"to": f"{to.person.full_name} can't join this core group. Choose someone else."})
    made, _ = CoreGroupMember.objects.get_or_create(
        core_group=group, person=to.person, post=to, ends_on=None, defaults={"starts_on": civil_day(now)}
    )
    made.plans.add(*left.plans.all())


MEMBER_IN_POST = PostWork(key="core-group", title="Core groups", items=_items, leave=_leave, give=_give)
