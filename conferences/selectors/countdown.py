"""What has to happen by which day for a conference to be in time, planned backwards from its day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from charts import CountdownDay, CountdownStep, countdown_row
from conferences.models import Conference, Sitting
from conferences.selectors.progress import current_sitting
from conferences.selectors.telling import names_to_tell
from deadlines.access import about_a_sealed_child
from deadlines.clocks import clock_of
from deadlines.enums import Direction
from deadlines.models import Deadline
from deadlines.policies import Limit, Policy, policy_of
from deadlines.working_days.arithmetic import civil_day, due
from deadlines.working_days.calendars import WorkingCalendar, calendar_for
from families.models import Family
from govuk import words

INITIAL = "initial-conference"
PRE_BIRTH = "pre-birth-conference"
HOLD = "hold"
INVITED = "invitations-sent"
REPORTS_IN = "report-submitted"
REPORTS_SHARED = "report-shared-with-family"
CHAIR_READS = "chair-has-reports"
AFTER_THE_LIMIT = 3
SHORTEST_PICTURE = 5
COLOURS = {"done": "green", "done late": "green", "late": "red", "next": "yellow", "to come": "grey"}


@dataclass(frozen=True)
class Step:
    """One thing to do: by which day, why then, its state, and where to settle it."""

    key: str
    title: str
    why: str
    by: datetime.date
    day_number: int
    state: str
    done_on: datetime.date | None
    url: str = ""
    button: str = ""

    @property
    def colour(self) -> str:
        return COLOURS[self.state]

    @property
    def is_done(self) -> bool:
        return self.done_on is not None


@dataclass(frozen=True)
class Countdown:
    """The whole plan. ``is_tight`` says that the first steps fall before the clock even started."""

    deadline: Deadline
    conference: Conference | None
    limit: Limit
    started_on: datetime.date
    last_day: datetime.date
    held_on: datetime.date
    is_booked: bool
    today: datetime.date
    day_today: int
    total: int
    steps: list[Step]
    is_tight: bool
    picture: SafeString | str

    @property
    def next_step(self) -> Step | None:
        """Return the first step that is not done."""
        return next((step for step in self.steps if not step.is_done), None)

    @property
    def in_hand(self) -> int:
        """Return the working days between the conference and the last day; negative when it is too late."""
        calendar = calendar_for(self.deadline.authority_id, with_closures=self.limit.closures_count)
        return calendar.count(self.held_on, self.last_day)

    @property
    def is_late(self) -> bool:
        return self.held_on > self.deadline.due_on

    @property
    def lead(self) -> str:
        last = words.long_date(self.last_day)
        said = f"Day {self.day_today} of {self.total}. The last day is {last}."
        if self.deadline.kind == PRE_BIRTH:
            said += f" That is {self.limit.words} before the expected date of birth, the sooner of two limits."
        if not self.is_booked:
            return f"{said} No conference is booked, so these dates count back from the last day."
        held = words.long_date(self.held_on)
        if self.is_late:
            return f"{said} The conference is booked for {held}, after the limit."
        if self.in_hand:
            return f"{said} The conference is booked for {held}, {words.count(self.in_hand, 'working day')} in hand."
        return f"{said} The conference is booked for {held}, with no days in hand."


def countdown_of(family: Family, *, now: datetime.datetime, may_change: bool) -> Countdown | None:
    """Return the plan for the earliest initial or pre-birth conference; None where no such limit has run yet.

    Siblings go by the earliest of their limits, an unborn child by the earlier of its two. Of settled limits
    the newest is shown.
    """
    ledger = list(
        Deadline.objects.filter(family_id=family.pk, kind__in=(INITIAL, PRE_BIRTH), not_needed="").exclude(
            about_a_sealed_child()
        )
    )
    if not ledger:
        return None
    deadline = _first(ledger)
    conference = Conference.objects.filter(pk=deadline.conference_id or 0).first()
    sitting = current_sitting(conference) if conference else None
    started_on = _started_on(deadline, ledger)
    return _plan(deadline, started_on, conference, sitting, now=now, may_change=may_change)


def _first(ledger: list[Deadline]) -> Deadline:
    """Return the limit to plan for: the first to end of those open, or else of the newest conference."""
    waiting = [row for row in ledger if row.is_open]
    if not waiting:
        newest = max(ledger, key=lambda row: (row.met_at.timestamp() if row.met_at else 0, row.pk))
        waiting = [row for row in ledger if row.conference_id == newest.conference_id]
    return min(waiting, key=lambda row: (row.due_on, row.kind != INITIAL, row.pk))


def _started_on(deadline: Deadline, ledger: list[Deadline]) -> datetime.date:
    """Return day 0. A pre-birth limit runs back from the expected date, so work starts with the enquiry's own limit."""
    if deadline.kind == INITIAL:
        return deadline.starts_on
    own = [row.starts_on for row in ledger if row.kind == INITIAL and row.child_id == deadline.child_id]
    return max(own, default=civil_day(deadline.created_at))


