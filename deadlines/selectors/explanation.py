"""Explains a date: the rule, the event, each day counted or skipped, who was told, what moved."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from charts import CountedDay, day_count_calendar
from deadlines.cases import contexts_of
from deadlines.clocks import Clock, clock_of
from deadlines.enums import Direction, State, Unit
from deadlines.models import Deadline
from deadlines.policies import LIMITS, Limit, Policy, policy_of
from deadlines.policies.limits import LimitKey
from deadlines.policies.wording import label_of
from deadlines.selectors.history import HistoryLine, history_of
from deadlines.selectors.notices import ToldStage, told_about
from deadlines.working_days.arithmetic import civil_day, due
from deadlines.working_days.calendars import Day, WorkingCalendar, calendar_for, england
from families.models import Child, Family
from govuk import words

LONGEST_PICTURE = datetime.timedelta(days=50)
BANK_HOLIDAY = "Bank holiday"
WEEKEND = frozenset({"Saturday", "Sunday"})
NO_LIMIT = LimitKey("", "")
STATE_COLOURS = {
    State.OPEN: "blue",
    State.DUE_SOON: "yellow",
    State.DUE: "yellow",
    State.LATE: "red",
    State.MET: "green",
    State.MET_LATE: "green",
    State.NOT_NEEDED: "grey",
}


@dataclass(frozen=True)
class OuterLimit:
    """The national limit that applies beside a council's own, and its last day."""

    words: str
    due_on: datetime.date


@dataclass(frozen=True)
class OtherLimit:
    """Of two limits, the one that would end later and so does not count."""

    words: str
    runs_from: str
    starts_on: datetime.date
    due_on: datetime.date


@dataclass(frozen=True)
class Explanation:
    """Everything on the page."""

    deadline: Deadline
    family: Family
    child: Child | None
    title: str
    clock: Clock | None
    policy: Policy
    limit: Limit
    direction: str
    event: str
    start: datetime.date | datetime.datetime
    state: State
    days: list[Day]
    picture: SafeString | str
    counted: str
    skipped: str
    arranged: str
    outer: OuterLimit | None
    other: OtherLimit | None
    answers: list[str]
    stages: list[ToldStage]
    history: list[HistoryLine]
    calendar_until: datetime.date
    url: str
    button: str

    @property
    def state_colour(self) -> str:
        return STATE_COLOURS[self.state]

    @property
    def is_backwards(self) -> bool:
        return self.limit.direction == Direction.BEFORE

    @property
    def unit(self) -> str:
        return self.limit.unit

    @property
    def is_own_figure(self) -> bool:
        return self.deadline.own_amount is not None

    @property
    def family_heading(self) -> str:
        return f"{self.family.name} family"

    @property
    def family_url(self) -> str:
        return reverse("families:family", args=[self.family.pk])

    @property
    def differs_in_england(self) -> bool:
        """Return whether the council's closure days moved the last day."""
        return self.deadline.due_on != self.deadline.due_on_in_england

    @property
    def has_day_to_plan_for(self) -> bool:
        return self.deadline.plan_for_on != self.deadline.due_on


def explain(deadline: Deadline, *, now: datetime.datetime) -> Explanation:
    """Return everything behind one date, recounted from its event, figure and calendar."""
    policy = policy_of(deadline.policy_version_id)
    limit = policy.limit(deadline.limit_key).with_own(deadline.own_amount, deadline.own_unit)
    calendar = calendar_for(deadline.authority_id, with_closures=limit.closures_count)
    clock = clock_of(deadline.kind)
    start = deadline.starts_at or deadline.starts_on
    days = _days(deadline, limit, calendar)
    event = _event_of(deadline, limit)
    today = civil_day(now)
    family = Family.objects.get(pk=deadline.family_id)
    return Explanation(
        deadline=deadline,
        family=family,
        child=_child_of(deadline),
        title=clock.title if clock else deadline.kind.replace("-", " ").capitalize(),
        clock=clock,
        policy=policy,
        limit=limit,
        direction="before" if limit.direction == Direction.BEFORE else "after",
        event=event,
        start=start,
        state=deadline.state(now),
        days=days,
        picture=_picture(deadline, days, limit=limit, event=event, today=today),
        counted=_counted(limit, deadline, days),
        skipped=_skipped(days, today),
        arranged=_arranged(limit, deadline, calendar),
        outer=_outer(limit, deadline),
        other=_other(policy, deadline),
        answers=_answers(deadline),
        stages=told_about(deadline),
        history=history_of(deadline, event=event, today=today),
        calendar_until=calendar.last,
        url=clock.url(deadline) if clock and deadline.is_open else "",
        button=clock.button_for(deadline) if clock else "",
    )


def _child_of(deadline: Deadline) -> Child | None:
    if deadline.child_id is None:
        return None
    return Child.objects.filter(pk=deadline.child_id).select_related("person").first()


def _days(deadline: Deadline, limit: Limit, calendar: WorkingCalendar) -> list[Day]:
    """Return each day from the event to the last, numbered as the limit counts; none for hours and months."""
    zero = calendar.day_to_plan_for(deadline.starts_on) if limit.day_zero_before else deadline.starts_on
    if limit.unit == Unit.WORKING_DAYS:
        return calendar.days(zero, deadline.due_on)
    if limit.unit in (Unit.HOURS, Unit.MONTHS):
        return []
    step = 1 if deadline.due_on >= zero else -1
    found = [
        Day(day=zero + step * datetime.timedelta(days=number), counted=number > 0, number=number, reason="")
        for number in range(abs((deadline.due_on - zero).days) + 1)
    ]
    return found[::step]


