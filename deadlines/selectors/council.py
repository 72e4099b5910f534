"""A council's timeliness, counted in the database for one council and one period."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate, TruncMonth, TruncWeek

from accounts.models import Authority, User
from charts import percent
from deadlines.access import about_a_sealed_child, visible_deadlines
from deadlines.clocks import registry
from deadlines.lateness import causes_of
from deadlines.models import Deadline, LateCause
from deadlines.policies import Policy, PolicyMissing, policies_of, policy_for
from deadlines.selectors.periods import Period
from deadlines.selectors.rows import title_of
from deadlines.working_days.arithmetic import LONDON, civil_day
from deadlines.working_days.calendars import calendar_for
from families.access import hidden_restricted
from families.models import Family

INITIAL = "initial-conference"
WEEKS_AHEAD = 12
LATE_SHOWN = 10
BATCH = 500
NOT_RECORDED = "Not recorded"
NOT_BOOKED = "No conference booked"
NO_CAUSE = (NOT_RECORDED, NOT_BOOKED)


@dataclass(frozen=True)
class Chosen:
    """The page's filters."""

    authority: Authority
    period: Period
    kind: str = INITIAL
    team_id: int | None = None
    closures_as_working_days: bool = False
    # Restricted cases closed to the reader: within one month or team, the figures could reveal one.
    without: tuple[int, ...] = ()


@dataclass(frozen=True)
class Timeliness:
    """How many were in time and late, by the council's own limit and by the national outer limit.

    Deadlines still running within their limit, and those no longer needed, are in neither number.
    """

    in_time: int = 0
    late: int = 0
    outer_in_time: int = 0
    outer_late: int = 0

    @property
    def whole(self) -> int:
        return self.in_time + self.late

    @property
    def percent(self) -> int | None:
        return percent(self.in_time, self.whole) if self.whole else None

    @property
    def outer_percent(self) -> int | None:
        """Return the share in time by the national outer limit; None where there is none beside the council's own."""
        outer = self.outer_in_time + self.outer_late
        return percent(self.outer_in_time, outer) if outer else None

    def __add__(self, other: Timeliness) -> Timeliness:
        return Timeliness(
            self.in_time + other.in_time,
            self.late + other.late,
            self.outer_in_time + other.outer_in_time,
            self.outer_late + other.outer_late,
        )


@dataclass(frozen=True)
class KindTimeliness:
    kind: str
    title: str
    limit: str
    timeliness: Timeliness


@dataclass(frozen=True)
class Spread:
    """The working days on which conferences were held: how many on each, the median and the middle half."""

    by_day: dict[int, int]
    limit: int | None

    @property
    def whole(self) -> int:
        return sum(self.by_day.values())

    @property
    def median(self) -> int | None:
        return self.at(0.5)

    @property
    def lower(self) -> int | None:
        return self.at(0.25)

    @property
    def upper(self) -> int | None:
        return self.at(0.75)

    def at(self, share: float) -> int | None:
        """Return the day by which this share of all was held."""
        gone = 0
        for day in sorted(self.by_day):
            gone += self.by_day[day]
            if gone >= share * self.whole:
                return day
        return None


@dataclass(frozen=True)
class LateNow:
    """One thing that is late today, by reference; ``days`` are working days."""

    deadline: Deadline
    title: str
    case_number: str
    team: str
    days: int


@dataclass(frozen=True)
class CouncilTimeliness:
    """All the numbers on the page."""

    chosen: Chosen
    today: datetime.date
    months: list[tuple[datetime.date, Timeliness]]
    kinds: list[KindTimeliness]
    spread: Spread
    causes: list[tuple[str, int]]
    weeks: list[tuple[datetime.date, int]]
    late_now: list[LateNow]
    late_count: int

    @property
    def of_kind(self) -> Timeliness:
        return sum((timeliness for _, timeliness in self.months), Timeliness())

    @property
    def everything(self) -> Timeliness:
        return sum((row.timeliness for row in self.kinds), Timeliness())

    @property
    def initial(self) -> Timeliness:
        return next((row.timeliness for row in self.kinds if row.kind == INITIAL), Timeliness())

    @property
    def kind_title(self) -> str:
        return title_of(self.chosen.kind)

    @property
    def is_empty(self) -> bool:
        return not (self.everything.whole or self.late_count or any(number for _, number in self.weeks))


