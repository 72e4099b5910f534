"""Closes a child's plans when the child dies or the pregnancy ends, and reopens them if that was an error.

Nobody is asked first: the agencies are told. The brothers' and sisters' plans are left alone.
"""

from __future__ import annotations

import datetime

from conferences.models import ConferenceChild
from deadlines.services import reconcile_as_far_as_possible
from families.enums import PregnancyOutcome
from families.events import CaseEvent, EventKind
from families.models import Child
from plans.enums import ENDED_BY_AN_EVENT, EndReason
from plans.events import tell_stopped
from plans.models import Plan
from plans.services.plans import close_plan, reopen_plan

REASONS = {EventKind.PERSON_DIED: EndReason.DIED, EventKind.PREGNANCY_ENDED: EndReason.PREGNANCY_ENDED}


def on_case_event(event: CaseEvent) -> None:
    """Close, or after an error reopen, the plans of the children of the event. Idempotent."""
    reason = REASONS.get(event.kind)
    if not event.child_ids or (reason is None and event.kind != EventKind.LOSS_WITHDRAWN):
        return
    plans = Plan.objects.select_for_update(of=("self",)).filter(child__in=event.child_ids).order_by("pk")
    if reason is None:
        found = list(plans.filter(end_reason__in=ENDED_BY_AN_EVENT))
        for plan in found:
            reopen_plan(plan)
    else:
        days = _days_of(event)
        found = list(plans.filter(ends_on__isnull=True).exclude(child__pregnancy__outcome=PregnancyOutcome.UNKNOWN))
        for plan in found:
            # A plan made before anyone knew ends on its first day.
            close_plan(plan, reason=reason, on=max(plan.starts_on, days[plan.child_id]), by=event.by, now=event.now)
    tell_stopped(found, now=event.now)
    reconcile_as_far_as_possible(family_ids=_families_counted(event), now=event.now)


def _days_of(event: CaseEvent) -> dict[int, datetime.date]:
    children = Child.objects.filter(pk__in=event.child_ids).select_related("person", "pregnancy")
    return {child.pk: _day_of(child) or event.now.date() for child in children}


def _day_of(child: Child) -> datetime.date | None:
    if child.person.death_date is None and child.pregnancy and child.pregnancy.outcome != PregnancyOutcome.EXPECTING:
        return child.pregnancy.ended_on
    return child.person.death_date


def _families_counted(event: CaseEvent) -> list[int]:
    """Return the families of the event and those whose conferences made the children's plans."""
    met = ConferenceChild.objects.filter(child__in=event.child_ids).order_by()
    return sorted({*event.family_ids, *met.values_list("conference__family_id", flat=True)})
