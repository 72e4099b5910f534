"""What follows a decision and by when, according to the council's limits."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from django.db.models import QuerySet

from conferences.enums import Outcome, PlanEffect, SittingState
from conferences.models import Conference, Decision, Sitting
from conferences.plans_held import HeldPlan
from conferences.selectors.procedures import policy_of_conference
from conferences.selectors.review_limits import reviews_due
from deadlines.models import Deadline
from deadlines.policies import Limit, policy_for, policy_of
from deadlines.working_days.arithmetic import civil_day, due
from deadlines.working_days.calendars import calendar_for
from govuk.words import clock, count, long_date
from meetings.selectors.attendance import sitting_of

AT_ONCE: dict[str, str] = {
    Outcome.CP_PLAN: "The child protection plan starts",
    Outcome.CIN_PLAN: "The child in need plan starts, with consent",
    Outcome.CIN_REFUSED: "The team manager is told that the plan was refused",
}
CLOCKS_AFTER: dict[str, tuple[tuple[str, str], ...]] = {
    Outcome.CP_PLAN: (
        ("first-core-group", "First core group"),
        ("visit", "The child is seen for the first time under the plan"),
        ("first-review", "First review conference"),
    ),
    Outcome.CIN_PLAN: (("cin-plan-review", "First review of the child in need plan"),),
}

ON_A_PLAN: dict[str, str] = {
    PlanEffect.GOES_ON: "The child protection plan stays in force",
    PlanEffect.LOWERED: "The child protection plan ends, and the child in need plan starts, with consent",
    PlanEffect.ENDS: "The child protection plan ends. The help that goes on is in the minutes",
}
STRAIGHT_AFTER = "Here a core group doesn’t meet on the day of the conference. Choose a later day."
CORE_GROUPS = ("first-core-group", "next-core-group")


@dataclass(frozen=True)
class LastDay:
    """The end of one limit: its last day (and moment, for a limit in hours), and the target day."""

    key: str
    title: str
    on: datetime.date
    at: datetime.datetime | None
    plan_for: datetime.date
    limit: Limit

    @property
    def words(self) -> str:
        """Return text such as "Friday 1 January 2027 (do it by Thursday 31 December 2026)"."""
        if self.at is not None:
            return f"{long_date(self.at)}, {clock(self.at)}"
        if self.plan_for != self.on:
            return f"{long_date(self.on)} (do it by {long_date(self.plan_for)})"
        return long_date(self.on)

    def is_kept_by(self, moment: datetime.datetime) -> bool:
        """Return whether something held at this moment is within the limit."""
        return moment <= self.at if self.at is not None else civil_day(moment) <= self.on


@dataclass(frozen=True)
class Follows:
    """One line of what will follow: when, what, and the rule behind it."""

    when: str
    what: str
    rule: str = ""


def last_day(conference: Conference, key: str, title: str, *, start: datetime.date | datetime.datetime) -> LastDay:
    """Return the end of the policy's limit ``key``, counted from ``start``."""
    limit = policy_of_conference(conference).limit(key)
    calendar = calendar_for(conference.authority_id).counting(limit)
    end = due(limit, start, calendar)
    return LastDay(key, title, end.on, end.at, calendar.day_to_plan_for(end.on), limit)


def last_days_after_plan(
    conference: Conference, sitting: Sitting, *, decided: Collection[int] = (), is_review: bool = False
) -> tuple[LastDay, LastDay]:
    """Return the last days for the core group and the review to come.

    ``decided`` are the children for whom a plan starts or goes on: for them the ledger has counted both, and it says
    the earliest. Until then they are counted from the sitting.
    """
    group, review = ("next-core-group", "next-review") if is_review else ("first-core-group", "first-review")
    ahead = Deadline.objects.open().filter(family_id=conference.family_id)
    groups = ahead.filter(kind__in=CORE_GROUPS) if decided else ahead.none()
    which = "Next" if is_review else "First"
    return (
        _of_ledger(groups, f"{which} core group")
        or last_day(conference, group, f"{which} core group", start=sitting.day),
        _of_ledger(reviews_due(decided), f"{which} review conference")
        or last_day(conference, review, f"{which} review conference", start=sitting.day),
    )


