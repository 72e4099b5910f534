"""The events of a case from all sources: found by one statement, put into words a page at a time."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import CharField, F, QuerySet, Value

from accounts.audit.selectors import midnight
from deadlines.working_days.arithmetic import LONDON
from entitlement import Concealed
from families.chronology import CaseScope, EventKind, Source, Told, event_sources
from families.models import Child
from families.selectors.open_words import NAMES_A_PLACE
from govuk.words import clock, listed, short_date

# One key of a found event: when, of which source, and the id of its row.
Found = tuple[datetime.datetime, str, int]
NO_DAY = "No day recorded"
MOST_UNDATED = 100


@dataclass(frozen=True)
class Chosen:
    """What was chosen on the page; both days inclusive, in London."""

    child: Child | None = None
    kind: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None


@dataclass(frozen=True)
class Event:
    at: datetime.datetime
    source: Source
    told: Told
    title: str
    when: str
    is_to_come: bool

    @property
    def kind(self) -> str:
        return str(self.source.kind.label)

    @property
    def day(self) -> datetime.date:
        return self.at.astimezone(LONDON).date()


def found_events(scope: CaseScope, chosen: Chosen, *, newest_first: bool = True) -> QuerySet[Any, Any]:
    """Return the keys of all chosen events in order, as one statement; ``in_words`` says what they are.

    A child's are those about the child and those about all the children; the case's own are about everyone.
    """
    first, *others = [_keys(source, scope, chosen) for source in event_sources if chosen.kind in {"", source.kind}]
    rows: QuerySet[Any, Any] = first.union(*others, all=True) if others else first
    order = ("-event_at", "event_of", "-event_id") if newest_first else ("event_at", "event_of", "event_id")
    return rows.order_by(*order)


def kinds_given() -> list[tuple[str, str]]:
    """Return the kinds of which some app gives events, as choices."""
    given = {source.kind for source in event_sources}
    return [(kind.value, str(kind.label)) for kind in EventKind if kind in given]


def undated_events(scope: CaseScope, chosen: Chosen, *, now: datetime.datetime) -> list[Event]:
    """Return what stands without a day, for pages: a tie or a home that nobody dated. Two queries for each source.

    None where a span of time was chosen; that it goes until today is no choice.
    """
    if chosen.since or (chosen.until and chosen.until < scope.on):
        return []
    return [
        Event(
            at=now, source=source, told=told, title=title_for(told, scope, told.children), when=NO_DAY, is_to_come=False
        )
        for source in event_sources
        if source.undated is not None and chosen.kind in {"", source.kind}
        for told in _undated(source, source.undated(scope), scope, chosen)
    ]


def _undated(source: Source, rows: QuerySet[Any], scope: CaseScope, chosen: Chosen) -> list[Told]:
    if chosen.child is not None and source.of_children is not None:
        about = rows.model._default_manager.filter(source.of_children(frozenset({chosen.child.pk})))
        rows = rows.filter(pk__in=about.order_by().values("pk"))
    if source.with_rows:
        rows = rows.select_related(*source.with_rows)
    found = rows.prefetch_related(*source.with_lists).order_by("pk")[:MOST_UNDATED]
    return [source.told(row, scope) for row in found]


def _keys(source: Source, scope: CaseScope, chosen: Chosen) -> QuerySet[Any, Any]:
    rows = source.rows(scope).order_by()
    if chosen.child is not None and source.of_children is not None:
        about = rows.model._default_manager.filter(source.of_children(frozenset({chosen.child.pk})))
        rows = rows.filter(pk__in=about.order_by().values("pk"))
    rows = rows.annotate(event_at=source.at)
    if chosen.since:
        rows = rows.filter(event_at__gte=midnight(chosen.since))
    if chosen.until:
        rows = rows.filter(event_at__lt=midnight(chosen.until + datetime.timedelta(days=1)))
    keys: QuerySet[Any, Any] = rows.annotate(
        event_of=Value(source.key, output_field=CharField()), event_id=F("pk")
    ).values_list("event_at", "event_of", "event_id")
    return keys


def in_words(found: Iterable[Found], scope: CaseScope, *, now: datetime.datetime) -> list[Event]:
    """Return the found events in words, in their order: one query for each source among them, and its lists."""
    found = list(found)
    wanted: dict[str, list[int]] = defaultdict(list)
    for _, key, pk in found:
        wanted[key].append(pk)
    sources = {source.key: source for source in event_sources if source.key in wanted}
    rows = {key: _rows(source, wanted[key], scope) for key, source in sources.items()}
    return [
        _event(at, sources[key], sources[key].told(rows[key][pk], scope), scope, now)
        for at, key, pk in found
        if pk in rows[key]
    ]


def _rows(source: Source, ids: list[int], scope: CaseScope) -> dict[int, Any]:
    rows = source.rows(scope).filter(pk__in=ids)
    if source.with_rows:
        rows = rows.select_related(*source.with_rows)
    return {row.pk: row for row in rows.prefetch_related(*source.with_lists)}


def _event(at: datetime.datetime, source: Source, told: Told, scope: CaseScope, now: datetime.datetime) -> Event:
    return Event(
        at=at,
        source=source,
        told=told,
        title=title_for(told, scope, told.children),
        when=_when(at, source, now),
        is_to_come=at > now,
    )


def title_for(told: Told, scope: CaseScope, children: Iterable[int]) -> str:
    """Return the title with the names of those of its children that the reader may read about."""
    names = listed(scope.called(frozenset(children) & told.children)) if told.lists_children else ""
    return f"{told.title}: {names}" if names else told.title


def _when(at: datetime.datetime, source: Source, now: datetime.datetime) -> str:
    local = at.astimezone(LONDON)
    day = short_date(local.date(), today=now.astimezone(LONDON).date())
    return day if source.whole_day else f"{day}, {clock(local)}"


def without_whereabouts(events: Iterable[Event], scope: CaseScope) -> list[Event]:
    """Return the events as pages show them: what somebody typed that names something confidential is left out."""
    concealed = Concealed(words=scope.hidden.words, council=scope.family.authority.name)
    return [_open_words(event, concealed) for event in events]


def _open_words(event: Event, concealed: Concealed) -> Event:
    told, title = event.told, event.title
    if concealed.is_in(told.detail):
        told = replace(told, detail=NAMES_A_PLACE)
    if concealed.is_in(title):
        title = f"{event.kind}, confidential"
    return replace(event, told=told, title=title)
