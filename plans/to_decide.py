"""What managers decide about plans: at 18, about consent, and about what a chair found between conferences."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.readers import Reader, ids_of_user
from deadlines.facts import Noon
from deadlines.to_decide import DecisionKind, matters
from families.access import CHILD_RULE, FAMILY_MANAGE_RULE
from families.models import Child, Family
from families.selectors.birthdays import AdultOn
from families.selectors.names import full_name_in_sql
from meetings.models import EntryMove
from plans.access import PLAN_RULE, visible_plans
from plans.enums import PlanKind
from plans.models import ConsentMatter, LongerVisits, MidPointCheck, Plan
from plans.selectors.consent import decides_consent
from plans.selectors.endings import may_end_plan
from plans.selectors.longer_visits import LONGER_VISITS_RULE
from plans.selectors.mid_points import decides_mid_point


def _of_adults() -> QuerySet[Any, Any]:
    own = Plan.objects.filter(kind=PlanKind.CP, held_elsewhere="", ends_on__isnull=True)
    born = own.filter(child__person__birth_date__isnull=False)
    return born.annotate(adult_on=AdultOn(F("child__person__birth_date")))


def _ended_by(user: User) -> list[int]:
    """Return the ids of adults' plans that this user ends: few, so that the council's procedures are asked of each."""
    today = timezone.localdate()
    adults = _of_adults().filter(adult_on__lte=today, pk__in=visible_plans(user).values("pk"))
    return [plan.pk for plan in adults.select_related("child") if may_end_plan(user, plan, on=today)]


ENDED_BY_READER = ids_of_user("plans of adults that the user ends", _ended_by)


def _turned_18(_reader: Reader) -> QuerySet[Any, Any]:
    rows = _of_adults().filter(pk__one_of=ENDED_BY_READER)
    return matters(rows, since=Noon(F("adult_on")), args=["pk"], about=full_name_in_sql("child__person"))


def _moves(reader: Reader) -> QuerySet[Any, Any]:
    """Return parts of plans and core groups that someone else asked to move to a child whom the reader knows."""
    rows = EntryMove.objects.filter(needs_agreement=True, moved_at__isnull=True, refused_at__isnull=True)
    managed = FAMILY_MANAGE_RULE.visible(Family.objects.all(), reader).values("pk")
    known = CHILD_RULE.visible(Child.objects.all(), reader).values("pk")
    open_to_them = PLAN_RULE.visible(Plan.objects.all(), reader).values("pk")
    rows = rows.filter(conference__isnull=True, family__in=managed, to_child__in=known, from_record__in=open_to_them)
    return matters(
        rows.exclude(asked_by=reader.pk),
        since="asked_at",
        args=["from_record", "pk"],
        family="family_id",
        about=full_name_in_sql("from_child__person"),
    )


def _longer_visits(reader: Reader) -> QuerySet[Any, Any]:
    """Return visits further apart than the ceiling that wait for the user; the service asks the same rule."""
    waiting = LongerVisits.objects.filter(answered_at__isnull=True, plan__ends_on__isnull=True)
    return matters(
        LONGER_VISITS_RULE.visible(waiting, reader),
        since="asked_at",
        args=["plan_id", "pk"],
        about=full_name_in_sql("plan__child__person"),
    )


LONGER_VISITS = DecisionKind(
    "longer-visits", "Agree to visits further apart, or refuse", "plans:agree-longer-visits", _longer_visits, order=35
)
MOVE = DecisionKind(
    "plan-move", "Agree to move a part of a plan to another child, or refuse", "plans:see-move", _moves, order=45
)
TURNED_18 = DecisionKind(
    "turned-18", "End the plan of a young person who has turned 18", "plans:end-at-18", _turned_18, order=10
)


def _decides(user: User) -> list[int]:
    """Return the ids of plans about whose consent this user decides: few, so that managers are asked of each."""
    today = timezone.localdate()
    waiting = ConsentMatter.objects.filter(decided_at__isnull=True, plan__in=visible_plans(user).values("pk"))
    plans = Plan.objects.filter(pk__in=waiting.values("plan"), ends_on__isnull=True).select_related("child")
    return [plan.pk for plan in plans if decides_consent(user, plan, on=today)]


DECIDED_BY_READER = ids_of_user("plans about whose consent the user decides", _decides)


def _consent(_reader: Reader) -> QuerySet[Any, Any]:
    rows = ConsentMatter.objects.filter(decided_at__isnull=True, plan__one_of=DECIDED_BY_READER)
    return matters(rows, since="raised_at", args=["plan_id", "pk"], about=full_name_in_sql("plan__child__person"))


CONSENT = DecisionKind(
    "consent", "Decide about the consent to a child in need plan", "plans:decide-consent", _consent, order=35
)


def _decides_mid_point(user: User) -> list[int]:
    """Return the ids of plans that a chair took to this user: few, so that managers are asked of each."""
    today = timezone.localdate()
    waiting = _waiting_mid_points().filter(plan__in=visible_plans(user).values("pk"))
    plans = Plan.objects.filter(pk__in=waiting.values("plan"), ends_on__isnull=True).select_related("child")
    return [plan.pk for plan in plans if decides_mid_point(user, plan, on=today)]


def _waiting_mid_points() -> QuerySet[MidPointCheck]:
    return MidPointCheck.objects.filter(escalated=True, decided_at__isnull=True, replaced_at__isnull=True)


TAKEN_TO_READER = ids_of_user("plans that a chair took to the user", _decides_mid_point)


def _mid_points(_reader: Reader) -> QuerySet[Any, Any]:
    rows = _waiting_mid_points().filter(plan__one_of=TAKEN_TO_READER)
    return matters(rows, since="recorded_at", args=["plan_id", "pk"], about=full_name_in_sql("plan__child__person"))


MID_POINT = DecisionKind(
    "mid-point", "Decide about a plan that the chair took to you", "plans:decide-mid-point", _mid_points, order=20
)
