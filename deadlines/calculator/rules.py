"""Which clocks run for a case, from which event and under which limit; the earliest of several limits counts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from deadlines.calculator.cases import INITIAL, PRE_BIRTH, Case, CaseInvalid, Moment
from deadlines.enums import Unit
from deadlines.policies import Limit, Policy
from deadlines.working_days.arithmetic import Alternative, Due, Result, civil_day, earliest
from deadlines.working_days.calendars import ONE_DAY, CalendarEnds, WorkingCalendar


@dataclass(frozen=True)
class From(Alternative[Limit]):
    """A limit that runs from the case's date named by ``key``."""

    key: str = ""


@dataclass(frozen=True)
class ClockDate:
    """When one clock ends for a case, under the limit that counts, and the limits that would end later."""

    clock: str
    due: Due
    limit: Limit
    start: Moment
    spared: tuple[tuple[Alternative[Limit], Due], ...] = ()

    @property
    def starts_from(self) -> Moment:
        """Return the day it runs from, or the moment where it is counted in hours."""
        return self.start if self.due.at else civil_day(self.start)


def dates_of(case: Case, policy: Policy, calendar: WorkingCalendar) -> list[ClockDate]:
    """Return each clock whose starting event the case gives, in the order of a case's life.

    Raises CaseInvalid, naming the date, where counting would leave the calendar and where an hour limit has a
    day without a time to run from.
    """
    for key, given in case.given().items():
        try:
            calendar.check(civil_day(given))
        except CalendarEnds as ends:
            raise CaseInvalid(key, f"is outside the calendar. {ends.messages[0]}") from ends
    found = []
    for clock, limits_of in CLOCKS.items():
        limits = limits_of(case, policy)
        if limits and (counted := _count(clock, limits, calendar)) is not None:
            alternative = counted.alternative
            found.append(ClockDate(clock, counted.due, alternative.limit, alternative.start, counted.spared))
    return found


def _count(clock: str, limits: list[From], calendar: WorkingCalendar) -> Result[Limit] | None:
    """Return the limit that counts, checked to end within the calendar."""
    for one in limits:
        if one.limit.unit == Unit.HOURS and not isinstance(one.start, datetime.datetime):
            raise CaseInvalid(one.key, f"needs a time as well: “{clock}” is counted in hours")
    try:
        counted = earliest(limits, calendar)
        if counted is not None:
            calendar.check(counted.due.on)
    except CalendarEnds as ends:
        raise CaseInvalid(
            limits[0].key, f"leads outside the calendar to the end of “{clock}”. {ends.messages[0]}"
        ) from ends
    return counted


def _from(case: Case, policy: Policy, *, clock: str, key: str) -> list[From]:
    """Return the limit named after its clock, running from one date of the case."""
    start = getattr(case, key)
    return [] if start is None else [From(policy.limit(clock), start, key=key)]


def _before_the_conference(case: Case, policy: Policy, *, clock: str) -> list[From]:
    """Count back from the conference; a review may have its own limit."""
    if case.conference is None:
        return []
    of_review = f"{clock}:review"
    limit = policy.limit(of_review if case.is_review and of_review in policy.data["limits"] else clock)
    return [From(limit, case.conference, key="conference")]


def _pre_birth_conference(case: Case, policy: Policy) -> list[From]:
    """Count back from the expected date, if the pregnancy was known in time and the child not born before."""
    if case.expected is None or _born_before_the_conference(case):
        return []
    limit = policy.limit("pre-birth-conference")
    return [From(limit, case.expected, not_before=case.strategy_discussion, key="expected")]


def _born_before_the_conference(case: Case) -> bool:
    """Return whether the birth turned a pre-birth conference into an ordinary initial one."""
    held = case.plan_began or (case.conference_day if case.type in {INITIAL, PRE_BIRTH} else None)
    return case.born is not None and held is not None and case.born < held


def _outline_plan(case: Case, policy: Policy) -> list[From]:
    """Count from the conference where the council asks for it; also to the first core group, where it chose so."""
    if case.plan_began is None or not policy.uses("outline-plan"):
        return []
    limit = policy.limit("outline-plan")
    limits = [From(limit, case.plan_began, key="plan_began")]
    if limit.sooner_with:
        other = policy.limit(limit.sooner_with)
        limits.append(From(other, case.plan_began, not_after=case.first_core_group, key="plan_began"))
    return limits


def _next_review(case: Case, policy: Policy) -> list[From]:
    """Count from the last review; the second also from the first conference, where the council does so."""
    last = case.last_review
    if last is None or (case.plan_began is None and case.cin_plan_began is not None):
        return []
    limits = [From(policy.limit("next-review"), last, key="last_review")]
    if case.has_held_one_review and case.plan_began is not None and policy.uses("second-review"):
        # Where the first was held so late that this limit had already ended, only the other one is left.
        limit = policy.limit("second-review")
        limits.insert(0, From(limit, case.plan_began, not_before=last + ONE_DAY, key="plan_began"))
    return limits


def _after_birth(case: Case, policy: Policy) -> list[From]:
    """Return the review limits after the birth of a child with a pre-birth plan, unless a review followed.

    While no review has been held at all, the limit of the first review applies too; where that ended before the
    birth it is dropped, never met.
    """
    if case.born is None or _born_before_the_conference(case):
        return []
    if case.last_review is not None and case.last_review >= case.born:
        return []
    limits = [From(policy.limit("after-birth"), case.born, key="born")]
    if case.last_review is None and case.plan_began is not None:
        limit = policy.limit("first-review")
        limits.append(From(limit, case.plan_began, not_before=case.born, key="plan_began"))
    return limits


def _cin_plan_review(case: Case, policy: Policy) -> list[From]:
    """Count from the start of the plan, then from its last review; an earlier review was of another plan."""
    began, last = case.cin_plan_began, case.last_review
    if began is None:
        return []
    limit = policy.limit("cin-plan-review")
    if last is not None and last > began:
        return [From(limit, last, key="last_review")]
    return [From(limit, began, key="cin_plan_began")]


def _visit(case: Case, policy: Policy) -> list[From]:
    """Count from the start of the plan, then from the last visit at which this child was seen."""
    began, seen = case.plan_began, case.last_seen
    limit = policy.visit_frequency
    if seen is not None and (began is None or seen > began):
        return [From(limit, seen, key="last_seen")]
    return [] if began is None else [From(limit, began, key="plan_began")]


def _simple(clock: str, key: str) -> Callable[[Case, Policy], list[From]]:
    return partial(_from, clock=clock, key=key)


CLOCKS: dict[str, Callable[[Case, Policy], list[From]]] = {
    "initial-conference": _simple("initial-conference", "strategy_discussion"),
    "transfer-in-conference": _simple("transfer-in-conference", "notified"),
    "pre-birth-conference": _pre_birth_conference,
    **{
        clock: partial(_before_the_conference, clock=clock)
        for clock in ("report-shared-with-family", "report-submitted", "chair-has-reports")
    },
    "invitations-sent": _simple("invitations-sent", "booked"),
    "decisions-sent": _simple("decisions-sent", "ended"),
    "minutes-sent": _simple("minutes-sent", "ended"),
    "outline-plan": _outline_plan,
    "first-core-group": _simple("first-core-group", "plan_began"),
    "next-core-group": _simple("next-core-group", "last_core_group"),
    "first-review": _simple("first-review", "plan_began"),
    "next-review": _next_review,
    "after-birth": _after_birth,
    "cin-plan-review": _cin_plan_review,
    "visit": _visit,
}
