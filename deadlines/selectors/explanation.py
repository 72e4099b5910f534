"""Why a date is what it is: the rule, the event, each day counted or skipped, who was told, what moved."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from deadlines.arithmetic import civil_day, due
from deadlines.calendars import Day, WorkingCalendar, calendar_for
from deadlines.cases import contexts_of
from deadlines.clocks import Clock, clock_of
from deadlines.enums import Direction, Stage, State, Unit
from deadlines.models import Deadline, DeadlineChange, DeadlineNotice
from deadlines.policies import Limit, Policy, policy_of
from families.models import Child, Family
from govuk import words
from govuk.charts import CountedDay, day_count_calendar
from notifications.models import Notice

LONGEST_PICTURE = datetime.timedelta(days=50)
BANK_HOLIDAY = "Bank holiday"
WEEKEND = frozenset({"Saturday", "Sunday"})
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
class Told:
    """One person told of one stage, and when they said that they had seen it."""

    name: str
    at: datetime.datetime
    seen_at: datetime.datetime | None


@dataclass(frozen=True)
class StageLine:
    label: str
    begins_at: datetime.datetime
    told: list[Told]


@dataclass(frozen=True)
class OuterLimit:
    """The national limit that is kept beside a council's own, and its last day."""

    words: str
    due_on: datetime.date


@dataclass(frozen=True)
class Explanation:
    """All that the page says."""

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
    outer: OuterLimit | None
    answers: list[str]
    stages: list[StageLine]
    changes: list[DeadlineChange]
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
    def first_due_on(self) -> datetime.date:
        """The last day as it was counted at first."""
        return self.changes[-1].due_on_before if self.changes else self.deadline.due_on

    @property
    def has_day_to_plan_for(self) -> bool:
        return self.deadline.plan_for_on != self.deadline.due_on


def explain(deadline: Deadline, *, now: datetime.datetime) -> Explanation:
    """Everything behind one date, counted afresh from its event, figure and calendar."""
    policy = policy_of(deadline.policy_version_id)
    limit = policy.limit(deadline.limit_key).with_own(deadline.own_amount, deadline.own_unit)
    calendar = calendar_for(deadline.authority_id)
    clock = clock_of(deadline.kind)
    start = deadline.starts_at or deadline.starts_on
    days = _days(deadline, limit, calendar)
    event = (clock.event if clock else "") or "event it runs from"
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
        picture=_picture(deadline, days, event=event, today=civil_day(now)),
        counted=_counted(limit, deadline, days),
        skipped=_skipped(days, civil_day(now)),
        outer=_outer(limit, start, calendar),
        answers=_answers(deadline),
        stages=_stages(deadline),
        changes=list(deadline.changes.all()),
        calendar_until=calendar.last,
        url=clock.url(deadline) if clock and deadline.is_open else "",
        button=clock.button_for(deadline) if clock else "",
    )


def _child_of(deadline: Deadline) -> Child | None:
    if deadline.child_id is None:
        return None
    return Child.objects.filter(pk=deadline.child_id).select_related("person").first()


def _days(deadline: Deadline, limit: Limit, calendar: WorkingCalendar) -> list[Day]:
    """Each day from the event to the last, numbered as the limit counts them; none for hours and months."""
    if limit.unit == Unit.WORKING_DAYS:
        return calendar.days(deadline.starts_on, deadline.due_on)
    if limit.unit in (Unit.HOURS, Unit.MONTHS):
        return []
    step = 1 if deadline.due_on >= deadline.starts_on else -1
    found = [
        Day(
            day=deadline.starts_on + step * datetime.timedelta(days=number),
            counted=number > 0,
            number=number,
            reason="",
        )
        for number in range(abs((deadline.due_on - deadline.starts_on).days) + 1)
    ]
    return found[::step]