def _of_ledger(deadlines: QuerySet[Deadline], title: str) -> LastDay | None:
    row = deadlines.order_by("due_on", "pk").first()
    if row is None:
        return None
    limit = policy_of(row.policy_version_id).limit(row.limit_key)
    return LastDay(row.kind, title, row.due_on, row.due_at, row.plan_for_on, limit)


def is_straight_after_conference(moment: datetime.datetime, sittings: QuerySet[Sitting], *, authority_id: int) -> bool:
    """Return whether a core group would meet on the day of one of these sittings, where the council wants none then."""
    day = civil_day(moment)
    if policy_for(authority_id, on=day).value("core-group-straight-after-conference") != "never":
        return False
    starts = sittings.exclude(state=SittingState.CANCELLED).values_list("starts_at", flat=True)
    return any(civil_day(at) == day for at in starts)


def deciding_sitting(conference: Conference, decisions: Iterable[Decision]) -> Sitting | None:
    """Return the first sitting after which a child protection plan was in force, otherwise the current one."""
    sittings = [row.sitting for row in decisions if row.leaves_a_plan]
    return min(sittings, key=lambda row: row.day) if sittings else sitting_of(conference)


def what_will_follow(
    conference: Conference,
    *,
    outcome: str,
    sitting: Sitting,
    visit_every: int | None = None,
    plan: HeldPlan | None = None,
    effect: str = "",
) -> list[Follows]:
    """Return what a decision with this outcome leads to, each with its last day, the soonest first.

    ``effect`` is what the decision makes of ``plan``, the one in force. A meeting that is still open is assumed to end
    when its booking ends.
    """
    ends = conference.ended_at or sitting.booked_until
    after = [
        _line(
            last_day(
                conference, "decisions-sent", "The decisions and the plan go to everyone who may have them", start=ends
            )
        ),
        _line(last_day(conference, "minutes-sent", "The minutes are sent", start=ends)),
    ]
    if effect == PlanEffect.GOES_ON:
        after.append(_line(_next_review(conference, sitting, plan)))
    for key, title in () if effect == PlanEffect.GOES_ON else CLOCKS_AFTER.get(outcome, ()):
        if key == "visit" and visit_every:
            after.append(_first_visit(conference, sitting, title, visit_every))
        else:
            after.append(_line(last_day(conference, key, title, start=sitting.day)))
    in_order = [line for _, line in sorted(after, key=itemgetter(0))]
    at_once = ON_A_PLAN.get(effect) or AT_ONCE.get(outcome, "No plan starts. The help offered is in the minutes")
    return [Follows("Today", at_once), *in_order] if outcome else in_order


def _next_review(conference: Conference, sitting: Sitting, plan: HeldPlan | None) -> LastDay:
    """Return the last day for the review after this one, as the ledger will count it.

    Some councils count the second review from the conference that made the plan; it is never later for that.
    """
    title = "Next review conference"
    days = [last_day(conference, "next-review", title, start=sitting.day)]
    if plan and not plan.is_reviewed and policy_of_conference(conference).uses("second-review"):
        days.append(last_day(conference, "second-review", title, start=plan.since))
    return min((day for day in days if day.on > sitting.day), key=attrgetter("on"))


def _line(day: LastDay) -> tuple[datetime.date, Follows]:
    return day.on, Follows(f"By {day.words}", day.title, f"{day.limit.words} after the meeting")


def _first_visit(conference: Conference, sitting: Sitting, title: str, every: int) -> tuple[datetime.date, Follows]:
    by = calendar_for(conference.authority_id).add(sitting.day, every)
    return by, Follows(f"By {long_date(by)}", title, f"every {count(every, 'working day')}")