def _plan(
    deadline: Deadline,
    started_on: datetime.date,
    conference: Conference | None,
    sitting: Sitting | None,
    *,
    now: datetime.datetime,
    may_change: bool,
) -> Countdown:
    policy = policy_of(deadline.policy_version_id)
    limit = policy.limit(deadline.limit_key)
    calendar = calendar_for(deadline.authority_id, with_closures=limit.closures_count)
    today = civil_day(now)
    held_on = civil_day(sitting.opened_at or sitting.starts_at) if sitting else deadline.plan_for_on
    planner = _Planner(deadline, started_on, conference, policy, calendar, held_on, today, may_change=may_change)
    steps = planner.steps()
    return Countdown(
        deadline=deadline,
        conference=conference,
        limit=limit,
        started_on=started_on,
        last_day=deadline.plan_for_on,
        held_on=held_on,
        is_booked=sitting is not None,
        today=today,
        day_today=max(calendar.count(started_on, today), 0),
        total=calendar.count(started_on, deadline.due_on),
        steps=steps,
        is_tight=planner.is_tight,
        picture=_picture(deadline, started_on, steps, calendar, held_on, today),
    )


class _Planner:
    """Counts each step back from the day of the conference, and looks up its state in the ledger."""

    def __init__(
        self,
        deadline: Deadline,
        started_on: datetime.date,
        conference: Conference | None,
        policy: Policy,
        calendar: WorkingCalendar,
        held_on: datetime.date,
        today: datetime.date,
        *,
        may_change: bool,
    ) -> None:
        self.deadline = deadline
        self.started_on = started_on
        self.conference = conference
        self.policy = policy
        self.calendar = calendar
        self.held_on = held_on
        self.today = today
        self.may_change = may_change
        self.is_tight = False
        self.ledger = list(Deadline.objects.filter(conference_id=conference.pk, not_needed="")) if conference else []

    def steps(self) -> list[Step]:
        notice = self.policy.short_notice_days
        invite_by = self.calendar.day_to_plan_for(self.held_on - datetime.timedelta(days=notice))
        sending = self.policy.limit(INVITED)
        book_by = self._before(sending, invite_by)
        invited = self.conference.invited_at if self.conference else None
        notice_in_words = f"so that everyone has {words.count(notice, 'day')} of notice"
        if self.conference and (waiting := names_to_tell(self.conference, on=self.today)):
            notice_in_words += f"; still to be told by post, telephone or in person: {waiting.said}"
        return [
            self._step(
                "book",
                "Book the conference",
                f"{sending.words} before the invitations go out",
                book_by,
                done_at=self.conference.scheduled_at if self.conference else None,
                settled_by=self.deadline.kind,
            ),
            self._step(
                "invite", "Send the invitations", notice_in_words, invite_by, done_at=invited, settled_by=INVITED
            ),
            self._step(
                "ask",
                "Ask for the reports",
                "with the invitation, so that there is time to write",
                invite_by,
                done_at=invited,
                settled_by=INVITED,
            ),
            self._counted(REPORTS_IN, "Reports are in"),
            self._counted(REPORTS_SHARED, "The family has heard the reports"),
            self._counted(CHAIR_READS, "The chair has every report"),
            self._step(
                HOLD,
                "Hold the conference",
                "the limit ends when the chair has decided",
                self.held_on,
                done_at=self.deadline.met_at,
                settled_by=self.deadline.kind,
            ),
        ]

    def _before(self, limit: Limit, day: datetime.date) -> datetime.date:
        """Return the last day from which ``limit`` still ends by ``day``."""
        back = limit.model_copy(update={"direction": Direction.BEFORE})
        moment: datetime.date | datetime.datetime = day
        if limit.unit == "hours":
            moment = datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)
        return self.calendar.day_to_plan_for(due(back, moment, self.calendar).on)

    def _counted(self, kind: str, title: str) -> Step:
        """Return a step with its own limit: from the ledger if there, else from the policy."""
        limit = self.policy.limit(kind)
        rows = [row for row in self.ledger if row.kind == kind]
        by = min((row.plan_for_on for row in rows), default=None) or self._before(limit, self.held_on)
        met = [row.met_at for row in rows if row.met_at]
        done_at = max(met) if rows and len(met) == len(rows) else None
        why = f"{limit.words} before the conference"
        if rows and done_at is None and len(rows) > 1:
            why += f"; {len(met)} of {len(rows)} done"
        return self._step(kind, title, why, by, done_at=done_at, settled_by=kind)

    def _step(
        self, key: str, title: str, why: str, by: datetime.date, *, done_at: datetime.datetime | None, settled_by: str
    ) -> Step:
        if by < self.started_on:
            by, self.is_tight = self.started_on, True
        done_on = civil_day(done_at) if done_at else None
        url, button = self._where(settled_by) if done_on is None else ("", "")
        return Step(
            key=key,
            title=title,
            why=why,
            by=by,
            day_number=self.calendar.count(self.started_on, by),
            state=self._state(by, done_on),
            done_on=done_on,
            url=url,
            button=button,
        )

    def _state(self, by: datetime.date, done_on: datetime.date | None) -> str:
        if done_on is not None:
            return "done" if done_on <= by else "done late"
        if by < self.today:
            return "late"
        return "next" if self.calendar.count(self.today, by) <= 1 else "to come"

    def _where(self, kind: str) -> tuple[str, str]:
        """Return where the step is settled, for a user who may change the case."""
        row = next((row for row in self.ledger if row.kind == kind and row.is_open), None)
        row = row or (self.deadline if kind == self.deadline.kind else None)
        clock = clock_of(kind)
        if not self.may_change or row is None or clock is None:
            return "", ""
        return clock.url(row), clock.button_for(row)


def _picture(
    deadline: Deadline,
    started_on: datetime.date,
    steps: Sequence[Step],
    calendar: WorkingCalendar,
    held_on: datetime.date,
    today: datetime.date,
) -> SafeString | str:
    total = calendar.count(started_on, deadline.due_on)
    last = max(calendar.count(started_on, held_on), total)
    if last > total + AFTER_THE_LIMIT * max(total, SHORTEST_PICTURE):
        return ""
    days = [CountdownDay(number, calendar.add(started_on, number)) for number in range(last + 1)]
    ordered = sorted(steps, key=lambda step: step.by)
    return countdown_row(
        days,
        [
            CountdownStep(
                label=step.title,
                day=step.by,
                state="done" if step.is_done else "late" if step.state == "late" else "open",
                last=step.key == HOLD,
            )
            for step in ordered
        ],
        today=today,
        limit=total,
        title="What has to happen by which working day",
    )
