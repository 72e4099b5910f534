"""Ask whoever the procedures name about visits further apart than the ceiling, and record the answer."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.agreed_by import named_words, people_named
from conferences.models import Decision
from conferences.services.guards import text_of
from deadlines.policies import policy_of
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day, due
from deadlines.working_days.calendars import calendar_for
from meetings.services.decisions import is_beyond_ceiling
from notifications.services.outbox import notify
from plans.models import LongerVisits, Plan
from plans.selectors.longer_visits import KEY, chair_is_enough, may_agree_to_visits


def ask_about_visits(plan: Plan, decision: Decision, *, now: datetime.datetime) -> LongerVisits | None:
    """Ask, within a decision's transaction, for agreement to visits further apart than the ceiling.

    None where they are not, or where the chair's own reason is enough (`longer-visits-agreed-by`).
    """
    conference, sitting = decision.conference_child.conference, decision.sitting
    every = decision.visit_every_working_days
    if every is None or chair_is_enough(conference) or not is_beyond_ceiling(conference, sitting, every):
        return None
    calendar = calendar_for(conference.authority_id)
    ceiling = due(policy_of(conference.policy_version_id).visit_ceiling, sitting.day, calendar)
    asked = LongerVisits.objects.create(
        plan=plan, decision=decision, ceiling_working_days=max(1, calendar.count(sitting.day, ceiling.on)), asked_at=now
    )
    for user in people_named(conference, KEY, on=civil_day(now)):
        notify(
            user=user,
            key=f"longer-visits:{asked.pk}",
            text=f"{conference.reference}: you are asked to agree to visits further apart than usual.",
            url=reverse("plans:agree-longer-visits", args=[plan.pk, asked.pk]),
            now=now,
        )
    return asked


@transaction.atomic
def answer_longer_visits(
    *, longer: LongerVisits, agreed: bool, reason: str = "", by: User, now: datetime.datetime
) -> LongerVisits:
    """Agree to visits further apart, from today on, or leave them at the ceiling with a reason.

    In order: locks the question; records the answer; tells the chair who decided; counts the deadlines. The same answer
    again changes nothing. Raises ValidationError for anyone whom the procedures do not name, on ``reason`` for a
    refusal without one, for another answer than the one given, and where the plan has ended.
    """
    locked = (
        LongerVisits.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan__child", "decision__conference_child__conference", "decision__decided_by")
        .get(pk=longer.pk)
    )
    conference = locked.decision.conference_child.conference
    if locked.answered_at is not None:
        if locked.agreed == agreed:
            return locked
        raise ValidationError("Someone has answered meanwhile. Look at their answer first.")
    if not locked.plan.is_open:
        raise ValidationError("This plan has ended. There is nothing left to agree to.")
    if not may_agree_to_visits(by, locked):
        raise ValidationError(f"By this council’s procedures {named_words(conference, KEY)} agrees to this.")
    locked.reason = "" if agreed else text_of("reason", reason, "Say why you do not agree.")
    locked.answered_by, locked.answered_at, locked.agreed = by, now, agreed
    locked.save()
    notify(
        user=locked.decision.decided_by,
        key=f"longer-visits-answered:{locked.pk}",
        text=f"{conference.reference}: {by.name} {'agrees' if agreed else 'does not agree'} to visits further apart.",
        url=reverse("plans:plan", args=[locked.plan_id]),
        now=now,
    )
    reconcile(family_ids=[conference.family_id], now=now)
    return locked
