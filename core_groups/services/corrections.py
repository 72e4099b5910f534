"""Corrects a core group when a wrong decision is corrected."""

from __future__ import annotations

import datetime

from django.db.models import F, Q

from conferences.enums import Outcome
from core_groups.models import CoreGroup
from core_groups.selectors.core_groups import group_of_conference
from core_groups.services.core_groups import form_core_group, leave_for_plans
from deadlines.working_days.arithmetic import civil_day
from meetings.models import DecisionCorrection
from plans.enums import EndReason

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
    child_id = old.conference_child.child_id
    with_the_child = CoreGroup.objects.filter(
        Q(plans__child=child_id) | Q(conference=conference), goes_on_in__isnull=True
    ).order_by(F("ended_on").desc(nulls_first=True), "-formed_on")
    pk = with_the_child.values_list("pk", flat=True).first()
    group = CoreGroup.objects.select_for_update().get(pk=pk) if pk else None
    members_before = group.members.count() if group else 0
    if new.outcome == Outcome.CP_PLAN:
        form_core_group(new, now)
        group = group_of_conference(conference.pk, CoreGroup.objects.filter(ended_on__isnull=True))
    if group is None:
        return []
    said = []
    wanted = set(new.core_group.values_list("person_id", flat=True)) if new.outcome == Outcome.CP_PLAN else set()
    plans = list(group.plans.filter(child=child_id))
    group.plans.remove(*(plan for plan in plans if plan.end_reason == EndReason.ENTERED_IN_ERROR))
    for member in group.members.filter(plans__in=plans, ends_on__isnull=True).distinct():
        if member.person_id not in wanted:
            leave_for_plans(member, plans, on=today, because=CORRECTED)
    if group.ended_on is None and not group.plans.filter(ends_on__isnull=True).exists():
        group.ended_on = today
        group.save(update_fields=["ended_on"])
        said.append("The core group ends: no child protection plan is left in it.")
    elif group.members.count() != members_before:
        said.append("The core group is brought into line with the decision.")
    return said
