"""Keeps at which meetings plans were changed, tells members who the key worker is, and proposes who stays."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils import timezone

from conferences.enums import Outcome
from conferences.models import Decision
from core_groups.models import ChangeAtMeeting, CoreGroupMember
from notifications.services.outbox import notify
from plans.enums import PlanKind
from plans.models import CinMember, KeyWorker, Plan, PlanVersion


def keep_meeting(version: PlanVersion, meeting_id: int) -> None:
    """Record at which meeting a version was made, in its own transaction; registered with ``plans.occasions``."""
    ChangeAtMeeting.objects.get_or_create(plan_version=version, defaults={"meeting_id": meeting_id})


def tell_members(row: KeyWorker, now: datetime.datetime) -> None:
    """Tell the professional members who have an account that a plan has another key worker.

    Registered with ``plans.events``. Whoever has none reads it in their own part of the core group.
    """
    current = CoreGroupMember.objects.current(on=timezone.localdate(now)).select_related("person__user", "core_group")
    current = current.filter(plans=row.plan_id, post__isnull=False, person__user__is_active=True)
    for member in current.order_by("pk"):
        user = member.person.user
        if user is None or user.pk in {row.user_id, row.recorded_by_id}:
            continue
        notify(
            user=user,
            key=f"key-worker-of-group:{row.pk}:{user.pk}",
            text=f"Your core group has another key worker from {row.starts_on:%-d %B %Y}.",
            url=reverse("core_groups:core-group", args=[member.core_group_id]),
            now=now,
        )


def propose_cin_members(decision: Decision, now: datetime.datetime) -> None:
    """Propose the members of a lowered plan's core group for the child in need plan that carries it on. Idempotent.

    Nobody is in that plan by this: each is checked again, and the family is asked. Runs inside the decision's
    transaction, after the plan was made.
    """
    plans = Plan.objects.filter(child=decision.conference_child.child_id, kind=PlanKind.CIN, ends_on__isnull=True)
    plan = plans.filter(carried_from__isnull=False).first()
    if decision.outcome != Outcome.CIN_PLAN or plan is None:
        return
    members = CoreGroupMember.objects.current(on=decision.sitting.day).filter(plans=plan.carried_from_id)
    for member in members.order_by("pk"):
        CinMember.objects.get_or_create(
            plan=plan, person_id=member.person_id, post_id=member.post_id, defaults={"proposed_at": now}
        )
