"""Corrects a core group when a wrong decision is corrected."""

from __future__ import annotations

import datetime

from conferences.enums import Outcome
from core_groups.models import CoreGroup
from core_groups.services.core_groups import form_core_group
from deadlines.working_days.arithmetic import civil_day
from meetings.models import DecisionCorrection

CORRECTED = "The decision was corrected"


def follow_correction(correction: DecisionCorrection, now: datetime.datetime) -> list[str]:
    """Bring the conference's core group into line with the right decision, inside the correction's transaction.

    A plan entered in error leaves the group, as do members who were in it for that plan alone; a group without
    a plan ends. A plan that should have begun joins, with its members. Where the right decision left the plan in
    force without naming members, the group stays as it is.
    """
    old, new = correction.decision, correction.made
    if new is None or (new.leaves_a_plan and new.outcome != Outcome.CP_PLAN):
        return []
    conference, today = old.conference_child.conference, civil_day(now)
    group = CoreGroup.objects.select_for_update().filter(conference=conference).first()
    members_before = group.members.count() if group else 0
    if new.outcome == Outcome.CP_PLAN:
        form_core_group(new, now)
        group = CoreGroup.objects.get(conference=conference)
    if group is None:
        return []
    said = []
    wanted = set(new.core_group.values_list("person_id", flat=True)) if new.outcome == Outcome.CP_PLAN else set()
    plans = list(group.plans.filter(child=old.conference_child.child_id))
    for plan in plans:
        if plan.ends_on is not None:
            group.plans.remove(plan)
    for member in group.members.filter(plans__in=plans, ends_on__isnull=True).distinct():
        if member.person_id not in wanted:
            member.plans.remove(*plans)
            if not member.plans.exists():
                member.ends_on = max(member.starts_on or today, today)
                member.left_because = CORRECTED
                member.save(update_fields=["ends_on", "left_because"])
    if not group.plans.exists() and group.ended_on is None:
        group.ended_on = today
        group.save(update_fields=["ended_on"])
        said.append("The core group ends: no child protection plan is left in it.")
    elif group.members.count() != members_before:
        said.append("The core group is brought into line with the decision.")
    return said
