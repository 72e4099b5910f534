"""A plan in one version as plain JSON: what it says, and which lines of it each person around it may read."""

from __future__ import annotations

import datetime

from django.utils import timezone

from conferences.enums import ParticipantStatus
from deadlines.policies import policy_for
from entitlement import Concealed
from govuk import words
from plans.enums import PlanEntryKind
from plans.models import Plan, PlanAction, PlanEntry, PlanVersion
from plans.selectors.document import with_words
from plans.selectors.managers import family_of
from plans.selectors.own_copies import OwnPlan, own_plans
from plans.selectors.plan_readers import PlanReader, readers_of
from reports.content.around import child_row, family_around, outside_rows
from reports.content.freezing import SCHEMA
from reports.content.people import adults_around_children, ties_to
from reports.content.shared import Json


def content_of_plan(plan: Plan, version: PlanVersion, *, now: datetime.datetime) -> Json:
    """Freeze what a plan says now, in its newest version, and what each person around it may read of that."""
    on = timezone.localdate(now)
    policy = policy_for(plan.authority_id, on=on)
    family = family_of(plan.child)
    children = [plan.child]
    around = family_around(family.pk if family else None, children)
    readers = readers_of(plan, on=on)
    owns = own_plans(plan, [row for row in readers if not row.because], on=on)
    case = family.case_number if family else ""
    why_changed = version.get_because_display() if version.because else ""
    return {
        "schema": SCHEMA,
        "plan": plan.pk,
        "plan_kind": plan.get_kind_display(),
        "plan_version": version.number,
        "why_changed": why_changed,
        # Read by the version of this application that ran before, during a rolling restart.
        "changed": why_changed,
        "reference": f"{case}/plan/{version.number}",
        "case_number": case,
        "authority": {
            "name": plan.authority.name,
            "colour": plan.authority.colour,
            "day_phone": plan.authority.day_phone,
            "night_phone": plan.authority.night_phone,
            "complaints": plan.authority.complaints,
        },
        "policy": {"version": policy.version_id, "number": policy.number},
        "stands_since": words.plain_date(timezone.localdate(version.made_at)),
        "chair": "",
        "coordinator": "",
        "key_worker_title": policy.role_name("key_worker"),
        "parts": [],
        "children": [child_row(plan.child, on=on)],
        "outside": outside_rows(children, around, on=on),
        "names_of_withdrawn": [],
        "ties": ties_to(children, {plan.child_id: plan.child_id}, on=on),
        "adults": adults_around_children(around, {plan.child_id: plan.child_id}, on=on),
        "participants": [_person(row, plan) for row in readers],
        "scale": {
            "low_words": policy.scale.low_words,
            "high_words": policy.scale.high_words,
            "shade_to": policy.scale.indicates_plan_up_to,
        },
        "board": [],
        "outline": [],
        "dates": {"first_core_group": "", "first_core_group_place": "", "review": "", "review_place": ""},
        "lines": _lines(plan),
        "reads": {str(pk): _reads(own) for pk, own in sorted(owns.items())},
        "hidden": {str(pk): hidden for pk, own in sorted(owns.items()) if (hidden := _hidden(own.concealed, pk))},
        "left_out": [],
    }


def key_worker_of(plan: Plan) -> Json:
    """Return whom to turn to now, for a content that is composed today."""
    row = plan.key_workers.filter(ends_on__isnull=True).select_related("user").first()
    return {"key_worker": row.user.name if row else ""}


def _person(row: PlanReader, plan: Plan) -> Json:
    agency = row.post.agency if row.post else row.participant.agency if row.participant else None
    return {
        "id": row.person.pk,
        "person": row.person.pk,
        "name": row.person.full_name,
        "capacity": row.capacity,
        "capacity_words": str(row.capacity.label),
        "title": row.post.title if row.post else "",
        "agency": agency.pk if agency else None,
        "agency_name": agency.name if agency else "",
        "children": [plan.child_id],
        "acts_for": None,
        "is_deputy": False,
        "status": ParticipantStatus.INVITED,
        "how": "whole",
        "separate": False,
        "reports": False,
        "report_in": False,
        "sharings": [],
        "attendance": [],
        "because": row.because,
    }


def _lines(plan: Plan) -> list[Json]:
    """Return everything the plan says now, needs before outcomes before actions."""
    entries = list(with_words(plan.entries.standing(), actions=False))
    order = {kind: place for place, kind in enumerate(PlanEntryKind.values)}
    entries.sort(key=lambda row: (order[row.kind], row.created_at, row.pk))
    actions = with_words(plan.actions.standing(), actions=True)
    return [*(_entry(row) for row in entries), *(_action(row) for row in actions)]


def _key(row: PlanEntry | PlanAction) -> str:
    return f"{'action' if isinstance(row, PlanAction) else 'entry'}:{row.pk}"


def _entry(row: PlanEntry) -> Json:
    return {
        "entry": _key(row),
        "kind": row.kind,
        "thread": str(row.thread),
        "under": str(row.under or ""),
        "text": row.text,
        "services": row.services,
        "we_do": row.we_do,
        "how_often": row.how_often,
        "from_when": words.plain_date(row.from_when) if row.from_when else "",
        "who": row.who_in_words,
    }


def _action(row: PlanAction) -> Json:
    return {
        "entry": _key(row),
        "kind": "action",
        "thread": str(row.thread),
        "under": str(row.under or ""),
        "text": row.what,
        "why": row.why,
        "how_known": row.how_known,
        "by_when": f"by {words.plain_date(row.by_when)}" if row.by_when else row.by_when_words,
        "progress": row.get_progress_display(),
        "who": row.who_in_words,
    }


def _reads(own: OwnPlan) -> Json:
    return {
        "lines": [*map(_key, own.entries), *map(_key, own.actions)],
        "who": {_key(row): who for row, who in own.who.items()},
        "mine": [_key(row) for row in own.mine],
        "left_out": own.left_out,
    }


def _hidden(concealed: Concealed, person_id: int) -> Json:
    found = {
        "agencies": sorted(concealed.agencies),
        "persons": sorted(concealed.persons - {person_id}),
        "words": sorted(concealed.words),
    }
    return found if any(found.values()) else {}