def council_timeliness(
    chosen: Chosen, *, user: User, now: datetime.datetime, late_shown: int | None = LATE_SHOWN
) -> CouncilTimeliness:
    """Return how a council keeps its limits over one period, and what is late and due now.

    Every number excludes the restricted cases that the reader may not open. A whole council's share reveals no
    one, but the same page filtered to one team and kind would show a single case, as would comparing two such
    pages; so one rule applies to all. ``late_shown`` is how many late items are described; None for all that
    the user may open.
    """
    today = civil_day(now)
    policy = _policy(chosen.authority, today)
    hidden = hidden_restricted(user, authority_id=chosen.authority.pk)
    chosen = replace(chosen, without=tuple(hidden))
    by_month = _by_month_and_kind(chosen, now=now)
    late = _late_now(chosen, now=now)
    return CouncilTimeliness(
        chosen=chosen,
        today=today,
        months=[(month, by_month.get((month, chosen.kind), Timeliness())) for month in chosen.period.months],
        kinds=_kinds(by_month, policy),
        spread=_spread(chosen, policy),
        causes=_causes(chosen, policy, now=now),
        weeks=_weeks(chosen, today),
        late_now=_described(late, user=user, chosen=chosen, today=today, most=late_shown),
        late_count=late.count(),
    )


def _policy(authority: Authority, today: datetime.date) -> Policy | None:
    try:
        return policy_for(authority, on=today)
    except PolicyMissing:
        return None


def _of_council(chosen: Chosen, kinds: Sequence[str]) -> QuerySet[Deadline]:
    """Return the council's deadlines, optionally of one team; kinds are listed so that the index is used.

    What was met for a child whose record is sealed since stays in the totals, which name no one.
    """
    rows = (
        Deadline.objects.filter(authority_id=chosen.authority.pk, kind__in=kinds, not_needed="")
        .exclude(Q(met_at__isnull=True) & about_a_sealed_child())
        .exclude(family_id__in=chosen.without)
        .order_by()
    )
    if chosen.team_id is not None:
        rows = rows.filter(family_id__in=Family.objects.filter(team=chosen.team_id).values("pk"))
    return rows


def _in_period(chosen: Chosen, kinds: Sequence[str]) -> QuerySet[Deadline]:
    return _of_council(chosen, kinds).filter(due_on__gte=chosen.period.first, due_on__lt=chosen.period.end)


def _in_time(chosen: Chosen) -> Q:
    in_time = Q(met_at__lt=F("late_from"))
    if chosen.closures_as_working_days:
        in_time &= Q(due_on_in_england=F("due_on")) | Q(met_on__lte=F("due_on_in_england"))
    return in_time


def _by_month_and_kind(chosen: Chosen, *, now: datetime.datetime) -> dict[tuple[datetime.date, str], Timeliness]:
    is_over = Q(met_at__isnull=False) | Q(late_from__lte=now)
    outer_in_time = Q(met_on__lte=F("outer_on"))
    has_outer = Q(outer_on__isnull=False)
    in_time = _in_time(chosen)
    counted = (
        _in_period(chosen, list(registry))
        .annotate(month=TruncMonth("due_on"), met_on=TruncDate("met_at", tzinfo=LONDON))
        .values("month", "kind")
        .annotate(
            whole=Count("pk", filter=is_over),
            in_time=Count("pk", filter=in_time),
            outer_in_time=Count("pk", filter=has_outer & outer_in_time),
            outer_whole=Count("pk", filter=has_outer & (Q(met_at__isnull=False) | Q(outer_on__lt=civil_day(now)))),
        )
    )
    return {
        (row["month"], row["kind"]): Timeliness(
            in_time=row["in_time"],
            late=row["whole"] - row["in_time"],
            outer_in_time=row["outer_in_time"],
            outer_late=row["outer_whole"] - row["outer_in_time"],
        )
        for row in counted
    }


def _kinds(by_month: dict[tuple[datetime.date, str], Timeliness], policy: Policy | None) -> list[KindTimeliness]:
    """Return each kind with anything to count, in the order in which the clocks run through a case."""
    totals: dict[str, Timeliness] = {}
    for (_, kind), timeliness in by_month.items():
        totals[kind] = totals.get(kind, Timeliness()) + timeliness
    return [
        KindTimeliness(kind=kind, title=title_of(kind), limit=_limit_words(kind, policy), timeliness=totals[kind])
        for kind in registry
        if kind in totals and totals[kind].whole
    ]


def _limit_words(kind: str, policy: Policy | None) -> str:
    """Return the limit in the council's procedures today, such as "15 working days"."""
    if policy is None:
        return ""
    try:
        return policy.limit(kind).words
    except KeyError:
        return ""


