"""Moves visits, actions and whatever else was recorded in the wrong child's plan."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from families.models import Child
from meetings.enums import EntryKind
from meetings.events import was_released
from meetings.misfiled_entries import Movable, Place, register_movable
from plans.enums import PlanEntryKind
from plans.events import paper_released
from plans.models import Plan, PlanAction, PlanEntry, Visit
from plans.selectors.managers import family_of
from plans.services.versions import current_version

ONCE_IN_A_PLAN = (PlanEntryKind.DANGER, PlanEntryKind.GOAL, PlanEntryKind.WISHES)


def own_plan_on(child: Child, day: datetime.date) -> Plan | None:
    """Return a child's plan that was open on a day and held by this council."""
    plans = Plan.objects.filter(child=child, held_elsewhere="", starts_on__lte=day)
    return plans.exclude(ends_on__lt=day).exclude(end_reason="entered_in_error").order_by("-starts_on").first()


def children_with_a_plan(plan: Plan) -> list[Child]:
    """Return the council's children with an open plan of their own, to which an entry could move."""
    others = Plan.objects.filter(authority=plan.authority_id, held_elsewhere="", ends_on__isnull=True)
    return list(
        Child.objects.findable()
        .filter(pk__in=others.values("child"))
        .select_related("person", "pregnancy")
        .order_by("pk")
    )


def _place(model: Any, text: Callable[[Any], str], is_released: Callable[[Any], bool]) -> Callable[[int], Place | None]:
    def place(entry_id: int) -> Place | None:
        row = (
            model.objects.select_for_update(of=("self",), no_key=True)
            .select_related("plan__child__person")
            .filter(pk=entry_id)
            .first()
        )
        if row is None:
            return None
        family = family_of(row.plan.child)
        if family is None:
            return None
        return Place(
            family=family,
            conference=None,
            children=[row.plan.child],
            possible=children_with_a_plan(row.plan),
            record_of=lambda _child: row.plan_id,
            text=text(row),
            is_released=is_released(row),
        )

    return place


def _action_is_released(action: PlanAction) -> bool:
    """Return whether an action has gone out: with the letter of the conference it came from, or with the plan."""
    return _is_given_out(action) or (action.outline is not None and was_released(action.outline.conference))


def _is_given_out(row: PlanAction | PlanEntry) -> bool:
    return any(asks(row.plan) for asks in paper_released)


def _day_of(row: Visit | PlanAction | PlanEntry) -> datetime.date:
    return timezone.localdate(row.made_at if isinstance(row, Visit) else row.created_at)


def _put(model: Any) -> Callable[[int, Child, Child, datetime.datetime], None]:
    def put(entry_id: int, _from_child: Child, to_child: Child, now: datetime.datetime) -> None:
        row = model.objects.select_for_update(of=("self",)).get(pk=entry_id)
        day = _day_of(row) if model is Visit else timezone.localdate(now)
        plan = own_plan_on(to_child, day)
        if plan is None:
            raise ValidationError({"to_child": "This child had no plan from this council on that day."})
        row.plan = plan
        fields = ["plan"]
        if isinstance(row, PlanAction | PlanEntry):
            _refuse_second(row, plan)
            rows = plan.actions.standing() if isinstance(row, PlanAction) else plan.entries.standing()
            if rows.filter(thread=row.thread).exists():
                row.thread = uuid.uuid4()
            row.since, row.until = current_version(plan), None
            fields += ["thread", "since", "until"]
        row.save(update_fields=fields)

    return put


def _refuse_second(row: PlanAction | PlanEntry, plan: Plan) -> None:
    """Raise ValidationError where a plan says this once, and the right child's plan says it already."""
    kind = row.kind if isinstance(row, PlanEntry) else ""
    if kind in ONCE_IN_A_PLAN and plan.entries.standing().filter(kind=kind).exists():
        raise ValidationError({"to_child": "The plan of this child says that already. Change those words there."})


def register_movables() -> None:
    """Register visits, actions and the other parts of a plan; called once from ``connect``."""
    register_movable(
        Movable(EntryKind.VISIT, _place(Visit, lambda visit: str(visit.note), lambda _visit: False), _put(Visit))
    )
    register_movable(
        Movable(
            EntryKind.ACTION, _place(PlanAction, lambda action: str(action.what), _action_is_released), _put(PlanAction)
        )
    )
    register_movable(
        Movable(EntryKind.ENTRY, _place(PlanEntry, lambda entry: entry.said, _is_given_out), _put(PlanEntry))
    )
