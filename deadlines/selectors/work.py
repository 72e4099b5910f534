"""What one person has to do: late, today, in the next five working days, later, and waiting for others."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.enums import CASE_ROLES
from accounts.models import User
from deadlines.access import visible_deadlines
from deadlines.arithmetic import LONDON, civil_day
from deadlines.calendars import WorkingCalendar, calendars_for
from deadlines.cases import CaseContext, contexts_of
from deadlines.clocks import clock_of
from deadlines.enums import Direction
from deadlines.models import Deadline
from deadlines.policies import Limit, policies_of
from families.models import Allocation, Child, Family
from govuk import words
from govuk.charts import fifteen_cells
from notifications.models import Notice

DAYS_AHEAD = 5
CONFERENCE_COUNTDOWN = "initial-conference"
NOTICES_SHOWN = 10


@dataclass
class WorkRow:
    """One thing to do; several deadlines that one act settles (siblings') are one row."""

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
        """The children it is about, by the names they are called by."""
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
class WorkGroup:
    key: str
    title: str
    note: str
    colour: str
    rows: list[WorkRow] = field(default_factory=list)
    blocks: list[WorkBlock] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def late_text(self) -> str:
        return f"{self.count} late"


@dataclass(frozen=True)
class DayAhead:
    day: datetime.date
    count: int
    meetings: list[datetime.datetime]


@dataclass
class Work:
    """Everything on the page."""

    today: datetime.date
    overdue: WorkGroup
    due_today: WorkGroup
    soon: WorkGroup
    later: WorkGroup
    waiting: WorkGroup
    days_ahead: list[DayAhead]
    notices: list[Notice]
    more_notices: int
    has_case_role: bool

    @property
    def groups(self) -> list[WorkGroup]:
        return [self.overdue, self.due_today, self.soon, self.later, self.waiting]

    @property
    def tiles(self) -> list[dict[str, object]]:
        """Counts that add up to everything below them."""
        return [
            {
                "count": group.count,
                "label": group.title,
                "colour": group.colour if group.count else "",
                "url": f"#{group.key}" if group.count else "",
            }
            for group in self.groups
        ]

    @property
    def family_ids(self) -> set[int]:
        """The families that the page names."""
        return {row.family_id for group in self.groups for row in group.rows}

    @property
    def notices_text(self) -> str:
        """How many notices wait, in a sentence."""
        return f"{words.count(len(self.notices) + self.more_notices, 'new notice')} for you"

    @property
    def has_meetings(self) -> bool:
        return any(ahead.meetings for ahead in self.days_ahead)

    @property
    def is_empty(self) -> bool:
        return not any(group.count for group in self.groups)

    @property
    def lead(self) -> str:
        """The first thing to know, in a sentence."""
        if self.is_empty:
            return ""
        late, today = self.overdue.count, self.due_today.count
        parts = []
        if late:
            parts.append(f"{words.count(late, 'thing is', 'things are')} late")
        if today:
            parts.append(f"{words.count(today, 'thing is', 'things are')} for today")
        return f"{words.listed(parts)}." if parts else "Nothing is late and nothing has to be done today."


def work_of(user: User, *, now: datetime.datetime) -> Work:
    """A person's open deadlines in families they may see, grouped by time and then by family.

    Theirs are those that they answer for. What they wait for is what others have to do soon, or
    should have done, in a case that they hold or a conference in which they have something to do.
    """
    today = civil_day(now)
    mine = list(visible_deadlines(user).filter(responsible_ids__contains=[user.pk], **OPEN))
    waiting = _waited_for(user, mine, today=today, now=now)
    shown = [*mine, *waiting]
    families = {row.pk: row for row in Family.objects.filter(pk__in={row.family_id for row in shown})}
    own = {authority_id for held in user.current_roles if (authority_id := held.authority_id)}
    calendars = calendars_for(own | {row.authority_id for row in shown})
    contexts = contexts_of(sorted(families), today=today)
    builder = _Builder(now=now, families=families, calendars=calendars, contexts=contexts, rows=shown)
    calendar = calendars[user.authority.pk] if user.authority else next(iter(calendars.values()), None)
    groups = _grouped(builder, mine, waiting, calendar)
    notices = list(
        Notice.objects.filter(user=user, acknowledged_at__isnull=True).order_by(
            "-urgent", "-created_at", "-pk"
        )
    )
    return Work(
        today=today,
        overdue=groups["overdue"],
        due_today=groups["today"],
        soon=groups["soon"],
        later=groups["later"],
        waiting=groups["waiting"],
        days_ahead=_days_ahead(groups["soon"], contexts, calendar, today) if calendar else [],
        notices=notices[:NOTICES_SHOWN],
        more_notices=max(len(notices) - NOTICES_SHOWN, 0),
        has_case_role=user.holds(*CASE_ROLES),
    )


OPEN = {"met_at__isnull": True, "not_needed": ""}


def _waited_for(
    user: User, mine: list[Deadline], *, today: datetime.date, now: datetime.datetime
) -> list[Deadline]:
    held = Allocation.objects.current(on=today).filter(user=user).values("family")
    conferences = {row.conference_id for row in mine if row.conference_id is not None}
    return list(
        visible_deadlines(user)
        .filter(Q(family_id__in=held) | Q(conference_id__in=conferences), warn_at__lte=now, **OPEN)
        .exclude(responsible_ids__contains=[user.pk])
    )


@dataclass
class _Builder:
    """Turns deadlines into rows and blocks, with everything that they need read beforehand."""

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
        self.countdowns = {
            row.family_id: row for row in reversed(self.rows) if row.kind == CONFERENCE_COUNTDOWN
        }

    def work_rows(self, deadlines: Iterable[Deadline]) -> list[WorkRow]:
        """One row for each act; siblings' deadlines that one act settles are one, which names them all."""
        found: dict[tuple[object, ...], WorkRow] = {}
        for deadline in deadlines:
            row = self.work_row(deadline)
            key = (
                deadline.kind,
                deadline.family_id,
                deadline.conference_id,
                row.what,
                row.due,
                row.at,
                row.url,
            )
            row = found.setdefault(key, row)
            if deadline.child_id in self.names:
                row.children.append(self.names[deadline.child_id])
        return list(found.values())

    def work_row(self, deadline: Deadline) -> WorkRow:
        clock = clock_of(deadline.kind)
        title = clock.title if clock else deadline.kind.replace("-", " ").capitalize()
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
        """How far off it is, in working days, or in hours while the limit is one of hours."""
        calendar = self.calendars[deadline.authority_id]
        if deadline.due_at is not None and abs(deadline.due_at - self.now) < datetime.timedelta(days=1):
            minutes = int(abs(deadline.due_at - self.now).total_seconds() // 60)
            amount = words.count(minutes // 60, "hour") if minutes >= 60 else words.count(minutes, "minute")  # noqa: PLR2004
            return f"{amount} late" if is_late else f"in {amount}"
        if not is_late:
            days = calendar.count(self.today, deadline.plan_for_on)
            if days > 0:
                return words.working_distance(days)
            # Days off that are left of the limit after the day to plan for.
            left = (deadline.due_on - self.today).days
            return (
                "today"
                if left <= 0 or deadline.plan_for_on == self.today
                else f"in {words.count(left, 'day')}"
            )
        days = calendar.count(deadline.due_on, self.today)
        return words.working_distance(-days) if days > 0 else "late since it ended"

    def blocks(self, rows: list[WorkRow], colour: str) -> list[WorkBlock]:
        """The rows by family, each family where its first row stands."""
        order = {
            family_id: place for place, family_id in enumerate(dict.fromkeys(row.family_id for row in rows))
        }
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
        """The working days of the limit of the initial conference as cells, and the same in words."""
        deadline = self.countdowns.get(family_id)
        if deadline is None:
            return "", ""
        calendar = self.calendars[deadline.authority_id]
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


def _grouped(
    builder: _Builder, mine: list[Deadline], waiting: list[Deadline], calendar: WorkingCalendar | None
) -> dict[str, WorkGroup]:
    today = builder.today
    horizon = calendar.add(today, DAYS_AHEAD) if calendar else today
    late_first = sorted(mine, key=lambda row: (row.late_from, row.pk))
    overdue = [row for row in late_first if builder.now >= row.late_from]
    running = [row for row in mine if builder.now < row.late_from]
    due_today = [row for row in running if row.plan_for_on <= today]
    soon = [row for row in running if today < row.plan_for_on <= horizon]
    later = [row for row in running if row.plan_for_on > horizon]
    next_day = calendar.add(today, 1) if calendar else today
    span = f"{words.short_date(next_day, today=today)} to {words.short_date(horizon, today=today)}"
    groups = [
        WorkGroup("overdue", "Overdue", "", "red", builder.work_rows(overdue)),
        WorkGroup("today", "Today", words.long_date(today), "yellow", builder.work_rows(due_today)),
        WorkGroup("soon", f"Next {DAYS_AHEAD} working days", span, "", builder.work_rows(soon)),
        WorkGroup("later", "Later", "", "", builder.work_rows(later)),
        WorkGroup("waiting", "Waiting for others", "", "purple", builder.work_rows(waiting)),
    ]
    for group in groups[:3]:
        group.blocks = builder.blocks(group.rows, group.colour)
    if groups[0].rows:
        groups[0].blocks[0].rows[0].primary = True
    return {group.key: group for group in groups}


def _days_ahead(
    soon: WorkGroup, contexts: dict[int, CaseContext], calendar: WorkingCalendar, today: datetime.date
) -> list[DayAhead]:
    days = [calendar.add(today, n) for n in range(1, DAYS_AHEAD + 1)]
    meetings = sorted(
        context.meets_at.astimezone(LONDON) for context in contexts.values() if context.meets_at
    )
    return [
        DayAhead(
            day=day,
            count=sum(row.due == day for row in soon.rows),
            meetings=[moment for moment in meetings if moment.date() == day],
        )
        for day in days
    ]
