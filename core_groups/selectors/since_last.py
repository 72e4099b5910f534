"""What became of each child's plan since it was last decided about: what a review begins with."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.safestring import SafeString

from conferences.clocks.conferences import held_when
from conferences.enums import AlsoAdvised
from conferences.models import Conference, ConferenceChild, Decision
from conferences.score_line import lines_of_scores
from conferences.selectors.children import children_listed, short_name_of
from core_groups.models import CoreGroup, CoreGroupMeeting, HeldForChild
from deadlines.facts import London
from deadlines.models import Deadline
from deadlines.working_days.arithmetic import civil_day
from families.models.persons import birthday
from plans.clocks.eighteen import AHEAD_DAYS
from plans.enums import PlanKind
from plans.models import Plan, PlanAction, Visit
from plans.selectors.visits import Pattern, patterns_of

FIRST = "first-core-group"
BETWEEN_CORE_GROUPS = (FIRST, "next-core-group")


@dataclass(frozen=True)
class Since:
    """One child's plan since the conference before (``since``): all of it still open when this review begins."""

    child: ConferenceChild
    plan: Plan
    since: datetime.date
    met_on: datetime.date
    actions: Sequence[PlanAction]
    changed: Sequence[PlanAction]
    meetings: Sequence[CoreGroupMeeting]
    missed: Sequence[Deadline]
    visits: Sequence[Visit]
    patterns: Sequence[Pattern]
    scores: Sequence[tuple[str, SafeString]]
    decisions: Sequence[Decision]

    @property
    def name(self) -> str:
        return short_name_of(self.child.child)

    @property
    def asked_last_time(self) -> list[str]:
        """Return what the chair advised with the last decision, and the help that was to go on."""
        if not self.decisions:
            return []
        last = self.decisions[-1]
        return [*(str(AlsoAdvised(value).label) for value in last.also_advised), *filter(None, [last.help_offered])]

    @property
    def turns_18_on(self) -> datetime.date | None:
        """Return the 18th birthday where this is one of the last reviews before it."""
        born = self.child.child.person.birth_date
        if born is None:
            return None
        on = birthday(born, 18)
        return on if self.met_on < on <= self.met_on + datetime.timedelta(days=AHEAD_DAYS) else None

    @property
    def seen(self) -> list[Visit]:
        return [visit for visit in self.visits if visit.child_seen]

    @property
    def last_seen_at(self) -> datetime.datetime | None:
        return max((visit.made_at for visit in self.seen), default=None)


def since_last(conference: Conference) -> list[Since]:
    """Return each child whose plan was in force when the conference met, with what became of it. Fixed queries."""
    children = children_listed(conference)
    met_on = civil_day(conference.meets_at or conference.requested_at)
    plans = {plan.child_id: plan for plan in _plans_under_review(children, on=met_on)}
    decided: dict[int, list[Decision]] = defaultdict(list)
    for row in _decided_before(conference, plans, on=met_on):
        decided[row.conference_child.child_id].append(row)
    since = {
        child_id: max((row.sitting.day for row in decided[child_id]), default=plan.starts_on)
        for child_id, plan in plans.items()
    }
    actions = _by_plan(
        PlanAction.objects.filter(plan__in=plans.values())
        .select_related("who_person", "superseded_by")
        .prefetch_related("sharers__person")
        .order_by("by_when", "pk")
    )
    visits = _by_plan(Visit.objects.standing().filter(plan__in=plans.values()).order_by("made_at", "pk"))
    patterns = patterns_of(list(plans.values()), on=met_on)
    meetings = _meetings(plans.values())
    missed = _missed(conference, plans.values(), meetings)
    scores = lines_of_scores(
        {child.child_id: short_name_of(child.child) for child in children if child.child_id in plans},
        may_show=lambda score: score.conference != conference.pk and score.on <= met_on,
    )
    found = []
    for child in children:
        if (plan := plans.get(child.child_id)) is None:
            continue
        began = since[plan.child_id]
        found.append(
            Since(
                child=child,
                plan=plan,
                since=began,
                met_on=met_on,
                actions=[row for row in actions[plan.pk] if row.until_id is None and row.superseded_by_id is None],
                changed=[row for row in actions[plan.pk] if row.superseded_by_id is not None],
                meetings=[row for row in meetings[plan.pk] if civil_day(row.held_at or row.planned_at) >= began],
                missed=[row for row in missed[plan.pk] if row.due_on >= began],
                visits=[row for row in visits[plan.pk] if civil_day(row.made_at) >= began],
                patterns=patterns[plan.pk],
                scores=scores[plan.child_id],
                decisions=decided[plan.child_id],
            )
        )
    return found


