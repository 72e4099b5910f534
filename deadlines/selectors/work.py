"""A user's work: late, today, in the next five working days, later, and waiting for others."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Q, QuerySet, Window

from accounts.enums import CASE_ROLES
from accounts.models import User
from accounts.readers import Reader
from accounts.request_cache import once_per_request, share
from accounts.rules import CompiledQuery
from deadlines.access import DEADLINE_RULE, visible_deadlines
from deadlines.cases import CaseContext, contexts_of
from deadlines.models import Deadline, DeadlineQuerySet
from deadlines.selectors.rows import WorkBlock, WorkBuilder, WorkRow, act_of, title_of
from deadlines.working_days.arithmetic import LONDON, civil_day
from deadlines.working_days.calendars import WorkingCalendar, calendars_for
from families.models import Allocation, Family
from govuk import words
from notifications.models import Notice
from notifications.selectors import open_notices

DAYS_AHEAD = 5
WORKING_DAYS = " working days"
NOTICES_SHOWN = 10
MOST_COUNTED = 99
COLUMNS = [field.attname for field in Deadline._meta.concrete_fields]


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


@dataclass(frozen=True)
class KindOfWork:
    """One kind of thing to do that the user has, and how many."""

    kind: str
    title: str
    count: int

    @property
    def words(self) -> str:
        return f"{self.title} ({self.count})"


@dataclass
class Work:
    """Everything on the page; ``kind`` is the only kind shown, if one was chosen."""

    today: datetime.date
    overdue: WorkGroup
    due_today: WorkGroup
    soon: WorkGroup
    later: WorkGroup
    waiting: WorkGroup
    days_ahead: list[DayAhead]
    notices: Sequence[Notice]
    more_notices: int
    has_case_role: bool
    kinds: list[KindOfWork]
    kind: str

    @property
    def groups(self) -> list[WorkGroup]:
        return [self.overdue, self.due_today, self.soon, self.later, self.waiting]

    @property
    def tiles(self) -> list[dict[str, object]]:
        """Return counts that add up to everything below them."""
        return [
            {
                "count": group.count,
                "label": group.title.removesuffix(WORKING_DAYS),
                "more": WORKING_DAYS.strip() if group.title.endswith(WORKING_DAYS) else "",
                "colour": group.colour if group.count else "",
                "url": f"#{group.key}" if group.count else "",
            }
            for group in self.groups
        ]

    @property
    def family_ids(self) -> set[int]:
        """Return the families named on the page."""
        return {row.family_id for group in self.groups for row in group.rows}

    @property
    def notices_text(self) -> str:
        """Return a sentence with the number of new notices."""
        return f"{words.count(len(self.notices) + self.more_notices, 'new notice')} for you"

    @property
    def has_meetings(self) -> bool:
        return any(ahead.meetings for ahead in self.days_ahead)

    @property
    def is_empty(self) -> bool:
        return not any(group.count for group in self.groups)

    @property
    def lead(self) -> str:
        """Return a sentence with the most important thing to know."""
        if self.is_empty:
            return ""
        late, today = self.overdue.count, self.due_today.count
        parts = []
        if late:
            parts.append(f"{words.count(late, 'thing is', 'things are')} late")
        if today:
            parts.append(f"{words.count(today, 'thing is', 'things are')} for today")
        return f"{words.listed(parts)}." if parts else "Nothing is late, and there is nothing to do today."


def work_of(user: User, *, now: datetime.datetime, kind: str = "") -> Work:
    """Return a user's open deadlines in families they may see, grouped by time and then by family.

    Theirs are those they are responsible for. What they wait for is what others have to do soon, or should have
    done, in a case allocated to them or a conference in which they have a part. A valid ``kind`` limits it to
    the deadlines of that clock.
    """
    today = civil_day(now)
    mine = visible_of(user, answered_for(user))
    share(("late", user.pk), _acts_late(mine, now))
    waiting = _waited_for(user, mine, today=today, now=now)
    kinds = _kinds([*mine, *waiting])
    kind = kind if kind in {row.kind for row in kinds} else ""
    if kind:
        mine = [row for row in mine if row.kind == kind]
        waiting = [row for row in waiting if row.kind == kind]
    shown = [*mine, *waiting]
    families = {row.pk: row for row in Family.objects.filter(pk__in={row.family_id for row in shown})}
    own = {authority_id for held in user.current_roles if (authority_id := held.authority_id)}
    calendars = calendars_for(own | {row.authority_id for row in shown})
    contexts = contexts_of(sorted(families), today=today)
    builder = WorkBuilder(now=now, families=families, calendars=calendars, contexts=contexts, rows=shown)
    calendar = calendars[user.authority.pk] if user.authority else next(iter(calendars.values()), None)
    groups = _grouped(builder, mine, waiting, calendar)
    notices = list(open_notices(user=user).annotate(unseen=Window(Count("pk")))[:NOTICES_SHOWN])
    return Work(
        today=today,
        overdue=groups["overdue"],
        due_today=groups["today"],
        soon=groups["soon"],
        later=groups["later"],
        waiting=groups["waiting"],
        days_ahead=_days_ahead(groups["soon"], contexts, calendar, today) if calendar else [],
        notices=notices,
        more_notices=notices[0].unseen - len(notices) if notices else 0,
        has_case_role=user.holds(*CASE_ROLES),
        kinds=kinds,
        kind=kind,
    )


def late_count(user: User, *, now: datetime.datetime) -> int:
    """Return how many of a user's things to do are late, as My work counts them; at most MOST_COUNTED."""

    def ask() -> int:
        rows = (Deadline.from_db(DEFAULT_DB_ALIAS, COLUMNS, row) for row in _late.rows(user))
        return _acts_late(rows, now)

    return once_per_request(("late", user.pk), ask) if user.is_active else 0


