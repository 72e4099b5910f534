"""What the ending of a plan changes for meetings of its core group that are still to come."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from conferences.models import Conference
from conferences.selectors.enquiries import managers_of
from core_groups.access import CORE_GROUP_RULE
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from core_groups.services.invitations import send_changes
from deadlines.working_days.arithmetic import civil_day
from families.selectors.people import current_allocations
from notifications.services.outbox import notify
from plans.models import KeyWorker, Plan

NO_ONE_LEFT = "no plan is left in this core group. Cancel the meeting that is planned."
GOES_ON = "a plan in this core group has ended. The meeting that is planned goes on for the other children."
BACK = "a plan in this core group goes on after all. Check who is invited to the meeting that is planned."


def follow_plans(plans: Collection[Plan], now: datetime.datetime) -> None:
    """Act on plans that ended outside a review, or go on after all, for the meetings that are planned. Idempotent.

    Whoever was invited for these plans alone is told that they need not come, in words that name nobody and say
    nothing of what happened; after a death, what goes to the family waits for a manager. Invited again where a plan
    goes on. Key workers, social workers and managers are asked to cancel a meeting that no plan is left for, or told
    that it goes on for the others. Registered with ``plans.events``.
    """
    back = all(plan.is_open for plan in plans)
    for meeting in _planned(CoreGroup.objects.filter(plans__in=plans)):
        _tell_who_was_invited(meeting, now=now)
        words = BACK if back else GOES_ON
        if not meeting.core_group.plans.filter(ends_on__isnull=True).exists():
            words = NO_ONE_LEFT
        stamp = "-".join(f"{plan.pk}.{plan.version}" for plan in sorted(plans, key=lambda plan: plan.pk))
        for user in _whose_work(meeting.core_group, plans, on=civil_day(now)):
            notify(
                user=user,
                key=f"core-group-plans:{meeting.pk}:{stamp}",
                text=f"{meeting.core_group.family.case_number}: {words}",
                url=reverse("core_groups:core-group", args=[meeting.core_group_id]),
                urgent=not back,
                now=now,
            )


def follow_review(conference: Conference, now: datetime.datetime) -> None:
    """Tell whoever was invited to a planned meeting for plans alone that a closing conference ended. Idempotent."""
    children = conference.children.filter(withdrawn_at__isnull=True).values("child")
    for meeting in _planned(CoreGroup.objects.filter(plans__child__in=children)):
        _tell_who_was_invited(meeting, now=now)


def _planned(groups: QuerySet[CoreGroup]) -> QuerySet[CoreGroupMeeting]:
    rows = CoreGroupMeeting.objects.filter(state=MeetingState.PLANNED, core_group__in=groups.order_by().values("pk"))
    return rows.select_related("core_group__family", "core_group__authority").order_by("pk")


def _tell_who_was_invited(meeting: CoreGroupMeeting, *, now: datetime.datetime) -> None:
    if meeting.planned_at >= now:
        send_changes(meeting, now=now)


def _whose_work(group: CoreGroup, plans: Collection[Plan], *, on: datetime.date) -> list[User]:
    """Return who carried these plans, who holds the case and who manages it, as far as they may open the group."""
    last = {plan.pk: plan.ends_on for plan in plans}
    carried = KeyWorker.objects.filter(plan__core_groups=group).select_related("user").order_by("pk")
    found = [row.user for row in carried if row.ends_on is None or row.ends_on == last.get(row.plan_id)]
    found += [row.user for row in current_allocations([group.family_id], on=on)]
    found += managers_of(group.family, on=on)
    users = list({user.pk: user for user in found if user.is_active}.values())
    return [user for user in users if CORE_GROUP_RULE.right_of(user, group) is not None]
