"""What a core group decided about a plan, written down by a professional member who recorded the meeting."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from core_groups.models import CoreGroup, CoreGroupMeeting
from core_groups.selectors.plan_changes import why_no_more_written
from notifications.services.outbox import notify
from plans.enums import Occasion
from plans.models import KeyWorker, Plan, PlanAction
from plans.services.document import ActionWords, add_to_plans, change_in_plans
from plans.services.versions import Why

OF_ANOTHER_GROUP = "This core group has no such plan. Nothing was changed."
ASK_THE_KEY_WORKER = "Ask the key worker to change the plan."


@transaction.atomic
def write_agreed_action(
    *,
    meeting: CoreGroupMeeting,
    plan: Plan,
    words: ActionWords,
    because: str,
    reason: str,
    by: User,
    now: datetime.datetime,
    changes: PlanAction | None = None,
    seen: Mapping[int, int | None] | None = None,
) -> PlanAction | None:
    """Write an action that the meeting agreed into one child's plan, or give one of its actions other words.

    1. makes a version of the plan, at this meeting and with the reason; status, category, key worker and visits stay;
    2. tells the plan's key worker, who may change it again; the other members are told as of every version.

    Returns None where the action says it already. Raises ValidationError by field as ``add_to_plans`` and
    ``change_in_plans`` do, where the plan is not one of the core group's, and once the minutes are released or the
    group has met again.
    """
    # Nobody records the next meeting meanwhile.
    CoreGroup.objects.select_for_update(of=("self",)).get(pk=meeting.core_group_id)
    if because_of := why_no_more_written(meeting):
        raise ValidationError(f"{because_of}. {ASK_THE_KEY_WORKER}")
    if not meeting.core_group.plans.filter(pk=plan.pk).exists():
        raise ValidationError(OF_ANOTHER_GROUP)
    why = Why(occasion=Occasion.CORE_GROUP, meeting_id=meeting.pk, because=because, reason=reason, by=by, now=now)
    if changes is None:
        made = add_to_plans(plans=[plan], words=words, why=why)
    else:
        made = change_in_plans(row=changes, plans=[plan], words=words, why=why, seen=seen or {})
    if not made:
        return None
    (row,) = made
    for carrying in KeyWorker.objects.filter(plan=plan, ends_on__isnull=True).select_related("user"):
        if carrying.user_id != by.pk:
            notify(
                user=carrying.user,
                key=f"plan-version:{row.since_id}:{carrying.user_id}",
                text="A member of a core group wrote what it agreed into a plan that you carry. Read it.",
                url=reverse("plans:plan", args=[plan.pk]),
                now=now,
            )
    return row  # type: ignore[return-value]