def _picture(
    deadline: Deadline, days: list[Day], *, limit: Limit, event: str, today: datetime.date
) -> SafeString | str:
    if not days or abs(deadline.due_on - deadline.starts_on) > LONGEST_PICTURE:
        return ""
    meets_at = contexts_of([deadline.family_id], today=today)[deadline.family_id].meets_at
    meets_on = civil_day(meets_at) if meets_at else None
    marks = {today: "today"}
    if meets_on:
        marks[meets_on] = "conference"
    marks[deadline.plan_for_on] = "do it by this day"
    marks[deadline.due_on] = "last day"
    marks[deadline.starts_on] = event
    english = _english_numbers(deadline, limit)
    return day_count_calendar(
        [
            CountedDay(
                day=day.day,
                number=day.number,
                reason="" if day.number == 0 else _short_reason(day.reason),
                mark=marks.get(day.day, ""),
                last=day.day == deadline.due_on,
                booked=day.day == meets_on,
                other_number=english.get(day.day) if day.number is None else None,
            )
            for day in days
        ]
    )


def _english_numbers(deadline: Deadline, limit: Limit) -> dict[datetime.date, int]:
    """Return the numbers the days would have if closure days were worked, up to the end of that count."""
    if limit.unit != Unit.WORKING_DAYS or deadline.due_on == deadline.due_on_in_england:
        return {}
    counted = england().days(deadline.starts_on, deadline.due_on_in_england)
    return {day.day: day.number for day in counted if day.number}


def _short_reason(reason: str) -> str:
    """Return text short enough for a cell of the picture; the sentence below has the rest."""
    if reason in WEEKEND:
        return "weekend"
    return "bank holiday" if reason.startswith(BANK_HOLIDAY) else reason


def _counted(limit: Limit, deadline: Deadline, days: list[Day]) -> str:
    """Return a sentence on how the count went."""
    if limit.unit == Unit.HOURS and deadline.due_at and deadline.starts_at:
        return (
            f"{limit.words} from {words.clock(deadline.starts_at)} on {words.long_date(deadline.starts_at)} "
            f"end at {words.clock(deadline.due_at)} on {words.long_date(deadline.due_at)}. "
            "Nights, weekends and holidays count."
        )
    if limit.unit == Unit.MONTHS:
        keeps_day = deadline.due_on.day == deadline.starts_on.day
        end = "the same day of the month" if keeps_day else "the last day of that month"
        return f"{limit.words} end on {end}. Weekends and holidays count."
    number = max((day.number or 0 for day in days), default=0)
    if limit.unit == Unit.WORKING_DAYS:
        counted = words.count(number, "working day")
        neighbour = "previous" if limit.direction == Direction.BEFORE else "next"
        event = _event_of(deadline, limit)
        return f"{counted}. Day 0 is the day of the {event}, day 1 the {neighbour} working day."
    return f"{words.count(number, 'day')} of the calendar, weekends and holidays too."


def _event_of(deadline: Deadline, limit: Limit) -> str:
    """Return the event in words: the clock's, or the limit's own where another limit counts."""
    clock = clock_of(deadline.kind)
    of_kind = deadline.limit_key.partition(":")[0] == deadline.kind
    return (clock.event if clock and of_kind else limit.runs_from) or "event it runs from"


def _skipped(days: list[Day], today: datetime.date) -> str:
    """Return what was left out and why, such as "six weekend days and Christmas Day (Fri 25 Dec)"."""
    skipped = [day for day in days if day.number is None]
    weekend = sum(day.day.isoweekday() > 5 for day in skipped)  # noqa: PLR2004 - Saturday, Sunday
    parts = [words.count(weekend, "weekend day")] if weekend else []
    for day in skipped:
        if day.day.isoweekday() <= 5:  # noqa: PLR2004
            name = (
                f"the bank holiday{day.reason[len(BANK_HOLIDAY) :]}"
                if day.reason.startswith(BANK_HOLIDAY)
                else day.reason
            )
            parts.append(f"{name} ({words.short_date(day.day, today=today)})")
    return words.listed(parts)


def _arranged(limit: Limit, deadline: Deadline, calendar: WorkingCalendar) -> str:
    """Return what is arranged for a day before its limit ends, so that this day counts; "" where none is."""
    if limit.key not in LIMITS.get(deadline.kind, NO_LIMIT).may_end_with or limit.key == deadline.kind:
        return ""
    end = due(limit, deadline.starts_at or deadline.starts_on, calendar).on
    return label_of(limit.key).lower() if deadline.due_on < end else ""


def _outer(limit: Limit, deadline: Deadline) -> OuterLimit | None:
    if limit.outer is None or deadline.outer_on is None:
        return None
    return OuterLimit(words=limit.outer.words, due_on=deadline.outer_on)


def _other(policy: Policy, deadline: Deadline) -> OtherLimit | None:
    if not deadline.other_limit_key or deadline.other_due_on is None or deadline.other_starts_on is None:
        return None
    try:
        limit = policy.limit(deadline.other_limit_key)
    except KeyError:
        return None
    clock = clock_of(deadline.other_limit_key.partition(":")[0])
    direction = "before" if limit.direction == Direction.BEFORE else "after"
    return OtherLimit(
        words=f"{limit.words} {direction}",
        runs_from=(clock.event if clock else "") or limit.runs_from,
        starts_on=deadline.other_starts_on,
        due_on=deadline.other_due_on,
    )


def _answers(deadline: Deadline) -> list[str]:
    return list(User.objects.filter(pk__in=deadline.responsible_ids).order_by("name").values_list("name", flat=True))
