"""Every deadline and event of a family on one timeline."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from charts import LineBar, LineEvent, line_of_time
from deadlines.access import visible_deadlines
from deadlines.enums import State
from deadlines.models import Deadline
from deadlines.selectors.rows import act_of, title_of
from deadlines.timeline import CaseEvent, events_of
from deadlines.working_days.arithmetic import LONDON, civil_day
from families.models import Allocation, Child, Enquiry, Family, StrategyDiscussion, TransferIn
from govuk import words

AROUND = datetime.timedelta(weeks=8)
MOST_BARS = 20
MOST_DRAWN = datetime.timedelta(days=400)
BAR_STATES = {State.MET: "done", State.MET_LATE: "done", State.LATE: "late", State.NOT_NEEDED: "stopped"}


@dataclass(frozen=True)
class TimelineItem:
    """One entry of the list: ``state`` is late, planned or done (""), as the list draws it."""

    day: datetime.date
    title: str
    when_text: str
    text: str
    state: str
    url: str


@dataclass(frozen=True)
class Timeline:
    """The visible window: upcoming entries, soonest first, past ones, newest first, and both as a picture."""

    first: datetime.date
    last: datetime.date
    today: datetime.date
    before: list[TimelineItem]
    after: list[TimelineItem]
    picture: SafeString | str
    is_whole: bool
    hidden: int

    @property
    def is_empty(self) -> bool:
        return not (self.before or self.after or self.hidden)


def timeline_of(family: Family, *, user: User, now: datetime.datetime, whole: bool = False) -> Timeline:
    """Return what happened, what is running and what is booked, around today or (``whole``) from start to end."""
    today = civil_day(now)
    rows = _acts(list(visible_deadlines(user).filter(family_id=family.pk).order_by("due_on", "pk")))
    events = [*own_events(family), *events_of(user, family)]
    names = _names(rows)
    items = [_of_event(event, today) for event in events]
    items += [_of_deadline(found, names, now=now) for found in rows]
    items.sort(key=lambda item: item.day)
    first, last = today - AROUND, today + AROUND
    if whole and items:
        first, last = min(items[0].day, today), max(items[-1].day, today)
    shown = [item for item in items if first <= item.day <= last]
    return Timeline(
        first=first,
        last=last,
        today=today,
        before=[item for item in reversed(shown) if item.day <= today],
        after=[item for item in shown if item.day > today],
        picture=_picture(rows, events, first, last, now=now) if shown else "",
        is_whole=whole,
        hidden=len(items) - len(shown),
    )


def own_events(family: Family) -> list[CaseEvent]:
    """Return events from the lower apps: the case, its allocations, strategy discussions and births."""
    page = reverse("families:family", args=[family.pk])
    found = [CaseEvent(family.created_at, "The case was opened", page)]
    if family.closed_on:
        found.append(CaseEvent(family.closed_on, "The case was closed", page))
    holders = Allocation.objects.filter(family=family, starts_on__isnull=False).select_related("user")
    found += [CaseEvent(held.starts_on, f"{held.user.name} took the case", page) for held in holders if held.starts_on]
    unsealed = Enquiry.objects.filter(discussion=OuterRef("pk"), child__person__sealed_at__isnull=True)
    discussions = StrategyDiscussion.objects.filter(family=family).filter(Exists(unsealed))
    found += [CaseEvent(row.held_at, "Strategy discussion", page, is_meeting=True) for row in discussions]
    moved = TransferIn.objects.filter(family=family, child__person__sealed_at__isnull=True)
    found += [
        CaseEvent(row.notified_on, f"Told that {row.child.person.short_name} moved here with a plan", page)
        for row in moved.select_related("child__person")
    ]
    born = Child.objects.filter(
        person__memberships__family=family,
        person__sealed_at__isnull=True,
        pregnancy__isnull=False,
        person__birth_date__isnull=False,
    ).select_related("person")
    found += [
        CaseEvent(child.person.birth_date, f"{child.person.short_name} was born", page)
        for child in born.distinct()
        if child.person.birth_date
    ]
    return found


Act = tuple[Deadline, tuple[int, ...]]


def _acts(rows: list[Deadline]) -> list[Act]:
    """Return one deadline for each thing to do, with the children it is about."""
    found: dict[Hashable, tuple[Deadline, list[int]]] = {}
    for row in rows:
        met_on = civil_day(row.met_at) if row.met_at else None
        key = (act_of(row), row.starts_on, met_on, row.not_needed)
        _, children = found.setdefault(key, (row, []))
        if row.child_id is not None:
            children.append(row.child_id)
    return [(row, tuple(dict.fromkeys(children))) for row, children in found.values()]


def _names(rows: list[Act]) -> dict[int, str]:
    children = Child.objects.filter(pk__in={pk for _, about in rows for pk in about})
    return {child.pk: child.person.short_name for child in children.select_related("person")}


def _of_event(event: CaseEvent, today: datetime.date) -> TimelineItem:
    day = civil_day(event.at)
    when = words.short_date(day, today=today)
    if isinstance(event.at, datetime.datetime):
        when += f", {words.clock(event.at)}"
    return TimelineItem(
        day=day, title=event.title, when_text=when, text="", state="planned" if day > today else "", url=event.url
    )


def _of_deadline(act: Act, names: dict[int, str], *, now: datetime.datetime) -> TimelineItem:
    row, about = act
    today = civil_day(now)
    state = row.state(now)
    title = f"{title_of(row.kind)}: {row.what}" if row.what else title_of(row.kind)
    due = words.short_date(row.due_on, today=today)
    started = words.short_date(row.starts_on, today=today)
    day, text = row.due_on, f"Last day of the limit, which runs from {started}"
    if state in (State.MET, State.MET_LATE) and row.met_at:
        day, text = civil_day(row.met_at), f"{state.label}. The last day was {due}"
    elif state == State.NOT_NEEDED:
        text = f"{row.not_needed} The last day would have been {due}"
    elif state == State.LATE:
        text = f"Late: the last day was {due}"
    children = words.listed([names[pk] for pk in about if pk in names])
    return TimelineItem(
        day=day,
        title=f"{title} ({children})" if children else title,
        when_text=words.short_date(day, today=today),
        text=text,
        state={State.LATE: "late"}.get(state, "" if not row.is_open else "planned"),
        url=reverse("deadlines:deadline", args=[row.pk]),
    )


def _picture(
    rows: list[Act], events: list[CaseEvent], first: datetime.date, last: datetime.date, *, now: datetime.datetime
) -> SafeString | str:
    if last - first > MOST_DRAWN:
        return ""
    alike: Counter[LineBar] = Counter()
    for row, _ in rows:
        state = row.state(now)
        start, end = sorted((row.starts_on, row.due_on))
        if state == State.NOT_NEEDED or end < first or start > last:
            continue
        bar = LineBar(
            label=title_of(row.kind),
            start=start,
            end=end,
            done_on=civil_day(row.met_at) if row.met_at else None,
            state=BAR_STATES.get(state, "open"),
            backwards=row.due_on < row.starts_on,
        )
        alike[bar] += 1
    bars = [replace(bar, label=f"{bar.label} ({number})") if number > 1 else bar for bar, number in alike.items()]
    # Open deadlines matter most for the days ahead; of the rest, the newest.
    bars.sort(key=lambda bar: (bar.state == "done", -bar.end.toordinal()))
    chosen = sorted(bars[:MOST_BARS], key=lambda bar: (bar.start, bar.end))
    marks = [
        LineEvent(label=event.title, day=civil_day(event.at), strong=event.is_meeting)
        for event in events
        if first <= civil_day(event.at) <= last
    ]
    return line_of_time(
        chosen,
        sorted(marks, key=lambda mark: mark.day),
        first=first,
        last=last,
        today=now.astimezone(LONDON).date(),
        left_out=len(bars) - len(chosen),
    )
