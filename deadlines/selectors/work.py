"""A user's work: late, today, in the next five working days, later, and waiting for others."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet
from django.utils.http import urlencode

from accounts.enums import CASE_ROLES
from accounts.models import User
from accounts.readers import Reader
from accounts.request_cache import once_per_request, share
from accounts.rules import CompiledQuery
from deadlines.access import DEADLINE_RULE, visible_deadlines
from deadlines.cases import CaseContext, contexts_of
from deadlines.models import Deadline, DeadlineQuerySet
from deadlines.selectors.my_notices import NoticeLine, notices_for
from deadlines.selectors.rows import WorkBlock, WorkBuilder, WorkRow, acts_of, title_of
from deadlines.working_days.arithmetic import LONDON, civil_day
from deadlines.working_days.calendars import WorkingCalendar, calendars_for
from families.models import Allocation, Family
from govuk import words
from govuk.lists import PAGE_SIZE

DAYS_AHEAD = 5
WORKING_DAYS = " working days"
NOTICES_SHOWN = 10
MOST_COUNTED = 99
COLUMNS = [field.attname for field in Deadline._meta.concrete_fields]

# One thing to do: a deadline, or siblings' deadlines that one act settles.
Thing = list[Deadline]
Act = tuple[str, Hashable]


@dataclass
class WorkGroup:
    """Things to do at one time. ``page`` is the one it begins on; rows and blocks are those of the page shown."""

    key: str
    title: str
    note: str
    colour: str
    things: list[Thing]
    page: int = 1
    rows: list[WorkRow] = field(default_factory=list)
    blocks: list[WorkBlock] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.things)

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
    """One page of a person's work, and counts of all of it; ``kind`` is the only kind shown, if one was chosen."""

    today: datetime.date
    page: Page[Any]
    overdue: WorkGroup
    due_today: WorkGroup
    soon: WorkGroup
    later: WorkGroup
    waiting: WorkGroup
    days_ahead: list[DayAhead]
    notices: Sequence[NoticeLine]
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
                "url": self._way_to(group) if group.count else "",
            }
            for group in self.groups
        ]

    def _way_to(self, group: WorkGroup) -> str:
        if group.page == self.page.number:
            return f"#{group.key}"
        asked = {"kind": self.kind, "page": str(group.page)}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}#{group.key}"

    @property
    def family_ids(self) -> set[int]:
        """Return the families named on the page."""
        told = {line.family_id for line in self.notices if line.family_id is not None}
        return told | {row.family_id for group in self.groups for row in group.rows}

    @property
    def notices_text(self) -> str:
        """Return a sentence with the number of new notices."""
        return f"{words.count(len(self.notices) + self.more_notices, 'new notice')} for you"

    @property
    def shows_days_ahead(self) -> bool:
        """Return whether the next working days are on this page: with what is to do then, or else with meetings."""
        if self.soon.count or not any(ahead.meetings for ahead in self.days_ahead):
            return bool(self.soon.rows)
        return min(self.soon.page, self.page.paginator.num_pages) == self.page.number

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


def work_of(user: User, *, now: datetime.datetime, kind: str = "", page: str = "1") -> Work:
    """Return a page of a user's open deadlines in families they may see, grouped by time and then by family.

    Theirs are those they are responsible for. What they wait for is what others have to do soon, or should have
    done, in a case allocated to them or a conference in which they have a part. A valid ``kind`` limits it to
    the deadlines of that clock. Everything is counted; only what the page shows is put in words.
    """
    today = civil_day(now)
    own = visible_of(user, answered_for(user))
    others = _waited_for(user, own, today=today, now=now)
    acts = acts_of([*own, *others])
    mine, waiting = _by_act(own, acts), _by_act(others, acts)
    share(("late", user.pk), _count_late(mine, now))
    kinds = _kinds({**mine, **waiting})
    kind = kind if kind in {row.kind for row in kinds} else ""
    if kind:
        mine, waiting = ({act: rows for act, rows in every.items() if act[0] == kind} for every in (mine, waiting))
    open_rows = [row for thing in (*mine.values(), *waiting.values()) for row in thing]
    councils = {authority_id for held in user.current_roles if (authority_id := held.authority_id)}
    calendars = calendars_for(councils | {row.authority_id for row in open_rows})
    calendar = calendars[user.authority.pk] if user.authority else next(iter(calendars.values()), None)
    groups = _grouped([*mine.values()], [*waiting.values()], calendar, now=now)
    contexts = contexts_of(sorted({row.family_id for row in open_rows}), today=today)
    shown = _page_of(groups, page)
    named = {row.family_id for _, thing in shown for row in thing}
    builder = WorkBuilder(
        now=now,
        families=Family.objects.in_bulk(named),
        calendars=calendars,
        contexts=contexts,
        rows=[row for row in open_rows if row.family_id in named],
    )
    _put_in_words(builder, groups, shown)
    notices = notices_for(user)
    overdue, due_today, soon, later, waits = groups
    return Work(
        today=today,
        page=shown,
        overdue=overdue,
        due_today=due_today,
        soon=soon,
        later=later,
        waiting=waits,
        days_ahead=_days_ahead(soon, contexts, calendar, today) if calendar else [],
        notices=notices[:NOTICES_SHOWN],
        more_notices=max(len(notices) - NOTICES_SHOWN, 0),
        has_case_role=user.holds(*CASE_ROLES),
        kinds=kinds,
        kind=kind,
    )


