"""Keeps at which meetings plans were changed, tells members who the key worker is, and proposes who stays."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils import timezone

from conferences.enums import Outcome
from conferences.models import Decision
from core_groups.models import ChangeAtMeeting, CoreGroupMember
from govuk.words import plain_date
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
    text = f"Your core group has another key worker from {plain_date(row.starts_on)}."
    _tell(row.plan_id, f"key-worker-of-group:{row.pk}", text, but={row.user_id, row.recorded_by_id}, now=now)


def tell_members_of_version(version: PlanVersion, now: datetime.datetime) -> None:
    """Tell the same members that a plan has a new version: each reads it in their own part of the core group.

    Registered with ``plans.events``. Whoever made it knows.
    """
    text = "A plan of your core group has a new version."
    _tell(version.plan_id, f"plan-version:{version.pk}", text, but={version.made_by_id}, now=now)


def _tell(plan_id: int, key: str, text: str, *, but: set[int | None], now: datetime.datetime) -> None:
    current = CoreGroupMember.objects.current(on=timezone.localdate(now)).select_related("person__user")
    current = current.filter(plans=plan_id, post__isnull=False, person__user__is_active=True)
    for member in current.order_by("pk"):
        user = member.person.user
        if user is not None and user.pk not in but:
            url = reverse("core_groups:core-group", args=[member.core_group_id])
            notify(user=user, key=f"{key}:{user.pk}", text=text, url=url, now=now)


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
