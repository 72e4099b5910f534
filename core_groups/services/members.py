"""Members of a core group join and leave, for each child, with date and reason."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMember
from core_groups.services.core_groups import leave_for_plans
from core_groups.services.guest_links import revoke_member_link
from core_groups.services.invitations import cancel_entries
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Person, Post
from families.services import is_barred
from plans.models import Plan


@transaction.atomic
def join_core_group(
    *,
    core_group: CoreGroup,
    person: Person,
    post: Post | None,
    plans: Sequence[Plan],
    starts_on: datetime.date,
    because: str,
    now: datetime.datetime,
) -> CoreGroupMember:
    """Take someone into the group for these open plans; a member who is in it for others joins for these too.

    Joining twice changes nothing. Counts the deadlines: whoever must not meet a member is asked about. Raises
    ValidationError keyed by field where the group has ended, no open plan or no reason is given, the day is to come
    or before the group was formed, or the person can't be a member.
    """
    group = CoreGroup.objects.select_for_update(no_key=True).select_related("family").get(pk=core_group.pk)
    if group.ended_on is not None:
        raise ValidationError("This core group has ended.")
    errors = {}
    wanted = list(group.plans.filter(pk__in=[plan.pk for plan in plans], ends_on__isnull=True))
    if not wanted:
        errors["plans"] = "Choose at least one child whose plan goes on."
    if not because.strip():
        errors["because"] = "Say why this person joins."
    if not group.formed_on <= starts_on <= civil_day(now):
        errors["starts_on"] = "Enter a day from the forming of the group until today."
    if person.death_date or person.sealed_at or person.merged_into_id or (post and not post.is_current(civil_day(now))):
        errors["who"] = "This person can't join. Choose someone else."
    if person.user is not None and is_barred(person.user, group.family):
        errors["who"] = "This person can't join this core group. Choose someone else."
    if errors:
        raise ValidationError(errors)
    found = {"core_group": group, "person": person, "post": post, "ends_on": None}
    member = CoreGroupMember.objects.filter(
        core_group=group, person=person, post=post, ends_on__isnull=True
    ).first() or CoreGroupMember(**found, starts_on=starts_on, joined_because=because.strip())
    if member.pk is None:
        with refused_by_database():
            member.save()
    member.plans.add(*wanted)
    reconcile(family_ids=[group.family_id], now=now)
    return member


@transaction.atomic
def leave_core_group(
    *, member: CoreGroupMember, plans: Sequence[Plan], on: datetime.date, because: str, now: datetime.datetime
) -> None:
    """Take a member out of the group for these plans; for all of them, they read nothing more from this minute.

    Leaving again changes nothing. Raises ValidationError keyed by field without a plan or a reason, or for a day to
    come or before they joined.
    """
    group = CoreGroup.objects.select_for_update(no_key=True).get(pk=member.core_group_id)
    row = CoreGroupMember.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)
    errors = {}
    if not because.strip():
        errors["because"] = "Say why this person leaves."
    if on > civil_day(now) or (row.starts_on is not None and on < row.starts_on):
        errors["on"] = "Enter a day since they joined, until today."
    named = row.plans.exists()
    leaving = list(row.plans.filter(pk__in=[plan.pk for plan in plans])) if named else list(plans)
    if not leaving and row.ends_on is None:
        errors["plans"] = "Choose at least one child."
    if errors:
        raise ValidationError(errors)
    if row.ends_on is not None:
        return
    if not named:
        # Named for no child, they were in it for all.
        row.plans.set(group.plans.filter(ends_on__isnull=True))
    leave_for_plans(row, leaving, on=on, because=because.strip())
    if row.ends_on is not None:
        for meeting in group.meetings.filter(state=MeetingState.PLANNED, invited_at__isnull=False):
            cancel_entries(meeting, member=row, now=now)
        revoke_member_link(row, because="Left the core group", now=now, stays_go_on=True)
    reconcile(family_ids=[group.family_id], now=now)
