"""Corrects an ending without a conference that was recorded in error: the plan goes on as if it had never ended."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conferences.enums import ConferenceKind, ConferenceStatus
from conferences.models import ConferenceChild
from conferences.selectors.recipients import to_be_told
from deadlines.services import reconcile
from govuk import words
from notifications.models import Notice
from notifications.services.outbox import acknowledge_notice, notify
from plans.enums import PlanKind
from plans.events import tell_stopped
from plans.models import Plan, PlanEnding
from plans.selectors.endings import may_end_plan, role_that_ends
from plans.services.plans import families_of, reopen_plan
from plans.services.told_of_endings import take_back_ending


@transaction.atomic
def withdraw_ending(*, ending: PlanEnding, because: str, by: User, now: datetime.datetime) -> PlanEnding:
    """Correct an ending recorded in error; it stays in the record, beside who corrected it and why.

    In order: marks the ending; lets the plan go on with its key worker, so that list, visits and limits have no gap;
    tells nobody any more that it ended, and whoever heard of it that it goes on; takes back what was asked of those
    who run a review of the child, and tells them. A no-op on a corrected ending. Raises ValidationError without a
    reason, for anyone but the manager whom the procedures name, where the plan ended for something else, where the
    child has died or another plan has begun since.
    """
    rows = Plan.objects.select_for_update(of=("self",)).select_related("child__person", "child__pregnancy", "authority")
    plan = rows.get(pk=ending.plan_id)
    locked = PlanEnding.objects.select_for_update(of=("self",)).get(pk=ending.pk)
    if locked.withdrawn_at is not None:
        return locked
    if not may_end_plan(by, plan, on=timezone.localdate(now)):
        role = role_that_ends(plan, on=timezone.localdate(now)).label.lower()
        raise ValidationError(f"By the council’s procedures a {role} of this case corrects the ending of a plan.")
    if not because.strip():
        raise ValidationError({"because": "Say why it was recorded in error."})
    if found := _why_it_stays(plan, locked):
        raise ValidationError(found)
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = now, by, because.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    reopen_plan(plan)
    take_back_ending(plan, now=now)
    tell_stopped([plan], now=now)
    _tell_of_reviews_ahead(plan, now=now)
    reconcile(family_ids=families_of(plan.child, on=timezone.localdate(now)), now=now)
    return locked


def _why_it_stays(plan: Plan, ending: PlanEnding) -> str:
    if plan.end_reason != ending.ground:
        return "The plan has changed since. Look at it again. Nothing was changed."
    if plan.child.person.death_date is not None:
        return "The child has died, so the plan does not go on. Nothing was changed."
    own = Plan.objects.filter(child=plan.child_id, held_elsewhere="", ends_on__isnull=True)
    later = own.exclude(pk=plan.pk).order_by("starts_on").first()
    if later is None:
        return ""
    kind = PlanKind(later.kind).label.lower()
    day = words.plain_date(later.starts_on)
    return f"A {kind} of this child began on {day}. Two can’t stand beside each other. Nothing was changed."


def _tell_of_reviews_ahead(plan: Plan, *, now: datetime.datetime) -> None:
    """Take back the request to take the child off a review, and ask for the child to be on it."""
    asked = Notice.objects.filter(key__startswith=f"plan-ended:{plan.pk}:", acknowledged_at__isnull=True)
    for notice in asked:
        acknowledge_notice(notice=notice, now=now)
    ahead = ConferenceChild.objects.filter(
        child=plan.child_id,
        kind=ConferenceKind.REVIEW,
        conference__status__in=[ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED],
    )
    for row in ahead.select_related("conference__chair", "conference__coordinator", "conference__family"):
        review = row.conference
        for user in to_be_told(review, [review.chair, review.coordinator], on=timezone.localdate(now)):
            notify(
                user=user,
                key=f"plan-goes-on:{plan.pk}:{review.pk}:{now.isoformat()}",
                text=f"{review.reference}: a child’s plan goes on after all. See that the child is on this review.",
                url=reverse("conferences:children", args=[review.pk]),
                now=now,
            )
