"""Deadlines as things to do: rows with the one act that settles each, in blocks by family."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.urls import reverse
from django.utils.safestring import SafeString

from charts import fifteen_cells
from deadlines.cases import CaseContext
from deadlines.clocks import Clock, clock_of
from deadlines.enums import Direction
from deadlines.models import Deadline
from deadlines.policies import Limit, policies_of
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import WorkingCalendar
from families.models import Child, Family
from govuk import words

CONFERENCE_COUNTDOWN = "initial-conference"


def title_of(kind: str) -> str:
    """Return what a clock requires, such as "Hold the initial conference"."""
    clock = clock_of(kind)
    return clock.title if clock else kind.replace("-", " ").capitalize()


def act_of(deadline: Deadline) -> tuple[str, Hashable]:
    """Return the key of the act that settles a deadline: siblings' deadlines with the same key are one thing to do."""
    clock: Clock | None = clock_of(deadline.kind)
    return deadline.kind, (*_what_by_when(deadline), clock.url(deadline) if clock else "")


def acts_of(deadlines: Iterable[Deadline]) -> dict[int, tuple[str, Hashable]]:
    """Return the same for each deadline by id, with its URL only where another is about the same thing by then."""
    rows = list(deadlines)
    alike = Counter((row.kind, _what_by_when(row)) for row in rows)
    return {
        row.pk: act_of(row) if alike[row.kind, _what_by_when(row)] > 1 else (row.kind, _what_by_when(row))
        for row in rows
    }


def _what_by_when(deadline: Deadline) -> tuple[Hashable, ...]:
    return (deadline.family_id, deadline.conference_id, deadline.what, deadline.due_on, deadline.due_at)


@dataclass
class WorkRow:
    """One thing to do; siblings' deadlines settled by one act share a row."""

    what: str
    counted: str
    due: datetime.date
    at: datetime.datetime | None
    distance: str
    is_late: bool
    url: str
    button: str
    why_url: str
    family_id: int
    family_name: str
    family_url: str
    primary: bool = False
    children: list[str] = field(default_factory=list)

    @property
    def who(self) -> str:
        """Return the children it is about, by the names they go by."""
        return words.listed(list(dict.fromkeys(self.children)))

    @property
    def why(self) -> str:
        return f"{self.who}. {self.counted}" if self.who else self.counted


@dataclass
class WorkBlock:
    """One family's things to do within a group."""

    name: str
    url: str
    lines: list[str]
    colour: str
    cells: SafeString | str
    cells_text: str
    rows: list[WorkRow]