def _picture(deadline: Deadline, days: list[Day], *, event: str, today: datetime.date) -> SafeString | str:
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
    return day_count_calendar(
        [
            CountedDay(
                day=day.day,
                number=day.number,
                reason="" if day.number == 0 else _short_reason(day.reason),
                mark=marks.get(day.day, ""),
                last=day.day == deadline.due_on,
                booked=day.day == meets_on,
            )
            for day in days
        ]
    )


def _short_reason(reason: str) -> str:
    """What fits into a cell of the picture; the sentence below says the whole."""
    if reason in WEEKEND:
        return "weekend"
    return "bank holiday" if reason.startswith(BANK_HOLIDAY) else reason


def _counted(limit: Limit, deadline: Deadline, days: list[Day]) -> str:
    """How the count went, in a sentence."""
    if limit.unit == Unit.HOURS and deadline.due_at and deadline.starts_at:
        return (
            f"{limit.words} from {words.clock(deadline.starts_at)} on {words.long_date(deadline.starts_at)} "
            f"end at {words.clock(deadline.due_at)} on {words.long_date(deadline.due_at)}. "
            "Hours of nights, weekends and holidays count."
        )
    if limit.unit == Unit.MONTHS:
        keeps_day = deadline.due_on.day == deadline.starts_on.day
        end = "the same day of the month" if keeps_day else "the last day of that month"
        return f"{limit.words} end on {end}. Weekends and holidays count."
    number = max((day.number or 0 for day in days), default=0)
    if limit.unit == Unit.WORKING_DAYS:
        counted = words.count(number, "working day")
        neighbour = "previous" if limit.direction == Direction.BEFORE else "next"
        return f"{counted}. Day 0 is the day of the {_event_of(deadline)}, day 1 the {neighbour} working day."
    return f"{words.count(number, 'day')} of the calendar, weekends and holidays too."


def _event_of(deadline: Deadline) -> str:
    clock = clock_of(deadline.kind)
    return (clock.event if clock else "") or "event"


def _skipped(days: list[Day], today: datetime.date) -> str:
    """What was left out and why, such as "six weekend days and Christmas Day (Fri 25 Dec)"."""
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


def _outer(
    limit: Limit, start: datetime.date | datetime.datetime, calendar: WorkingCalendar
) -> OuterLimit | None:
    if limit.outer is None:
        return None
    outer = limit.with_own(limit.outer.amount, limit.outer.unit)
    return OuterLimit(words=outer.words, due_on=due(outer, start, calendar).on)


def _answers(deadline: Deadline) -> list[str]:
    return list(
        User.objects.filter(pk__in=deadline.responsible_ids).order_by("name").values_list("name", flat=True)
    )


def _stages(deadline: Deadline) -> list[StageLine]:
    """When each stage begins, and who has been told of it."""
    notices = list(
        DeadlineNotice.objects.filter(deadline=deadline, late_from=deadline.late_from)
        .select_related("user")
        .order_by("raised_at", "pk")
    )
    seen: dict[tuple[int, str], datetime.datetime | None] = dict(_seen(notices))
    begins = {Stage.DUE_SOON: deadline.warn_at, Stage.DUE: deadline.due_from, Stage.LATE: deadline.late_from}
    return [
        StageLine(
            label=stage.label,
            begins_at=moment,
            told=[
                Told(
                    name=notice.user.name,
                    at=notice.raised_at,
                    seen_at=seen.get((notice.user_id, f"deadline:{notice.pk}")),
                )
                for notice in notices
                if notice.stage == stage
            ],
        )
        for stage, moment in begins.items()
    ]


def _seen(notices: list[DeadlineNotice]) -> Iterable[tuple[tuple[int, str], datetime.datetime | None]]:
    rows = Notice.objects.filter(key__in=[f"deadline:{notice.pk}" for notice in notices])
    for user_id, key, seen_at in rows.values_list("user_id", "key", "acknowledged_at"):
        yield (user_id, key), seen_at
