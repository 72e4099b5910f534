"""The chair's check of a plan between two conferences: who makes it, what they look at, and what was found before."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.enums import Role
from accounts.models import User
from conferences.access import chairs_of
from conferences.clocks.conferences import held_when
from conferences.enums import ConferenceKind
from conferences.models import Conference, Decision
from deadlines.facts import London
from families.access import BY_GLASS
from plans.access import PLAN_RULE
from plans.enums import PlanKind, Progress
from plans.models import MidPointCheck, Plan, Visit
from plans.occasions import meetings_of
from plans.selectors.managers import managers_of


@dataclass(frozen=True)
class LastConference:
    """The conference from which a check counts, and its day."""

    day: datetime.date
    conference: Conference | None


@dataclass(frozen=True)
class Picture:
    """What the record says since the last conference, beside the questions."""

    since: datetime.date
    actions: int
    done: int
    not_done: int
    visits: int
    seen: int
    meetings: list[tuple[int, str]]


def is_checked(plan: Plan) -> bool:
    """Return whether the plan is one that a chair checks: our own, open, for protection."""
    return plan.kind == PlanKind.CP and not plan.held_elsewhere and plan.is_open


def last_conference(plan: Plan) -> LastConference:
    """Return the last conference that decided for the plan's child while the plan ran, else the one that made it."""
    reviews = Decision.objects.filter(
        conference_child__child=plan.child_id, conference_child__kind=ConferenceKind.REVIEW, superseded_by__isnull=True
    ).annotate(day=London(held_when("sitting__")))
    newest = reviews.filter(day__gt=plan.starts_on).select_related("conference_child__conference").order_by("day", "pk")
    found = newest.last()
    if found is not None:
        return LastConference(found.day, found.conference_child.conference)
    made_by = Conference.objects.filter(children__decisions=plan.decision_id).first() if plan.decision_id else None
    return LastConference(plan.starts_on, made_by)


def may_check(user: User, plan: Plan, last: LastConference, *, on: datetime.date) -> bool:
    """Return whether the user chairs, or stands in for the chair of, the last conference about the plan's child."""
    if last.conference is None or PLAN_RULE.right_of(user, plan) in {None, BY_GLASS}:
        return False
    return user in chairs_of(last.conference, on=on)


def decides_mid_point(user: User, plan: Plan, *, on: datetime.date) -> bool:
    """Return whether the user decides about what a chair found: a manager of the case, or of the service."""
    if user.holds(Role.SERVICE_MANAGER) and PLAN_RULE.right_of(user, plan) not in {None, BY_GLASS}:
        return True
    return user in managers_of(plan, on=on)


def picture_of(plan: Plan, last: LastConference) -> Picture:
    """Return what happened since the last conference, in a fixed number of queries."""
    actions = plan.actions.standing().aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(progress=Progress.DONE)),
        not_done=Count("pk", filter=Q(progress__in=[Progress.NOT_DONE, Progress.GIVEN_UP])),
    )
    since = Visit.objects.of_social_care().annotate(day=London("made_at")).filter(plan=plan.pk, day__gte=last.day)
    visits = since.aggregate(all=Count("pk"), seen=Count("pk", filter=Q(child_seen=True)))
    return Picture(
        since=last.day,
        actions=actions["all"],
        done=actions["done"],
        not_done=actions["not_done"],
        visits=visits["all"],
        seen=visits["seen"],
        meetings=meetings_of([plan]),
    )


def standing_check(plan: Plan, counts_from: datetime.date) -> MidPointCheck | None:
    """Return the check that stands for the time since a conference."""
    return plan.mid_point_checks.filter(counts_from=counts_from, replaced_at__isnull=True).first()


def checks_of(plan: Plan) -> list[MidPointCheck]:
    """Return the plan's checks that stand, newest first, with who recorded and who decided."""
    rows = plan.mid_point_checks.filter(replaced_at__isnull=True)
    return list(rows.select_related("recorded_by", "decided_by").order_by("-counts_from", "-pk"))
