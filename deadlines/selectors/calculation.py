"""The public calculator's answer: the main date first, then what follows, each with its working."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import Authority
from charts import CountedDay, day_count_calendar
from deadlines.calculator import CaseInvalid, ClockDate, dates_of, policy_named
from deadlines.calculator.case_events import EVENT_KINDS, EventKind, case_of
from deadlines.enums import Direction, Unit
from deadlines.models import PolicyVersion
from deadlines.policies import Policy, PolicyMissing, policy_for
from deadlines.working_days.arithmetic import civil_day, due
from deadlines.working_days.calendars import Day, WorkingCalendar
from govuk import words

OWN = "council-"
LONGEST_PICTURE = 50
WEEKEND = 5
BANK_HOLIDAY = "Bank holiday"
TITLES = {
    "initial-conference": "Initial conference held",
    "transfer-in-conference": "Conference held",
    "pre-birth-conference": "Conference about the unborn child held",
    "report-shared-with-family": "Reports shared with the family",
    "report-submitted": "Reports sent in",
    "chair-has-reports": "Every report with the chair",
    "decisions-sent": "Decisions and plan sent",
    "minutes-sent": "Minutes sent",
    "outline-plan": "Outline plan with the family, if there is a plan",
    "first-core-group": "First core group, if there is a plan",
    "next-core-group": "Next core group",
    "first-review": "First review, if there is a plan",
    "next-review": "Next review",
    "after-birth": "Review after the birth",
    "cin-plan-review": "Review of the child in need plan",
    "visit": "Child seen, if there is a plan",
}
# The page's question that a refused date came from; the others belong to "When?".
ASKED_AS = {"conference": "conference", "ended": "conference", "expected": "expected"}


@dataclass(frozen=True)
class Line:
    """One date: what is due, by when, the day to plan for, and how it was counted."""

    title: str
    on: datetime.date
    plan_for: datetime.date | None
    rule: str
    runs_from: datetime.date
    counted: str
    is_national: bool
    source: str
    outer: str


@dataclass(frozen=True)
class Calculation:
    """Everything the page says about one answer."""

    event_kind: EventKind
    when: datetime.date
    conference: datetime.date | None
    main: Line | None
    note: str
    lines: list[Line]
    picture: SafeString | str


def calculation(
    *,
    happened: str,
    when: datetime.date,
    council: str,
    calendar: WorkingCalendar,
    expected: datetime.date | None = None,
    first_review_of: datetime.date | None = None,
    plan_began: datetime.date | None = None,
    conference: datetime.date | None = None,
) -> Calculation:
    """Return every date that follows, by published procedures, or those of a council of this installation.

    Raises ValidationError, keyed by the page's question, for dates that can't be used.
    """
    event_kind = EVENT_KINDS[happened]
    try:
        case = case_of(
            happened,
            when=when,
            expected=expected,
            first_review_of=first_review_of,
            plan_began=plan_began,
            conference=conference,
        )
        dates = dates_of(case, _policy_of(council, on=when), calendar)
    except CaseInvalid as refusal:
        raise ValidationError({_question(refusal.key, happened): f"This date {refusal.sentence}"}) from refusal
    by_clock = {date.clock: date for date in dates}
    main = by_clock.get(event_kind.clock)
    others = sorted((by_clock[clock] for clock in event_kind.also if clock in by_clock), key=lambda date: date.due.on)
    held_on = conference if case.conference else None
    return Calculation(
        event_kind=event_kind,
        when=when,
        conference=held_on,
        main=_line(main, event_kind, calendar) if main else None,
        note=_note(main, held_on, calendar) if main else "",
        lines=[_line(date, event_kind, calendar) for date in others],
        picture=_picture(main, event_kind, held_on, calendar) if main else "",
    )


def own_councils() -> list[tuple[str, str]]:
    """Return the councils of this installation that have procedures in force, as the page offers them."""
    in_force = PolicyVersion.objects.filter(in_force_from__lte=timezone.localdate())
    councils = Authority.objects.filter(pk__in=in_force.values("authority")).order_by("name")
    return [
        (f"{OWN}{authority_id}", f"{name}, its own procedures")
        for authority_id, name in councils.values_list("pk", "name")
    ]


def _policy_of(council: str, *, on: datetime.date) -> Policy:
    """Return what the page was asked to count by; a council's own are those of the day, or else today's."""
    if not council.startswith(OWN):
        return policy_named(council)
    authority_id = int(council.removeprefix(OWN))
    try:
        return policy_for(authority_id, on=on)
    except PolicyMissing:
        return policy_for(authority_id, on=timezone.localdate())


def _question(key: str, happened: str) -> str:
    if key == "plan_began":
        return {"review": "first_review_of", "birth": "plan_began", "conference": "when"}.get(happened, "conference")
    return "when" if key == "ended" and happened in {"conference", "review"} else ASKED_AS.get(key, "when")


def _line(date: ClockDate, event_kind: EventKind, calendar: WorkingCalendar) -> Line:
    limit, on = date.limit, date.due.on
    plan_for = calendar.day_to_plan_for(on)
    event = _event(date, event_kind)
    outer = ""
    if limit.outer is not None:
        end = due(limit.with_own(limit.outer.amount, limit.outer.unit), date.start, calendar).on
        outer = f"{limit.outer.words}, {words.long_date(end)}"
    return Line(
        title=TITLES[date.clock],
        on=on,
        plan_for=None if plan_for == on else plan_for,
        rule=f"{limit.words} {limit.direction} the {event}",
        runs_from=civil_day(date.start),
        counted=_skipped(date, calendar),
        is_national=limit.is_national,
        source=f"{limit.source[:1].upper()}{limit.source[1:]}, {limit.year}",
        outer=outer,
    )


def _event(date: ClockDate, event_kind: EventKind) -> str:
    """Return the name of the event this date is counted from."""
    if date.limit.key in {"first-review", "second-review", "first-core-group", "outline-plan"}:
        return "conference that made the plan"
    if date.clock == event_kind.clock:
        return event_kind.event
    if date.clock == "pre-birth-conference":
        return "day on which the baby is expected"
    if date.clock == "visit":
        return "start of the plan"
    return "end of the conference" if date.clock in {"decisions-sent", "minutes-sent"} else "conference"


def _days(date: ClockDate, calendar: WorkingCalendar) -> list[Day]:
    return calendar.days(civil_day(date.start), date.due.on) if date.limit.unit == Unit.WORKING_DAYS else []


def _skipped(date: ClockDate, calendar: WorkingCalendar) -> str:
    """Return which days were left out and why; for other units, what counts."""
    if date.limit.unit == Unit.HOURS:
        return "Nights, weekends and holidays count."
    if date.limit.unit != Unit.WORKING_DAYS:
        return "Weekends and holidays count."
    skipped = [day for day in _days(date, calendar) if day.number is None]
    weekend = sum(day.day.isoweekday() > WEEKEND for day in skipped)
    parts = [words.count(weekend, "weekend day")] if weekend else []
    parts += [
        f"{_in_sentence(day.reason)} ({words.short_date(day.day, today=day.day)})"
        for day in skipped
        if day.day.isoweekday() <= WEEKEND
    ]
    return f"Not counted: {words.listed(parts)}." if parts else "No day was left out."


def _in_sentence(reason: str) -> str:
    return f"the bank holiday{reason[len(BANK_HOLIDAY) :]}" if reason.startswith(BANK_HOLIDAY) else reason


def _note(main: ClockDate, conference: datetime.date | None, calendar: WorkingCalendar) -> str:
    """Return where the conference's day falls in the count."""
    if conference is None or main.limit.unit != Unit.WORKING_DAYS:
        return ""
    number = calendar.count(civil_day(main.start), conference)
    late = calendar.count(main.due.on, conference)
    said = f"The date you gave, {words.long_date(conference)}, is day {number}"
    return f"{said}: {words.count(late, 'working day')} late." if late > 0 else f"{said}."


def _picture(
    main: ClockDate, event_kind: EventKind, conference: datetime.date | None, calendar: WorkingCalendar
) -> SafeString | str:
    days = _days(main, calendar)
    if not days or len(days) > LONGEST_PICTURE or main.limit.direction == Direction.BEFORE:
        return ""
    marks = {civil_day(main.start): event_kind.event, main.due.on: "last day"}
    if conference is not None:
        marks[conference] = "conference"
    return day_count_calendar(
        [
            CountedDay(
                day=day.day,
                number=day.number,
                reason="" if day.number == 0 else _short(day),
                mark=marks.get(day.day, ""),
                last=day.day == main.due.on,
                booked=day.day == conference,
            )
            for day in days
        ],
        title=f"The {main.limit.words}",
    )


def _short(day: Day) -> str:
    """Return text short enough for a cell; the sentence beside it has the rest."""
    if day.reason in {"Saturday", "Sunday"}:
        return "weekend"
    return "bank holiday" if day.reason.startswith(BANK_HOLIDAY) else day.reason