@dataclass
class WorkBuilder:
    """Turns deadlines into rows and blocks, loading everything they need beforehand."""

    now: datetime.datetime
    families: dict[int, Family]
    calendars: dict[int, WorkingCalendar]
    contexts: dict[int, CaseContext]
    rows: list[Deadline]

    def __post_init__(self) -> None:
        self.today = civil_day(self.now)
        children = Child.objects.filter(pk__in={row.child_id for row in self.rows if row.child_id})
        self.names = {child.pk: child.person.short_name for child in children.select_related("person")}
        self.policies = policies_of({row.policy_version_id for row in self.rows})
        self.countdowns = {row.family_id: row for row in reversed(self.rows) if row.kind == CONFERENCE_COUNTDOWN}

    def work_rows(self, deadlines: Iterable[Deadline]) -> list[WorkRow]:
        """Return one row for each act; siblings' deadlines settled by one act share a row that names them all."""
        found: dict[Hashable, WorkRow] = {}
        for deadline in deadlines:
            act = act_of(deadline)
            row = found[act] = found.get(act) or self.work_row(deadline)
            if deadline.child_id in self.names:
                row.children.append(self.names[deadline.child_id])
        places = {name: place for place, name in enumerate(self.names.values())}
        for row in found.values():
            row.children.sort(key=places.__getitem__)
        return list(found.values())

    def work_row(self, deadline: Deadline) -> WorkRow:
        clock = clock_of(deadline.kind)
        title = title_of(deadline.kind)
        limit = self.limit(deadline)
        event = (clock.event if clock else "") or "event it runs from"
        start = deadline.starts_at or deadline.starts_on
        direction = "before" if limit.direction == Direction.BEFORE else "after"
        counted = f"{limit.words} {direction} the {event}, {words.short_date(start, today=self.today)}"
        if deadline.plan_for_on != deadline.due_on:
            counted += f". The limit ends on {words.short_date(deadline.due_on, today=self.today)}, a day off"
        is_late = self.now >= deadline.late_from
        shown = deadline.due_on if is_late else max(deadline.plan_for_on, min(self.today, deadline.due_on))
        return WorkRow(
            what=f"{title}: {deadline.what}" if deadline.what else title,
            counted=counted,
            due=shown,
            at=deadline.due_at,
            distance=self.distance(deadline, is_late=is_late),
            is_late=is_late,
            url=clock.url(deadline) if clock else "",
            button=clock.button_for(deadline) if clock else "",
            why_url=reverse("deadlines:deadline", args=[deadline.pk]),
            family_id=deadline.family_id,
            family_name=self.families[deadline.family_id].name,
            family_url=reverse("families:family", args=[deadline.family_id]),
        )

    def limit(self, deadline: Deadline) -> Limit:
        limit = self.policies[deadline.policy_version_id].limit(deadline.limit_key)
        return limit.with_own(deadline.own_amount, deadline.own_unit)

    def distance(self, deadline: Deadline, *, is_late: bool) -> str:
        """Return how far off it is, in working days, or in hours within a day of an hour limit.

        Days ahead are those on which the council works; days late are those that the limit counts.
        """
        calendar = self.calendars[deadline.authority_id]
        if deadline.due_at is not None and abs(deadline.due_at - self.now) < datetime.timedelta(days=1):
            minutes = int(abs(deadline.due_at - self.now).total_seconds() // 60)
            amount = words.count(minutes // 60, "hour") if minutes >= 60 else words.count(minutes, "minute")  # noqa: PLR2004
            return f"{amount} late" if is_late else f"in {amount}"
        if not is_late:
            days = calendar.count(self.today, deadline.plan_for_on)
            if days > 0:
                return words.working_distance(days)
            # The closed days of the limit left after the day to plan for.
            left = (deadline.due_on - self.today).days
            return "today" if left <= 0 or deadline.plan_for_on == self.today else f"in {words.count(left, 'day')}"
        days = calendar.counting(self.limit(deadline)).count(deadline.due_on, self.today)
        return words.working_distance(-days) if days > 0 else "late since it ended"

    def blocks(self, rows: list[WorkRow], colour: str) -> list[WorkBlock]:
        """Group rows by family, each family placed where its first row is."""
        order = {family_id: place for place, family_id in enumerate(dict.fromkeys(row.family_id for row in rows))}
        by_family = sorted(rows, key=lambda row: order[row.family_id])
        return [
            self.block(family_id, list(found), colour)
            for family_id, found in groupby(by_family, lambda row: row.family_id)
        ]

    def block(self, family_id: int, rows: list[WorkRow], colour: str) -> WorkBlock:
        family = self.families[family_id]
        context = self.contexts[family_id]
        cells, text = self.countdown(family_id, context)
        return WorkBlock(
            name=f"{family.name} family",
            url=reverse("families:family", args=[family_id]),
            lines=[f"Case {family.case_number}", *context.lines],
            colour=colour,
            cells=cells,
            cells_text=text,
            rows=rows,
        )

    def countdown(self, family_id: int, context: CaseContext) -> tuple[SafeString | str, str]:
        """Return the working days of the initial conference's limit as cells, and the same in words."""
        deadline = self.countdowns.get(family_id)
        if deadline is None:
            return "", ""
        calendar = self.calendars[deadline.authority_id].counting(self.limit(deadline))
        total = calendar.count(deadline.starts_on, deadline.due_on)
        day = calendar.count(deadline.starts_on, self.today)
        meets_on = civil_day(context.meets_at) if context.meets_at else None
        booked = calendar.count(deadline.starts_on, meets_on) if meets_on else None
        text = f"Day {day} of {total}"
        if booked is not None and context.meets_at is not None:
            when = words.short_date(context.meets_at, today=self.today)
            text += f" · conference on day {booked}, {when}, {words.clock(context.meets_at)}"
        else:
            text += " · no conference booked"
        in_cells = booked if booked is not None and 1 <= booked <= total else None
        return fifteen_cells(min(max(day, 0), total), in_cells, total), text