def _spread(chosen: Chosen, policy: Policy | None) -> Spread:
    """Count by the calendar of each one's own limit, so that a late one falls beyond the limit."""
    pairs = (
        _in_period(chosen, [INITIAL])
        .filter(met_at__isnull=False)
        .annotate(met_on=TruncDate("met_at", tzinfo=LONDON))
        .values_list("starts_on", "met_on", "policy_version_id")
        .annotate(number=Count("pk"))
    )
    calendar = calendar_for(chosen.authority, with_closures=not chosen.closures_as_working_days)
    counted_under = list(pairs)
    policies = policies_of({version for *_, version, _ in counted_under})
    by_day: Counter[int] = Counter()
    for starts_on, met_on, version, number in counted_under:
        days = calendar.counting(policies[version].limit(INITIAL)).count(starts_on, met_on)
        by_day[days] += number
    try:
        limit = policy.limit(INITIAL).amount if policy else None
    except KeyError:
        limit = None
    return Spread(by_day=dict(sorted(by_day.items())), limit=limit)


def _causes(chosen: Chosen, policy: Policy | None, *, now: datetime.datetime) -> list[tuple[str, int]]:
    """Return why the period's initial conferences were late, most frequent first, those without a cause last."""
    late = (
        _in_period(chosen, [INITIAL])
        .annotate(met_on=TruncDate("met_at", tzinfo=LONDON))
        .filter(Q(met_at__isnull=False) | Q(late_from__lte=now))
        .exclude(_in_time(chosen) & Q(met_at__isnull=False))
    )
    labels = dict(policy.lateness_causes) if policy else {}
    unbooked = late.filter(conference_id__isnull=True)
    said = LateCause.objects.filter(replaced_at__isnull=True, deadline__in=unbooked.values("pk"))
    found = Counter(causes_of(late.filter(conference_id__isnull=False)))
    # Siblings whose limit ends on one day count as one conference.
    found.update(
        cause
        for cause, *_ in said.order_by().values_list("cause", "deadline__family_id", "deadline__due_on").distinct()
    )
    silent = unbooked.exclude(pk__in=said.values("deadline"))
    named = [(labels.get(key, key.replace("-", " ").capitalize()), n) for key, n in found.items() if key]
    named.sort(key=lambda pair: (-pair[1], pair[0]))
    unnamed = ((NOT_RECORDED, found.get("", 0)), (NOT_BOOKED, silent.values("family_id", "due_on").distinct().count()))
    return [*named, *((label, number) for label, number in unnamed if number)]


def _weeks(chosen: Chosen, today: datetime.date) -> list[tuple[datetime.date, int]]:
    """Return how many limits end in each of the weeks ahead, this week first; weeks begin on Monday."""
    monday = today - datetime.timedelta(days=today.weekday())
    weeks = [monday + datetime.timedelta(weeks=n) for n in range(WEEKS_AHEAD)]
    rows = (
        _of_council(chosen, list(registry))
        .filter(met_at__isnull=True, due_on__gte=today, due_on__lt=weeks[-1] + datetime.timedelta(weeks=1))
        .annotate(week=TruncWeek("due_on"))
        .values_list("week")
        .annotate(number=Count("pk"))
    )
    found = dict(rows)
    return [(week, found.get(week, 0)) for week in weeks]


def _late_now(chosen: Chosen, *, now: datetime.datetime) -> QuerySet[Deadline]:
    rows: Any = Deadline.objects.open().filter(authority_id=chosen.authority.pk, late_from__lte=now)
    rows = rows.exclude(about_a_sealed_child()).exclude(family_id__in=chosen.without)
    if chosen.team_id is not None:
        rows = rows.filter(family_id__in=Family.objects.filter(team=chosen.team_id).values("pk"))
    found: QuerySet[Deadline] = rows.order_by("late_from", "pk")
    return found


def _described(
    late: QuerySet[Deadline], *, user: User, chosen: Chosen, today: datetime.date, most: int | None
) -> list[LateNow]:
    """Return the longest late of those that the user may open, by reference."""
    rows = _open_to(user, late, most=most)
    policies = policies_of({row.policy_version_id for row in rows})
    families = Family.objects.select_related("team").in_bulk({row.family_id for row in rows})
    calendar = calendar_for(chosen.authority)
    return [
        LateNow(
            deadline=row,
            title=f"{title_of(row.kind)}: {row.what}" if row.what else title_of(row.kind),
            case_number=families[row.family_id].case_number,
            team=families[row.family_id].team.name,
            days=calendar.counting(policies[row.policy_version_id].limit(row.limit_key)).distance(today, row.due_on),
        )
        for row in rows
    ]


def _open_to(user: User, late: QuerySet[Deadline], *, most: int | None) -> list[Deadline]:
    """Filter in batches: a query for many rows at once would scan all families of the council."""
    found: list[Deadline] = []
    start = 0
    while batch := list(late.values_list("pk", flat=True)[start : start + BATCH]):
        found += visible_deadlines(user).filter(pk__in=batch).order_by("late_from", "pk")
        if len(batch) < BATCH or (most is not None and len(found) >= most):
            break
        start += BATCH
    return found[:most]
