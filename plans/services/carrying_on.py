"""Carries what a plan says on to the one that takes its place: a lowered plan loses nothing."""

from __future__ import annotations

import datetime
from typing import Any

from conferences.models import Decision
from plans.enums import Occasion, Progress
from plans.models import ActionProgress, ActionSharer, Plan, PlanAction, PlanEntry
from plans.selectors.frequency import visits_every
from plans.services.versions import new_version

OF_ENTRY = ("kind", "text", "services", "we_do", "how_often", "from_when")
OF_ACTION = (
    "outline_id", "why", "what", "by_when", "by_when_words", "how_known", "progress", "progress_note",
)  # fmt: skip
OF_BOTH = ("thread", "under", "who_person_id", "who_post_id", "who_else")


def carry_on(before: Plan, plan: Plan, decision: Decision, now: datetime.datetime) -> None:
    """Write into a locked plan what the plan before it said when it ended, in a version of its own.

    Needs, outcomes, wishes, visits of others, roles, contingency and actions go on, each in the same thread, with
    its private information and with how far it had come; and so does the visiting pattern, until the new plan has its
    own. Idempotent: what the plan says already is left alone.
    """
    known = {row.thread for model in (PlanEntry, PlanAction) for row in model.objects.standing().filter(plan=plan)}
    rows: list[Any] = [
        row
        for model in (PlanEntry, PlanAction)
        for row in model.objects.standing().filter(plan=before).prefetch_related("private_to")
        if row.thread not in known
    ]
    every = Plan.objects.filter(pk=before.pk).annotate(every=visits_every(decision.sitting.day)).values_list("every")
    plan.carried_from = before
    if plan.visits_set_at is None:
        plan.visit_every_working_days = every[0][0]
    plan.save(update_fields=["carried_from", "visit_every_working_days"])
    if not rows:
        return
    version = new_version(plan, occasion=Occasion.CARRIED, decision=decision, by=decision.decided_by, now=now)
    for row in rows:
        names = (*OF_BOTH, *(OF_ACTION if isinstance(row, PlanAction) else OF_ENTRY))
        copied = type(row).objects.create(
            plan=plan, since=version, created_at=now, **{name: getattr(row, name) for name in names}
        )
        copied.private_to.set(row.private_to.all())
        if isinstance(row, PlanAction):
            _carry_action(row, copied, now)


def _carry_action(row: PlanAction, copied: PlanAction, now: datetime.datetime) -> None:
    ActionSharer.objects.bulk_create(
        ActionSharer(action=copied, person_id=one.person_id, post_id=one.post_id) for one in row.sharers.all()
    )
    if row.progress != Progress.NOT_STARTED or row.progress_note:
        ActionProgress.objects.create(
            action=copied, progress=row.progress, note=row.progress_note, at=now, carried_over=True
        )