def _acts_late(rows: Iterable[Deadline], now: datetime.datetime) -> int:
    return min(len({act_of(row) for row in rows if row.late_from <= now}), MOST_COUNTED)


def _late_of(reader: Reader) -> QuerySet[Deadline, Any]:
    mine = Deadline.objects.filter(responsible_ids__contains=[reader.pk], late_from__lte=reader.now, **OPEN)
    return DEADLINE_RULE.visible(mine, reader).values_list(*COLUMNS)[:MOST_COUNTED]


_late = CompiledQuery(_late_of)


OPEN = {"met_at__isnull": True, "not_needed": ""}


def answered_for(user: User) -> DeadlineQuerySet:
    """Return open deadlines the user is responsible for, whether or not they may see them."""
    rows: DeadlineQuerySet = Deadline.objects.filter(responsible_ids__contains=[user.pk], **OPEN)
    return rows


def visible_of(user: User, candidates: QuerySet[Deadline]) -> list[Deadline]:
    """Return which of a few indexed candidates the user may see.

    In two steps, so that the rule is evaluated for these few and never for all families.
    """
    found = list(candidates.order_by().values_list("pk", flat=True))
    return list(visible_deadlines(user).filter(pk__in=found)) if found else []


def _waited_for(user: User, mine: list[Deadline], *, today: datetime.date, now: datetime.datetime) -> list[Deadline]:
    held = list(Allocation.objects.current(on=today).filter(user=user).values_list("family", flat=True))
    conferences = {row.conference_id for row in mine if row.conference_id is not None}
    candidates = Deadline.objects.filter(
        Q(family_id__in=held) | Q(conference_id__in=conferences), warn_at__lte=now, **OPEN
    ).exclude(responsible_ids__contains=[user.pk])
    return visible_of(user, candidates) if held or conferences else []


def _kinds(rows: Iterable[Deadline]) -> list[KindOfWork]:
    """Return the kinds present, most frequent first; siblings' deadlines settled by one act count once."""
    acts = Counter(kind for kind, *_ in {act_of(row) for row in rows})
    return [
        KindOfWork(kind=kind, title=title_of(kind), count=count)
        for kind, count in sorted(acts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _grouped(
    builder: WorkBuilder, mine: list[Deadline], waiting: list[Deadline], calendar: WorkingCalendar | None
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
    meetings = sorted(context.meets_at.astimezone(LONDON) for context in contexts.values() if context.meets_at)
    return [
        DayAhead(
            day=day,
            count=sum(row.due == day for row in soon.rows),
            meetings=[moment for moment in meetings if moment.date() == day],
        )
        for day in days
    ]