def has_plans_under_review(conference: Conference) -> bool:
    """Return whether any child's plan was in force when the conference met."""
    met_on = civil_day(conference.meets_at or conference.requested_at)
    return _plans_under_review(children_listed(conference), on=met_on).exists()


def _plans_under_review(children: Iterable[ConferenceChild], *, on: datetime.date) -> QuerySet[Plan]:
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    rows = Plan.objects.filter(in_force, kind=PlanKind.CP, held_elsewhere="", starts_on__lt=on)
    rows = rows.filter(child__person__sealed_at__isnull=True)
    return rows.filter(child__in=[row.child_id for row in children]).order_by("starts_on")


def _decided_before(conference: Conference, child_ids: Iterable[int], *, on: datetime.date) -> QuerySet[Decision]:
    rows = Decision.objects.filter(conference_child__child__in=child_ids, superseded_by__isnull=True)
    return (
        rows.exclude(conference_child__conference=conference)
        .annotate(day=London(held_when("sitting__")))
        .filter(day__lte=on)
        .select_related("conference_child__conference", "sitting")
        .order_by("day", "pk")
    )


def _by_plan(rows: Iterable[PlanAction | Visit]) -> dict[int, list]:  # type: ignore[type-arg]
    found = defaultdict(list)
    for row in rows:
        found[row.plan_id].append(row)
    return found


def _meetings(plans: Iterable[Plan]) -> dict[int, list[CoreGroupMeeting]]:
    found: dict[int, list[CoreGroupMeeting]] = defaultdict(list)
    rows = CoreGroupMeeting.objects.filter(core_group__plans__in=list(plans))
    of_plan = rows.values_list("core_group__plans", "pk")
    rows_left_out = Prefetch("held_for", HeldForChild.objects.filter(counts=False))
    meetings = {row.pk: row for row in rows.order_by("planned_at", "pk").distinct().prefetch_related(rows_left_out)}
    for row in meetings.values():
        row.left_out = {one.plan_id for one in row.held_for.all()}  # type: ignore[attr-defined]
    for plan_id, pk in of_plan.order_by("planned_at", "pk"):
        found[plan_id].append(meetings[pk])
    return found


def _missed(
    conference: Conference, plans: Iterable[Plan], meetings: dict[int, list[CoreGroupMeeting]]
) -> dict[int, list[Deadline]]:
    """Return, by plan, the core groups for it that were not held in time, the oldest first."""
    if conference.meets_at is None:
        return defaultdict(list)
    rows = Deadline.objects.filter(family_id=conference.family_id, kind__in=BETWEEN_CORE_GROUPS, not_needed="")
    late = Q(met_at__isnull=True, late_from__lte=conference.meets_at) | Q(met_at__gte=F("late_from"))
    rows = rows.filter(late).order_by("due_on", "pk")
    groups = defaultdict(set)
    child_of = {plan.pk: plan.child_id for plan in plans}
    # Where one meeting counted for brothers and sisters only, the child's own row takes the place of the group's.
    own = {(row.child_id, row.kind, row.starts_on) for row in rows if row.child_id is not None}
    for plan_id, group_id in CoreGroup.plans.through.objects.filter(plan__in=list(plans)).values_list(
        "plan", "coregroup"
    ):
        groups[plan_id].add(group_id)
    found = defaultdict(list)
    for row in rows:
        for plan_id, group_ids in groups.items():
            if row.child_id is not None:
                if row.child_id == child_of[plan_id]:
                    found[plan_id].append(row)
                continue
            if (child_of[plan_id], row.kind, row.starts_on) in own:
                continue
            counted = {met.pk for met in meetings[plan_id] if plan_id not in met.left_out}  # type: ignore[attr-defined]
            of_plan = group_ids | {-plan_id} if row.kind == FIRST else counted
            if row.fact_id in of_plan:
                found[plan_id].append(row)
    return found