def late_count(user: User, *, now: datetime.datetime) -> int:
    """Return how many of a user's things to do are late, as My work counts them; at most MOST_COUNTED."""

    def ask() -> int:
        rows = [Deadline.from_db(DEFAULT_DB_ALIAS, COLUMNS, row) for row in _late.rows(user)]
        return _count_late(_by_act(rows, acts_of(rows)), now)

    return once_per_request(("late", user.pk), ask) if user.is_active else 0


def _by_act(rows: Iterable[Deadline], acts: Mapping[int, Act]) -> dict[Act, Thing]:
    """Return deadlines by the act that settles them, in the order of the first of each."""
    found: dict[Act, Thing] = defaultdict(list)
    for row in rows:
        found[acts[row.pk]].append(row)
    return found


def _count_late(things: Mapping[Act, Thing], now: datetime.datetime) -> int:
    return min(sum(first.late_from <= now for first, *_ in things.values()), MOST_COUNTED)


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


def _kinds(things: Iterable[Act]) -> list[KindOfWork]:
    """Return the kinds present, most frequent first; siblings' deadlines settled by one act count once."""
    acts = Counter(kind for kind, _ in things)
    return [
        KindOfWork(kind=kind, title=title_of(kind), count=count)
        for kind, count in sorted(acts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _grouped(
    mine: list[Thing], waiting: list[Thing], calendar: WorkingCalendar | None, *, now: datetime.datetime
) -> list[WorkGroup]:
    today = civil_day(now)
    horizon = calendar.add(today, DAYS_AHEAD) if calendar else today
    late_first = sorted(mine, key=lambda thing: (thing[0].late_from, thing[0].pk))
    overdue = [thing for thing in late_first if now >= thing[0].late_from]
    running = [thing for thing in mine if now < thing[0].late_from]
    due_today = [thing for thing in running if thing[0].plan_for_on <= today]
    soon = [thing for thing in running if today < thing[0].plan_for_on <= horizon]
    later = [thing for thing in running if thing[0].plan_for_on > horizon]
    next_day = calendar.add(today, 1) if calendar else today
    span = f"{words.short_date(next_day, today=today)} to {words.short_date(horizon, today=today)}"
    return [
        WorkGroup("overdue", "Overdue", "", "red", overdue),
        WorkGroup("today", "Today", words.long_date(today), "yellow", due_today),
        WorkGroup("soon", f"Next {DAYS_AHEAD} working days", span, "", soon),
        WorkGroup("later", "Later", "", "", later),
        WorkGroup("waiting", "Waiting for others", "", "purple", waiting),
    ]


def _page_of(groups: list[WorkGroup], number: str) -> Page[tuple[WorkGroup, Thing]]:
    """Return a page of the things of all groups, one group after another, having noted where each begins."""
    before = accumulate((group.count for group in groups), initial=0)
    for group, place in zip(groups, before, strict=False):
        group.page = place // PAGE_SIZE + 1
    return Paginator([(group, thing) for group in groups for thing in group.things], PAGE_SIZE).get_page(number)


def _put_in_words(builder: WorkBuilder, groups: list[WorkGroup], shown: Page[tuple[WorkGroup, Thing]]) -> None:
    for group in groups:
        group.rows = builder.work_rows(row for found, thing in shown if found is group for row in thing)
    for group in groups[:3]:
        group.blocks = builder.blocks(group.rows, group.colour)
    if groups[0].rows:
        groups[0].blocks[0].rows[0].primary = True


def _days_ahead(
    soon: WorkGroup, contexts: dict[int, CaseContext], calendar: WorkingCalendar, today: datetime.date
) -> list[DayAhead]:
    days = [calendar.add(today, n) for n in range(1, DAYS_AHEAD + 1)]
    meetings = sorted(context.meets_at.astimezone(LONDON) for context in contexts.values() if context.meets_at)
    due = Counter(first.plan_for_on for first, *_ in soon.things)
    return [
        DayAhead(day=day, count=due[day], meetings=[moment for moment in meetings if moment.date() == day])
        for day in days
    ]
